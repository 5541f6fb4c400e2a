/** Threads that go on in a later process, or from an earlier place, with the bundled model and every token counted. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunAgentOptions, type RunResult, runAgent } from '../../src/agent/run-agent.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { LlamaEngineOptions } from '../../src/engine/llama-engine.ts';
import { LEAST_GAIN } from '../../src/engine/saved-states.ts';
import { stateFolder } from '../../src/engine/state-folder.ts';
import type { RunEvent } from '../../src/events.ts';
import { readRuns, threadAt } from '../../src/memory/threads.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine } from '../helpers/engine.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';

const LETTER = 'Letter\nPatient: Mira Stone\nDate: 2026-05-11\nMedication: Ramipril\nDose: 5 mg';
const FILES = { 'letters/clinic.txt': LETTER };
const DOSE = 'What is the dose in letters/clinic.txt?';
const DATE = 'What is the date in letters/clinic.txt?';
const tools = builtInTools.filter(({ name }) => ['list_files', 'read_file', 'write_file'].includes(name));
const clerk = {
  name: 'clerk',
  description: '',
  instructions: 'You are a careful local assistant. You work on the files in the workspace.',
  tools,
};
/** What the model is given after the last message. */
const MESSAGE_START = { text: '<|im_start|>assistant\n<think>\n', trusted: true };

type Counted = { readonly result: RunResult; readonly events: readonly RunEvent[] };

/** Another process of the model, as the next start of the program has it. */
async function startEngine({ home }: TempProject, options: Partial<LlamaEngineOptions> = {}) {
  const engine = await createTestEngine({ stateFolder: stateFolder(home), ...options });
  onTestFinished(() => engine[Symbol.asyncDispose]());
  return engine;
}

async function run(
  { home, workspace }: TempProject,
  engine: Engine,
  options: Partial<RunAgentOptions>,
): Promise<Counted> {
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  const result = await runAgent({ agent: clerk, engine, workspace, home, onEvent, ...options });
  expect(result).toMatchObject({ stopReason: 'done' });
  return { result, events };
}

const stepsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step-end' ? [event] : []));
const restoresOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'state-restore' ? [event] : []));
const promptTokens = ({ usage }: { usage: { evaluatedTokens: number; reusedTokens: number } }) =>
  usage.evaluatedTokens + usage.reusedTokens;
/** What the state holds at a run's end. */
const heldAfter = (events: readonly RunEvent[]) => {
  const last = stepsOf(events).at(-1);
  return last ? promptTokens(last) + (last.message.generated?.tokens.length ?? 0) : 0;
};

