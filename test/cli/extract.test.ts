/** `sotto extract` as a program calls it, with the bundled model: what it prints, how it is stopped and gone on with. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';
import { LAUNCHER, type Printed } from './chat-terminal.ts';

const SCHEMA = { type: 'object', properties: { total: { type: 'number' } }, 'x-checks': ['total > 0'] };
const LETTERS = Object.fromEntries(
  Array.from({ length: 4 }, (_, at) => [
    `inbox/${at + 1}.txt`,
    `Invoice ${at + 1}\nTotal: ${at + 10}.50 EUR\n`,
  ]),
);
const ARGS = ['workspace/inbox', '--schema', 's.json', '--out', 'table.json'];

async function createFolder(files: Readonly<Record<string, string>> = LETTERS) {
  const { folder } = await createTempProject(files);
  await writeFile(join(folder, 's.json'), JSON.stringify(SCHEMA));
  return folder;
}

type Options = {
  /** Called with what was printed so far, each time that there is more. */
  readonly onOutput?: (printed: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Closes stdout after its first bytes, as `| head` does. */
  readonly isHeadOnly?: boolean;
};

function sotto(
  folder: string,
  args: readonly string[],
  { onOutput, isHeadOnly }: Options = {},
): Promise<Printed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, 'extract', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    const take = (stream: 'out' | 'err') => (chunk: Buffer) => {
      printed[stream] += chunk;
      onOutput?.(printed.out + printed.err, (signal) => child.kill(signal));
      if (isHeadOnly && stream === 'out') child.stdout.destroy();
    };
    child.stdout.on('data', take('out'));
    child.stderr.on('data', take('err'));
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...printed }));
  });
}

const tableOf = async (folder: string) => {
  const table = JSON.parse(await readFile(join(folder, 'table.json'), 'utf8'));
  // What it cost is another one where a run was stopped.
  return JSON.stringify(table, (key, value) => (key === 'usage' || key === 'jobId' ? undefined : value));
};

let whole: Promise<string> | undefined;
/** The table of a job that nobody stopped: made once for all tests. */
const wholeTable = (): Promise<string> => {
  whole ??= createFolder().then(async (folder) => {
    expect((await sotto(folder, ARGS)).code).toBe(0);
    return tableOf(folder);
  });
  return whole;
};

const eventsOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Kills once, after so many documents. */
function killAfter(documents: number, signal: NodeJS.Signals): Options {
  let isKilled = false;
  return {
    onOutput: (printed, kill) => {
      if (isKilled || (printed.match(/\.txt: \d+ value/g) ?? []).length < documents) return;
      isKilled = true;
      kill(signal);
    },
  };
}

describe('a job', () => {
  test('has a line for each document, a summary, and what was written', async () => {
    const folder = await createFolder({
      'inbox/a.txt': 'Total: 5.00',
      'inbox/b.pdf': '',
      'inbox/c\u001b.txt': 'x',
    });
    const { code, out, err } = await sotto(folder, ARGS);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^workspace\/inbox\/a\.txt: \d values?/m);
    expect(err).toMatch(/^workspace\/inbox\/b\.pdf: .*empty.*\.$/m);
    expect(err).toContain('workspace/inbox/c\\x1b.txt: ');
    expect(err).toMatch(/^3 documents: 2 done, 1 failed\. \d values? verified/m);
    expect(err).toContain('Written: table.json\n');
    expect(err).toContain('The same command again tries what failed once more.');
    expect(err).toContain('This is the small model that comes with Sotto');
  });

  test('as lines of JSON says which seal held, and ends with its counts', async () => {
    const folder = await createFolder({ 'inbox/a.txt': 'Total: 5.00' });
    const { code, out, err } = await sotto(folder, [...ARGS, '--json']);
    const events = eventsOf(out);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(events[0]).toMatchObject({ type: 'job-start', total: 1, known: 0, seal: 'node-permission' });
    expect(events.map(({ type }) => type)).toContain('document-end');
    expect(events.at(-1)).toMatchObject({
      type: 'job-end',
      done: 1,
      failed: 0,
      left: 0,
      written: ['table.json'],
    });
  });

  test('goes on where nobody reads its events any more', async () => {
    const folder = await createFolder({ 'inbox/a.txt': 'Total: 5.00' });
    const { code, err } = await sotto(folder, [...ARGS, '--json'], { isHeadOnly: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(await tableOf(folder))).toMatchObject({ rows: [{}] });
  });
});

