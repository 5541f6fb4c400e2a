/** Runs of the command that were killed, and what goes on with them. */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';

const LAUNCHER = resolve('bin/sotto.js');
const TASK = 'Find the total of every file in invoices and save it to out/totals.json.';
const TOTALS = { 'energy.txt': '228.83 EUR', 'school.txt': '740.00 EUR', 'water.txt': '145.43 EUR' };

type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
};

type At = {
  readonly words: string;
  readonly signal: NodeJS.Signals;
  /** Done with its process before that. */
  readonly before?: (pid: number) => Promise<void>;
};

/** The command without a terminal. Once its stderr has these words, it is sent the signal. */
function sotto(folder: string, args: readonly string[], at?: At): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const printed = { out: '', err: '' };
    let isSent = false;
    child.stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.err += chunk;
      if (!at || isSent || !printed.err.includes(at.words)) return;
      isSent = true;
      void Promise.resolve(at.before?.(child.pid ?? 0)).then(() => child.kill(at.signal));
    });
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code, signal, ...printed }));
  });
}

async function createInvoices() {
  const project = await createTempProject();
  await cp('workspace/invoices', join(project.folder, 'workspace/invoices'), { recursive: true });
  const totals = async () =>
    JSON.parse(await readFile(join(project.folder, 'workspace/out/totals.json'), 'utf8'));
  const runs = async () =>
    (await readdir(join(project.home, 'runs'))).map((name) => name.replace(/\.jsonl$/, '')).sort();
  const factsOf = async (runId: string): Promise<{ type: string; step?: number; seq: number }[]> =>
    (await readFile(join(project.home, 'runs', `${runId}.jsonl`), 'utf8'))
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
  return { ...project, totals, runs, factsOf };
}
const stepsIn = (facts: readonly { type: string; step?: number }[]) =>
  facts.filter(({ type }) => type === 'step-end').map(({ step }) => step);

describe('a run that was killed at step 3', () => {
  test.each([
    ['the same `sotto run`', (_: string) => ['run', 'clerk', TASK]],
    ['`sotto resume`', (runId: string) => ['resume', runId]],
  ])('is gone on with by %s, and ends as one that was not', async (_, argsOf) => {
    const { folder, totals, runs, factsOf } = await createInvoices();
    const killed = await sotto(folder, ['run', 'clerk', TASK], { words: 'step 3', signal: 'SIGKILL' });
    expect(killed.signal).toBe('SIGKILL');
    const [runId = ''] = await runs();
    const before = await factsOf(runId);
    expect(before.map(({ type }) => type)).not.toContain('run-end');
    const args = argsOf(runId);
    const { code, out, err } = await sotto(folder, args);
    expect(err).toContain(
      args[0] === 'run'
        ? `Run ${runId} stopped at step 3 of "${TASK.slice(0, 40)}`
        : '(the run goes on from here)',
    );
    expect({ code, out }).toEqual({ code: 0, out: 'I saved the total of 3 files to out/totals.json.\n' });
    expect(await totals()).toEqual(TOTALS);
    expect(await runs()).toEqual([runId]);
    const facts = await factsOf(runId);
    expect(stepsIn(facts)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(facts.slice(0, before.length)).toEqual(before);
    expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
  });
});

test('a run that was killed is left alone by `sotto run --new`', async () => {
  const { folder, runs, factsOf } = await createInvoices();
  await sotto(folder, ['run', 'clerk', TASK], { words: 'step 3', signal: 'SIGKILL' });
  const [killed = ''] = await runs();
  const before = await factsOf(killed);
  const { code, err } = await sotto(folder, ['run', 'clerk', TASK, '--new']);
  expect(code).toBe(0);
  expect(err).not.toContain(killed);
  expect(await runs()).toHaveLength(2);
  expect(await factsOf(killed)).toEqual(before);
});

test('a run is gone on with in the workspace that it was started with', async () => {
  const { folder, totals, runs } = await createInvoices();
  await sotto(folder, ['run', 'clerk', TASK], { words: 'step 3', signal: 'SIGKILL' });
  const [runId = ''] = await runs();
  await mkdir(join(folder, 'elsewhere'));
  const clerk = JSON.stringify(resolve('agents/clerk.ts'));
  await writeFile(
    join(folder, 'agents.config.ts'),
    `import { clerk } from ${clerk};\nexport default { workspace: 'elsewhere', agents: [clerk] };\n`,
  );
  expect(await sotto(folder, ['resume', runId])).toMatchObject({ code: 0 });
  expect(await totals()).toEqual(TOTALS);
});

test('a run that is done needs nothing', async () => {
  const { folder, runs, factsOf } = await createInvoices();
  await sotto(folder, ['run', 'clerk', TASK]);
  const [runId = ''] = await runs();
  const before = await factsOf(runId);
  const { code, err } = await sotto(folder, ['resume', runId]);
  expect({ code, err }).toEqual({
    code: 0,
    err: `The run ${runId} is done: there is nothing to go on with.\n`,
  });
  expect(await factsOf(runId)).toEqual(before);
});

describe('a call whose outcome is not known', () => {
  /** The job, as if it had been killed when it was about to write. */
  async function createCut() {
    const project = await createInvoices();
    await sotto(project.folder, ['run', 'clerk', TASK]);
    const [runId = ''] = await project.runs();
    const path = join(project.home, 'runs', `${runId}.jsonl`);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.includes('"tool-call-start"') && line.includes('write_file'));
    const cut = `${lines.slice(0, at + 1).join('\n')}\n`;
    await writeFile(path, cut);
    await rm(join(project.folder, 'workspace/out'), { recursive: true });
    return { ...project, runId, path, cut };
  }

  test('stops without a terminal, says what to look at, and changes nothing', async () => {
    const { folder, runId, path, cut } = await createCut();
    for (const args of [
      ['resume', runId],
      ['run', 'clerk', TASK],
    ]) {
      const { code, err } = await sotto(folder, args);
      expect(code).toBe(3);
      expect(err).toContain('The outcome of write_file {"path": "out/totals.json"');
      expect(err).toContain(`sotto resume ${runId} --unknown skip`);
      expect(await readFile(path, 'utf8')).toBe(cut);
    }
  });

  test('is made again where --unknown says so', async () => {
    const { folder, runId, totals } = await createCut();
    const { code } = await sotto(folder, ['resume', runId, '--unknown', 'run-again']);
    expect(code).toBe(0);
    expect(await totals()).toEqual(TOTALS);
  });

  test('is skipped where --unknown says so, and the model is told', async () => {
    const { folder, runId, path } = await createCut();
    const { err } = await sotto(folder, ['resume', runId, '--unknown', 'skip']);
    expect(err).toContain('The program stopped during this call, and it was not made again');
    expect(await readFile(path, 'utf8')).toContain('it was not made again');
  });
});