describe('a thread that goes on in another process', () => {
  test('evaluates only what is new, counted over two runs of the command', async () => {
    const project = await createTempProject(FILES);
    const sotto = async (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [resolve('bin/sotto.js'), ...args], { cwd: project.folder });
    const runOnce = async (task: string): Promise<RunEvent[]> => {
      const { stdout } = await sotto('run', 'clerk', task, '--thread', 'x', '--json');
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const before = await runOnce(DOSE);
    expect(restoresOf(before)).toEqual([]);
    expect(before).toContainEqual(expect.objectContaining({ type: 'state-save', bytes: expect.any(Number) }));
    const second = await runOnce(DATE);
    const held = heldAfter(before);
    const [step] = stepsOf(second);
    expect(step?.usage.reusedTokens).toBe(held);
    expect(held).toBeGreaterThan(500);
    expect(step?.usage.evaluatedTokens).toBeLessThan(40);
    expect(restoresOf(second)).toMatchObject([
      { step: 1, from: 'file', reusedTokens: held, newTokens: step?.usage.evaluatedTokens },
    ]);
    const states = join(project.folder, '.sotto/states');
    expect((await readdir(states)).filter((name) => name.startsWith('thread-x.'))).toHaveLength(2);
    await sotto('threads', 'delete', 'x');
    expect((await readdir(states)).filter((name) => name.startsWith('thread-'))).toEqual([]);
  });

  let folder: string;
  let first: Counted;
  /** Its second turn, where nothing is saved. */
  let rebuilt: Counted;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-saved-'));
    const project = await openProject(folder);
    await using engine = await createTestEngine({ stateFolder: stateFolder(project.home) });
    first = await run(project, engine, { task: DOSE });
    await using other = await createTestEngine();
    const beside = await openProject(join(folder, 'beside'));
    for (const kept of ['runs', 'threads']) {
      await cp(join(project.home, kept), join(beside.home, kept), { recursive: true });
    }
    rebuilt = await run(beside, other, { task: DATE, thread: first.result.thread });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function openProject(folder: string): Promise<TempProject> {
    await mkdir(join(folder, 'workspace/letters'), { recursive: true });
    await writeFile(join(folder, 'workspace/letters/clinic.txt'), LETTER);
    return {
      folder,
      home: join(folder, '.sotto'),
      workspace: await openWorkspace(join(folder, 'workspace')),
    };
  }

  /** The second turn of that thread, after something was done to what the first one saved. */
  async function secondTurn(
    harm?: (stateFile: string) => Promise<unknown>,
    options: Partial<LlamaEngineOptions> = {},
  ): Promise<Counted> {
    const project = await createTempProject(FILES);
    await cp(join(folder, '.sotto'), project.home, { recursive: true });
    const { thread, threadId } = first.result;
    const names = await readdir(stateFolder(project.home));
    const own = names.find((name) => name.startsWith(`thread-${threadId}.`) && name.endsWith('.state'));
    await harm?.(join(stateFolder(project.home), own ?? ''));
    return run(project, await startEngine(project, options), { task: DATE, thread });
  }
  const writtenBy = ({ events }: Counted) => stepsOf(events).map(({ message }) => message);

  test('writes what it would write without a saved state', async () => {
    const reusedTokens = heldAfter(first.events);
    const continued = await secondTurn();
    expect(restoresOf(continued.events)).toMatchObject([{ from: 'file', reusedTokens }]);
    expect(restoresOf(rebuilt.events)).toEqual([]);
    expect(stepsOf(rebuilt.events)[0]?.usage.reusedTokens).toBe(0);
    expect(writtenBy(continued)).toEqual(writtenBy(rebuilt));
  });

  test.each<[string, (file: string) => Promise<unknown>, RegExp]>([
    ['a changed byte', changeByte, /damaged/],
    ['a file cut off', (file) => truncate(file, 100_000), /damaged/],
    ['no description', (file) => rm(file.replace(/state$/, 'json')), /incomplete/],
    ['the name of another model', renameKey, /another model/],
  ])(
    'says that the state with %s was not used, and goes on from the system turn',
    async (_what, harm, said) => {
      const second = await secondTurn(harm);
      const [restore, ...more] = restoresOf(second.events);
      expect(restore).toMatchObject({ from: 'file', problem: expect.stringMatching(said) });
      expect(more).toEqual([]);
      expect(restore?.reusedTokens).toBeGreaterThan(300);
      expect(restore?.reusedTokens).toBeLessThan(heldAfter(first.events));
      expect(writtenBy(second)).toEqual(writtenBy(rebuilt));
    },
  );

  test('takes no state of other settings', async () => {
    const second = await secondTurn(undefined, { kvCache: 'q8_0' });
    expect(restoresOf(second.events)).toMatchObject([
      { from: 'nothing', reusedTokens: 0, problem: expect.stringMatching(/other settings/) },
    ]);
  });

  test('saves and finds nothing where that is switched off', async () => {
    const second = await secondTurn(undefined, { maxStateBytes: 0 });
    expect(restoresOf(second.events)).toEqual([]);
    expect(second.events.filter(({ type }) => type === 'state-save')).toEqual([]);
  });

  test('says that its state is larger than the limit', async () => {
    const second = await secondTurn(undefined, { maxStateBytes: 1000 });
    expect(second.events).toContainEqual(
      expect.objectContaining({
        type: 'state-save',
        bytes: 0,
        problem: expect.stringContaining('maxStateBytes is 1000'),
      }),
    );
  });

  test('goes on in a shorter context', async () => {
    const second = await secondTurn(undefined, { contextTokens: 1024 });
    const reusedTokens = heldAfter(first.events);
    expect(restoresOf(second.events)).toMatchObject([{ from: 'file', reusedTokens }]);
  });

  async function changeByte(path: string): Promise<void> {
    await using file = await open(path, 'r+');
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 40_000);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0x40]), 0, 1, size - 40_000);
  }

  async function renameKey(path: string): Promise<void> {
    for (const kind of ['state', 'json']) {
      const file = path.replace(/state$/, kind);
      await rename(file, file.replace(/\.[0-9a-f]{16}\./, `.${'0'.repeat(16)}.`));
    }
  }
});

