import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';

const run = promisify(execFile);
const LAUNCHER = resolve('bin/sotto.js');
type Printed = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs the command as a user does, in a folder without a config: the built-in agents, the bundled model. */
function sotto(
  folder: string,
  args: readonly string[],
  onSpawn?: (kill: (signal: NodeJS.Signals) => void, err: () => string) => void,
): Promise<Printed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err }));
    onSpawn?.(
      (signal) => child.kill(signal),
      () => err,
    );
  });
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u{e0000}-\u{e007f}]/u;

describe('sotto run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-cli-'));
    await cp(resolve('workspace/letters'), join(folder, 'workspace/letters'), { recursive: true });
    await cp(resolve('workspace/invoices'), join(folder, 'workspace/invoices'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('answers on stdout, shows its work on stderr, and says what the bundled model is', async () => {
    const { code, out, err } = await sotto(folder, [
      'run',
      'clerk',
      'What is the dose in letters/clinic.txt?',
    ]);
    expect({ code, out }).toEqual({ code: 0, out: 'The dose is 5 mg.\n' });
    expect(err).toMatch(/step 1\n.*I will read letters\/clinic\.txt/s);
    expect(err).toContain('> read_file path=letters/clinic.txt');
    expect(err).toMatch(/small model that comes with Sotto.*--model FILE\.gguf/s);
  });

  test('prints events as JSON lines, the seal in the first', async () => {
    const { code, out } = await sotto(folder, [
      'run',
      'clerk',
      'What is the dose in letters/clinic.txt?',
      '--json',
      '--thread',
      'mine',
    ]);
    expect(code).toBe(0);
    const events = jsonLines(out);
    expect(events[0]).toMatchObject({ type: 'run-start', seal: 'node-permission', threadId: 'mine' });
    expect(events.at(-1)).toMatchObject({ type: 'run-end', stopReason: 'done' });
  });

  test('ends with code 3 where a write needs approval and nobody is there, and writes nothing', async () => {
    const { code, err } = await sotto(folder, [
      'run',
      'clerk',
      'Save the text "lamp" in house.txt.',
      '--thinking',
      'off',
    ]);
    expect(code).toBe(3);
    expect(err).toContain('--approve');
    await expect(readFile(join(folder, 'workspace/house.txt'))).rejects.toThrow();
  });

  test('lets nothing that a document holds reach the terminal raw', async () => {
    const project = await createTempProject({
      'letters/clinic.txt': 'Letter\nDose: 5 mg\n\u001b]0;owned\u0007\u009b31m\u202e\u200b\u{e0041}\n',
    });
    const task = 'What is the dose in letters/clinic.txt?';
    const plain = await sotto(project.folder, ['run', 'clerk', task]);
    expect(plain.err).toContain('\\x1b]0;owned\\x07\\x9b');
    const json = await sotto(project.folder, ['run', 'clerk', task, '--json']);
    const shown = await sotto(project.folder, ['runs', 'show', jsonLines(json.out)[0].runId]);
    const threads = await sotto(project.folder, ['threads', 'show', jsonLines(json.out)[0].threadId]);
    for (const { out, err } of [plain, json, shown, threads]) {
      expect(out).not.toMatch(RAW_CONTROL);
      expect(err).not.toMatch(RAW_CONTROL);
    }
    const read = jsonLines(json.out).find(({ type }) => type === 'tool-call-end');
    expect(read.result.content[0].text).toContain('\u001b]0;owned\u0007');
  });

  test('stops at Ctrl-C with code 130 and a journal that is whole', async () => {
    let stopped = false;
    const { code, err } = await sotto(
      folder,
      [
        'run',
        'clerk',
        'Find the total of every file in invoices and save it to out/totals.json.',
        '--thread',
        'stopped',
      ],
      (kill, printed) => {
        const timer = setInterval(() => {
          if (stopped || !printed().includes('step 2')) return;
          stopped = true;
          clearInterval(timer);
          kill('SIGINT');
        }, 2);
      },
    );
    expect(stopped).toBe(true);
    expect(code).toBe(130);
    expect(err).toContain('interrupted');
    const { out } = await sotto(folder, ['threads', 'show', 'stopped', '--json']);
    expect(jsonLines(out)[0].messages[0].role).toBe('user');
  });

  test('goes on when nobody reads its progress, and stops when nobody reads its answer', async () => {
    const launch = `node ${JSON.stringify(LAUNCHER)} run clerk`;
    const inBash = (script: string) => run('bash', ['-c', script], { cwd: folder });
    const deaf = await inBash(`${launch} 'What is the dose in letters/clinic.txt?' 2> >(head -1 >/dev/null)`);
    expect(deaf.stdout).toBe('The dose is 5 mg.\n');
    const task = 'Find the total of every file in invoices and save it to out/totals.json.';
    const cut = inBash(`${launch} '${task}' --json | head -1; exit \${PIPESTATUS[0]}`);
    await expect(cut).rejects.toMatchObject({ code: 130 });
  });

  test('says what a damaged journal lost, goes on with its thread, and deletes all of it when asked', async () => {
    const project = await createTempProject({ 'a.txt': 'x' });
    const first = await sotto(project.folder, [
      'run',
      'clerk',
      'What can you do?',
      '--thread',
      'mine',
      '--json',
    ]);
    const journal = join(project.home, 'runs', `${jsonLines(first.out)[0].runId}.jsonl`);
    await writeFile(journal, (await readFile(journal, 'utf8')).replace('"seq":2', '"seq":9'));
    const second = await sotto(project.folder, ['run', 'clerk', 'And?', '--thread', 'mine']);
    expect(second).toMatchObject({
      code: 0,
      err: expect.stringMatching(/was damaged in line 2.*what came after is lost.*is kept as/s),
    });
    expect((await sotto(project.folder, ['threads', 'delete', 'mine'])).code).toBe(0);
    expect(await readdir(join(project.home, 'runs'))).toEqual([]);
  });

  test.each([
    [['run'], 2, /takes an agent and a task/],
    [['run', 'clerk', '  '], 2, /takes an agent and a task/],
    [['run', 'clerk', 'a', 'b'], 2, /in quotes/],
    [['run', 'nobody', 'x'], 1, /There is no agent "nobody"\. The agents are: clerk/],
    [['run', 'clerk', 'x', '--model', 'none.gguf'], 1, /none\.gguf/],
    [['run', 'clerk', 'x', '--workspace', 'nowhere'], 1, /nowhere/],
    [['run', 'clerk', 'x', '--thinking', 'maybe'], 2, /on, off or a number/],
    [['run', 'clerk', 'x', '--thread', '../x'], 2, /thread's name/],
    [['run', 'clerk', 'x', '--nope'], 2, /--nope/],
    [['run', 'clerk', 'x', '--approve', 'fly'], 2, /names "fly", which clerk does not have/],
    [['run', 'clerk', 'x', '--workspace', 'line\nbreak'], 1, /line\\x0abreak/],
    [['threads', 'fly'], 2, /knows .*show.*export.*delete/],
    [['run', 'clerk', 'x', '--config', 'none.ts'], 1, /There is no config file/],
    [['fly'], 2, /There is no command "fly"/],
    [['constructor'], 2, /There is no command/],
    [['runs', 'show', 'none'], 1, /does not exist/],
    [['runs', 'fly'], 2, /sotto runs/],
    [['threads', 'show', 'none'], 2, /There is no thread "none"/],
  ])('%j ends with code %i and one plain sentence', async (args, expected, pattern) => {
    const { code, out, err } = await sotto(folder, args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(pattern);
    expect(err).not.toMatch(/\n\s+at |node:internal/);
    expect(err.trim().split('\n').length).toBe(1);
  });
});

describe('a project’s config', () => {
  test.each([
    ['a syntax error', 'export default {', /could not be loaded/],
    ['no default export', 'export const a = 1;', /default export/],
    ['an unknown setting', 'export default { agents: [], modle: {} };', /modle/],
    [
      'an unknown tool',
      "import { defineAgent } from 'sotto'; export default { agents: [defineAgent({ name: 'a', description: '', instructions: '', tools: ['fly'] })] };",
      /names the tool "fly"/,
    ],
    [
      'a wrong agent name',
      "export default { agents: [{ name: 'A b', description: '', instructions: '' }] };",
      /agent name "A b"/,
    ],
    [
      'wrong limits',
      "export default { agents: [{ name: 'a', description: '', instructions: '', limits: { maxSteps: 0 } }] };",
      /maxSteps/,
    ],
    [
      'a misspelt setting of an agent',
      "export default { agents: [{ name: 'a', description: '', instructions: '', tool: ['read_file'] }] };",
      /tool/,
    ],
    [
      'an agent without a name',
      "export default { agents: [{ description: '', instructions: '' }] };",
      /name/,
    ],
    [
      'a tool that is none',
      "export default { agents: [{ name: 'a', description: '', instructions: '', tools: [{}] }] };",
      /tools/,
    ],
    [
      'an approval of no tool of its own',
      "export default { agents: [{ name: 'a', description: '', instructions: '', approve: ['write_file'] }] };",
      /approves "write_file"/,
    ],
    [
      'two agents of one name',
      "const a = { name: 'a', description: '', instructions: '' }; export default { agents: [a, a] };",
      /two agents named "a"/,
    ],
    [
      'wrong thinking',
      "export default { agents: [{ name: 'a', description: '', instructions: '', thinking: 'much' }] };",
      /thinking/,
    ],
  ])('with %s is refused in one sentence', async (_, source, pattern) => {
    const { folder } = await createTempProject();
    await writeFile(
      join(folder, 'mine.ts'),
      source.replace("'sotto'", JSON.stringify(resolve('src/index.ts'))),
    );
    const { code, err } = await sotto(folder, ['agents', '--config', 'mine.ts']);
    expect(code).toBe(1);
    expect(err).toMatch(pattern);
    expect(err.trim().split('\n').length).toBe(1);
  });
});

describe('the lists', () => {
  test('show agents, tools, threads, runs and the machine, as text and as JSON', async () => {
    const { folder } = await createTempProject({ 'letters/clinic.txt': 'Letter\nDose: 5 mg\n' });
    await sotto(folder, ['run', 'clerk', 'What is the dose in letters/clinic.txt?', '--thread', 'mine']);
    for (const [args, pattern] of [
      [['agents'], /clerk/],
      [['tools'], /write_file +write/],
      [['tools', 'clerk'], /read_file +read/],
      [['threads'], /mine +1 turn/],
      [['threads', 'show', 'mine'], /agent: The dose is 5 mg\./],
      [['runs'], /clerk +done +What is the dose/],
      [['doctor'], /ok +seal +node-permission.*\n.*ok? +workspace.*\n.*ok +model/],
    ] as const) {
      const text = await sotto(folder, args);
      expect(text).toMatchObject({ code: 0, out: expect.stringMatching(pattern) });
      const json = await sotto(folder, [...args, '--json']);
      expect(jsonLines(json.out).length).toBeGreaterThan(0);
    }
    await sotto(folder, ['threads', 'delete', 'mine']);
    expect((await sotto(folder, ['runs'])).err).toContain('no runs yet');
  });
});