describe('Ctrl-C', () => {
  const childrenOf = async (pid: number): Promise<readonly number[]> => {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(' ').filter(Boolean).map(Number);
  };

  test.skipIf(process.platform !== 'linux').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'while the model writes: %s ends the run, which can be gone on with, and leaves no process',
    async (signal) => {
      const { folder, runs, factsOf, totals } = await createInvoices();
      let children: readonly number[] = [];
      const ended = await sotto(folder, ['run', 'clerk', TASK], {
        words: 'step 3',
        signal,
        before: async (pid) => {
          children = await childrenOf(pid);
        },
      });
      expect(ended.code).toBe(130);
      const [runId = ''] = await runs();
      expect((await factsOf(runId)).at(-1)).toMatchObject({ type: 'run-end', stopReason: 'aborted' });
      expect(ended.err).toContain(`Go on with sotto resume ${runId}`);
      expect(children.length).toBeGreaterThan(0);
      expect(children.filter(isAlive)).toEqual([]);
      expect(await sotto(folder, ['resume', runId])).toMatchObject({ code: 0 });
      expect(await totals()).toEqual(TOTALS);
    },
  );

  test('in a tool that does not heed it ends the program', async () => {
    const { folder, runs, factsOf } = await createInvoices();
    await writeFile(join(folder, 'agents.config.ts'), deafConfig());
    const { code } = await sotto(folder, ['run', 'clerk', TASK], {
      words: 'It works.',
      signal: 'SIGINT',
    });
    expect(code).toBe(130);
    const [runId = ''] = await runs();
    expect((await factsOf(runId)).at(-1)).toMatchObject({ type: 'run-end', stopReason: 'aborted' });
  });

  test('a second time ends a program at once that does not stop', async () => {
    const code = await new Promise((done) => {
      const script = resolve('test/cli/stuck-in-child.ts');
      const child = spawn(process.execPath, ['--conditions=sotto-source', script], { stdio: 'pipe' });
      onTestFinished(() => void child.kill('SIGKILL'));
      child.stdout.on('data', () => child.kill('SIGINT'));
      child.once('close', done);
    });
    expect(code).toBe(130);
  });

  /** The clerk, with a tool that works for ten minutes whatever it is told. */
  const deafConfig = () => `
    import { clerk } from ${JSON.stringify(resolve('agents/clerk.ts'))};
    import { listFiles } from ${JSON.stringify(resolve('tools/list-files.ts'))};
    const run = () => {
      process.stderr.write('It works.');
      return new Promise((done) => setTimeout(done, 600_000));
    };
    const tools = ['read_file', { ...listFiles, run }, 'write_file'];
    export default { agents: [{ ...clerk, tools }] };
  `;
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['an unknown run', ['resume', 'nothing'], 1, 'does not exist'],
  ['no run', ['resume'], 2, 'takes the id of a run'],
  ['another decision', ['resume', 'x', '--unknown', 'maybe'], 2, '--unknown takes run-again or skip'],
])('says what is wrong with %s', async (_, args, code, words) => {
  const { folder } = await createInvoices();
  const ended = await sotto(folder, args);
  expect(ended.code).toBe(code);
  expect(ended.err).toContain(words);
  expect(ended.err.trim().split('\n')).toHaveLength(1);
});
