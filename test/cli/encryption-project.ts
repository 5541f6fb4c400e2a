/** A project with a canary in everything that a user, a document or a file name says, and programs that are watched. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';
import { makeLockedPdf } from './read-locked-pdf.ts';

export const LAUNCHER = resolve('bin/sotto.js');
export const TASK = 'Find the total of every file in invoices and save it to out/totals.json.';

const canary = (kind: string, number: number) => `canary${kind}${number}q7x`;
const several = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => canary(kind, index + 1));

export const CANARIES = {
  documents: several('doc', 6),
  names: several('name', 2),
  prompts: several('prompt', 3),
  schema: several('schema', 1),
  facts: several('fact', 3),
  typed: several('typed', 2),
  errors: several('error', 1),
  passphrase: [canary('pass', 1)],
  password: [canary('word', 1)],
};
export const ALL_CANARIES = Object.values(CANARIES).flat();
export const [PASSPHRASE = ''] = CANARIES.passphrase;
const [PASSWORD = ''] = CANARIES.password;

export type Project = { readonly folder: string; readonly home: string; readonly temp: string };

export async function createCanaries(config: object): Promise<Project> {
  const [one, two, three, four, five, six] = CANARIES.documents;
  const [name, bad] = CANARIES.names;
  const [title] = CANARIES.schema;
  const schema = { title, type: 'object', properties: { total: { type: 'number' } } };
  const { folder, home } = await createTempProject({
    'invoices/energy.txt': `Energy for ${one}\nTotal due: 228.83 EUR\n`,
    'invoices/school.txt': `School of ${two}\nTotal due: 740.00 EUR\n`,
    'invoices/water.txt': `Water for ${three}\nTotal due: 145.43 EUR\n`,
    'inbox/a.txt': `Invoice of ${four}\nTotal: 10.50 EUR\n`,
    [`inbox/${name}.txt`]: `Invoice of ${five}\nTotal: 11.50 EUR\n`,
    [`inbox/${bad}.pdf`]: '',
  });
  const temp = join(folder, 'temp');
  await mkdir(temp);
  await writeFile(join(folder, 'locked.pdf'), makeLockedPdf(six ?? '', PASSWORD));
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  await writeFile(join(folder, 's.json'), JSON.stringify(schema));
  await writeFile(join(folder, 'agents.config.ts'), `export default ${JSON.stringify(config)};\n`);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return { folder, home, temp };
}

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** The arguments and environments of all processes that there were. */
  readonly processes: ReadonlySet<string>;
};
type Given = {
  readonly input?: string;
  /** Through the open file 3. */
  readonly passphrases?: readonly string[];
  /** What is on stderr when it is killed. */
  readonly killAt?: string;
};

export function sotto({ folder, temp }: Project, args: readonly string[], given: Given = {}): Promise<Ended> {
  const { input, passphrases, killAt } = given;
  const withFd = passphrases ? ['--passphrase-fd', '3'] : [];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args, ...withFd], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temp },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [stdin, stdout, stderr, third] = child.stdio as unknown as [
      NodeJS.WritableStream,
      NodeJS.ReadableStream,
      NodeJS.ReadableStream,
      NodeJS.WritableStream,
    ];
    const processes = new Set<string>();
    const timer = setInterval(() => watch(child.pid ?? 0, processes), 20);
    const printed = { out: '', err: '' };
    stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    stderr.on('data', (chunk) => {
      printed.err += chunk;
      if (killAt === undefined || !printed.err.includes(killAt)) return;
      for (const pid of [child.pid ?? 0, ...childrenOf(child.pid ?? 0)]) kill(pid);
    });
    for (const stream of [stdin, third]) stream.on('error', () => {});
    stdin.end(input ?? '');
    third.end((passphrases ?? []).map((line) => `${line}\n`).join(''));
    child.once('error', fail);
    child.once('close', (code, signal) => {
      clearInterval(timer);
      done({ code, signal, ...printed, processes });
    });
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function watch(pid: number, into: Set<string>): void {
  for (const one of [pid, ...childrenOf(pid)]) {
    for (const file of ['cmdline', 'environ']) {
      const text = readOrNothing(`/proc/${one}/${file}`).toString();
      if (text !== '') into.add(text);
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  const children = tasksOf(pid)
    .flatMap((task) => readOrNothing(`/proc/${pid}/task/${task}/children`).toString().split(' '))
    .filter(Boolean)
    .map(Number);
  return [...children, ...children.flatMap(childrenOf)];
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The canaries that are in the files or the names of a folder. */
export function canariesIn(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? readFileSync(path) : Buffer.alloc(0);
    return ALL_CANARIES.filter((word) => path.includes(word) || content.includes(word));
  });
  return new Set(found);
}