describe('a plain folder', () => {
  const schema = {
    type: 'object',
    properties: {
      total: { type: 'number' },
      items: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    },
  };
  const documentsOf = (events: ReturnType<typeof eventsOf>) =>
    events
      .filter(({ type }) => type === 'document-end' || type === 'document-failed')
      .map(({ row, failure }) => (row ?? failure).file)
      .toSorted();

  test('has its table, its report and its schema in it, which are no documents', async () => {
    const { folder } = await createTempProject();
    const plain = join(folder, 'workspace/inbox');
    await mkdir(plain, { recursive: true });
    await writeFile(join(plain, 'a.txt'), 'Total: 5.00');
    await writeFile(join(plain, 't.march.csv'), 'Total\n7.00');
    await writeFile(join(plain, 's.json'), JSON.stringify(schema));
    const args = ['.', '--schema', 's.json', '--out', 't.csv', '--report', 'r.html'];
    const first = await sotto(plain, args);
    expect(first.code).toBe(0);
    expect(first.err).toContain("1 file of the job's own is left out: s.json.\n");
    expect(first.err).toMatch(/^2 documents: 2 done\./m);
    expect((await readdir(plain)).filter((name) => !name.startsWith('.'))).toEqual([
      'a.txt',
      'r.html',
      's.json',
      't.csv',
      't.evidence.csv',
      't.items.csv',
      't.march.csv',
      't.pages.csv',
    ]);
    await writeFile(join(plain, 'b.txt'), 'Total: 6.00');
    const events = eventsOf((await sotto(plain, [...args, '--json'])).out);
    expect(events).toContainEqual({
      type: 'notice',
      sentence: expect.stringMatching(
        /^6 files of the job's own are left out: .*s\.json, t\.csv, t\.evidence\.csv/,
      ),
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'job-start', total: 3, known: 2 }));
    expect(documentsOf(events)).toEqual(['a.txt', 'b.txt', 't.march.csv']);
  });

  test('keeps its schema left out where a job is gone on with', async () => {
    const { folder } = await createTempProject(LETTERS);
    const plain = join(folder, 'workspace/inbox');
    await writeFile(join(plain, 's.json'), JSON.stringify(SCHEMA));
    const begun = await sotto(plain, ['.', '--schema', 's.json', '--out', 't.csv'], killAfter(1, 'SIGINT'));
    expect(begun.code).toBe(130);
    const resumed = await sotto(plain, ['--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toMatch(/^4 documents: 4 done/m);
  });
});

describe('a job that is stopped', () => {
  test.each([
    ['once, finishes what is in hand and writes the table', 'SIGINT', 130],
    ['at once, keeps what is done', 'SIGTERM', 130],
    ['by kill -9, keeps what is done', 'SIGKILL', null],
  ] as const)('%s; resumed it gives the same table', async (_, signal, expected) => {
    const folder = await createFolder();
    const { code, err } = await sotto(folder, ARGS, killAfter(1, signal));
    expect(code).toBe(expected);
    if (signal === 'SIGINT') {
      expect(err).toContain('Finishing what is in hand; Ctrl-C again stops at once.');
      expect(err).toMatch(/^4 documents: [1-3] done, [1-3] not looked at\./m);
    } else expect(await readdir(folder)).not.toContain('table.json');
    if (signal !== 'SIGKILL') expect(err).toContain('sotto extract --resume');
    const jobs = await sotto(folder, ['jobs', '--json']);
    expect(JSON.parse(jobs.out)).toMatchObject({ isFinished: false, total: 4 });
    const resumed = await sotto(folder, ['--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toMatch(/^4 documents: 4 done \([1-3] known from before\)\./m);
    expect(await tableOf(folder)).toBe(await wholeTable());
  });
});

describe('jobs', () => {
  test('are listed, shown and forgotten; those that are finished are not gone on with', async () => {
    const folder = await createFolder({ 'inbox/a.txt': 'Total: 5.00' });
    expect((await sotto(folder, ['jobs'])).err).toBe('There are no jobs yet.\n');
    await sotto(folder, ARGS);
    const listed = await sotto(folder, ['jobs']);
    const [, id = ''] = /^([0-9a-f]{12}) .* finished {2}workspace\/inbox$/m.exec(listed.out) ?? [];
    expect(id).toHaveLength(12);
    const resumed = await sotto(folder, ['--resume']);
    expect(resumed).toMatchObject({ code: 1, err: expect.stringContaining('There is no job to go on with') });
    const shown = await sotto(folder, ['jobs', 'show', id.slice(0, 5)]);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('workspace/inbox/a.txt: ') });
    expect((await sotto(folder, ['jobs', 'show'])).out).toBe(shown.out);
    const forgotten = await sotto(folder, ['jobs', 'forget', id, '--json']);
    expect(JSON.parse(forgotten.out)).toEqual({ forgotten: id });
    expect((await sotto(folder, ['jobs', 'show', id])).err).toContain('There are no jobs yet');
  });

  test('do not stand in the way of a folder of their name', async () => {
    const { folder } = await createTempProject();
    await mkdir(join(folder, 'jobs'));
    const { code, err } = await sotto(folder, ['jobs', '--schema', 's.json', '--out', 't.csv']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("Unknown option '--schema'") });
    const named = await sotto(folder, ['./jobs', '--schema', 's.json', '--out', 't.csv']);
    expect(named).toMatchObject({ code: 1, err: expect.stringContaining('s.json does not exist') });
  });
});