test('the system turn is evaluated once for all processes', async () => {
  const project = await createTempProject(FILES);
  const first = await run(project, await startEngine(project), { task: DOSE });
  expect(restoresOf(first.events)).toEqual([]);
  const engine = await startEngine(project);
  const { events } = await run(project, engine, { task: DATE });
  const system = await engine.tokenize([
    { text: `<|im_start|>user\n${DATE}<|im_end|>\n`, trusted: true },
    MESSAGE_START,
  ]);
  expect(restoresOf(events)).toMatchObject([{ from: 'file', newTokens: system.length }]);
  expect(stepsOf(events)[0]?.usage.evaluatedTokens).toBe(system.length);
});

describe('a thread that is changed', () => {
  async function twoTurns() {
    const project = await createTempProject(FILES);
    const engine = await startEngine(project);
    const first = await run(project, engine, { task: DOSE });
    const second = await run(project, engine, { task: DATE, thread: first.result.thread });
    const { runs } = await readRuns(project.home);
    return { project, engine, first, second, runs, threadId: first.result.threadId };
  }

  test('in its last message costs that message and the answer before it', async () => {
    const { project, engine, first, runs, threadId } = await twoTurns();
    const thread = threadAt(runs, threadId, { runId: first.result.runId });
    const { events } = await run(project, engine, {
      task: 'What is the patient in letters/clinic.txt?',
      thread,
    });
    const [, answer] = stepsOf(first.events);
    const start = await engine.tokenize([MESSAGE_START]);
    const reusedTokens = (answer ? promptTokens(answer) : 0) - start.length;
    expect(restoresOf(events)).toMatchObject([{ step: 1, from: 'checkpoint', reusedTokens }]);
    expect(stepsOf(events)[0]?.usage).toMatchObject({ reusedTokens });
  });

  test('in its first message costs all but the system turn', async () => {
    const { project, engine, runs, threadId } = await twoTurns();
    const { events } = await run(project, engine, { task: DATE, thread: threadAt(runs, threadId) });
    const [restore] = restoresOf(events);
    expect(restore?.reusedTokens).toBeGreaterThan(300);
    expect(restore?.newTokens).toBeLessThan(40);
  });

  test('by a retry of a step costs the start of a message', async () => {
    const { project, engine, first, runs, threadId } = await twoTurns();
    const thread = threadAt(runs, threadId, { runId: first.result.runId, steps: 1 });
    const { result, events } = await run(project, engine, { thread });
    const start = await engine.tokenize([MESSAGE_START]);
    expect(restoresOf(events)).toMatchObject([{ step: 1, from: 'checkpoint', newTokens: start.length }]);
    expect(stepsOf(events)[0]?.message.generated).toEqual(stepsOf(first.events)[1]?.message.generated);
    expect(result.text).toBe('The dose is 5 mg.');
  });

  test('by a branch takes the state of the other one, and leaves it one', async () => {
    const { project, engine, second, runs, threadId } = await twoTurns();
    const branch = threadAt(runs, 'branch', { runId: second.result.runId });
    const { events } = await run(project, engine, { task: DOSE, thread: branch });
    expect(stepsOf(events)[0]?.usage.reusedTokens).toBe(heldAfter(second.events));
    const task = 'What is the patient in letters/clinic.txt?';
    const third = await run(project, engine, { task, thread: second.result.thread });
    expect(stepsOf(third.events)[0]?.usage.reusedTokens).toBeGreaterThan(
      heldAfter(second.events) - LEAST_GAIN,
    );
    const states = await readdir(stateFolder(project.home));
    for (const id of [threadId, 'branch']) expect(states.join(' ')).toContain(`thread-${id}.`);
  });

  test('goes back to no checkpoint of a conversation that was there before', async () => {
    const project = await createTempProject(FILES);
    const before = await startEngine(project);
    const { result } = await run(project, before, { task: DATE });
    await before[Symbol.asyncDispose]();
    const engine = await startEngine(project);
    await run(project, engine, { task: DOSE });
    const second = await run(project, engine, { task: DOSE, thread: result.thread });
    expect(restoresOf(second.events)).toMatchObject([{ from: 'file' }]);
    const { runs } = await readRuns(project.home);
    const thread = threadAt(runs, result.threadId, { runId: result.runId, steps: 0 });
    const { events } = await run(project, engine, { thread });
    const question = await engine.tokenize([
      { text: `<|im_start|>user\n${DATE}<|im_end|>\n`, trusted: true },
      MESSAGE_START,
    ]);
    expect(restoresOf(events)).toMatchObject([{ from: 'file', newTokens: question.length }]);
  });
});
