import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { findCutOff } from '../../src/agent/find-cut-off.ts';
import { resumeRun } from '../../src/agent/resume-run.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import { lockThread, readThread, type Thread } from '../../src/memory/threads.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const agent: Agent = { name: 'clerk', description: '', instructions: '' };
const note = { thinking: 'off' };
const wanted = { agent: 'clerk', task: 'Do it.', note };

/** A project with a run that has no end. */
async function createCut() {
  const project = await createTempProject();
  const run = (options: Partial<RunAgentOptions> = {}) =>
    runAgent({
      ...project,
      agent,
      task: 'Do it.',
      note,
      engine: createScriptedEngine([{ text: 'ok' }]),
      ...options,
    });
  const { runId, threadId } = await run();
  const path = join(project.home, 'runs', `${runId}.jsonl`);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${lines.slice(0, -1).join('\n')}\n`);
  return { ...project, run, runId, threadId };
}

test('finds the run of this agent with this task, its thread and its options, that has no end', async () => {
  const { home, runId, threadId } = await createCut();
  expect(await findCutOff(home, wanted)).toMatchObject({ runId, step: 1 });
  expect(await findCutOff(home, { ...wanted, threadId })).toMatchObject({ runId });
  for (const other of [{ agent: 'desk' }, { task: 'Do.' }, { note: {} }, { threadId: 'other' }]) {
    expect(await findCutOff(home, { ...wanted, ...other })).toBeUndefined();
  }
});

test('finds a run that was killed before its thread had it, and it is gone on with', async () => {
  const { home, runId, threadId, ...project } = await createCut();
  await rm(join(home, 'threads', `${threadId}.jsonl`));
  // Neither the lock nor a snapshot tells that there was such a thread.
  await rm(join(home, 'locks'), { recursive: true });
  expect(await findCutOff(home, wanted)).toMatchObject({ runId, step: 1 });
  const engine = createScriptedEngine([{ text: 'ok' }]);
  const { thread } = await resumeRun({ ...project, home, runId, agent, engine });
  expect(thread.runs.map((run) => run.runId)).toEqual([runId]);
  expect((await readThread(home, threadId))?.runs.map((run) => run.runId)).toEqual([runId]);
});

test('leaves a run alone on which somebody works', async () => {
  const { home, runId, threadId } = await createCut();
  const lock = lockThread(home, threadId);
  expect(await findCutOff(home, wanted)).toBeUndefined();
  lock.release();
  expect(await findCutOff(home, wanted)).toMatchObject({ runId });
});

test('leaves a run alone whose thread went on, and one that has ended', async () => {
  const { home, run, threadId } = await createCut();
  const thread = await readThread(home, threadId);
  await run({ task: 'More.', ...(thread && { thread }) });
  expect(await findCutOff(home, wanted)).toBeUndefined();
  await run();
  expect(await findCutOff(home, wanted)).toBeUndefined();
});

test('leaves a run alone that cannot be read', async () => {
  const { home, runId } = await createCut();
  await writeFile(join(home, 'runs', `${runId}.jsonl`), 'nothing\nof this\nis a journal\n');
  expect(await findCutOff(home, wanted)).toBeUndefined();
});

test('without a thread finds only a run that began one of its own', async () => {
  const { home, run } = await createCut();
  const mine: Thread = { threadId: 'mine', runs: [], messages: [], context: [] };
  const { runId } = await run({ task: 'In a thread.', thread: mine });
  const path = join(home, 'runs', `${runId}.jsonl`);
  await writeFile(path, `${(await readFile(path, 'utf8')).trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
  const task = 'In a thread.';
  expect(await findCutOff(home, { ...wanted, task })).toBeUndefined();
  expect(await findCutOff(home, { ...wanted, task, threadId: 'mine' })).toMatchObject({ runId });
});

test('leaves a run alone whose task was done since', async () => {
  const { home, run } = await createCut();
  // The names of runs tell seconds apart.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5000 });
  onTestFinished(() => void vi.useRealTimers());
  await run({ task: 'Another.' });
  expect(await findCutOff(home, wanted)).toBeDefined();
  await run();
  expect(await findCutOff(home, wanted)).toBeUndefined();
});

test('is not misled by the runs of agents that worked for it, and takes no lock to look', async () => {
  const project = await createTempProject();
  const helper: Agent = { ...agent, name: 'helper' };
  const asks = Array.from({ length: 25 }, (_, index) => ({
    name: 'ask_helper',
    input: { task: `Look ${index}.` },
  }));
  const answers = asks.map(() => ({ text: 'Looked.' }));
  // Their runs are the newer ones, by their names.
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { runId, threadId } = await runAgent({
    ...project,
    agent: { ...agent, agents: [helper], limits: { maxSteps: 40 } },
    task: 'Do it.',
    note,
    durable: false,
    onEvent: ({ type }) => type === 'step-start' && vi.setSystemTime(Date.now() + 5000),
    engine: createScriptedEngine([{ toolCalls: asks }, ...answers, { text: 'ok' }]),
  });
  const path = join(project.home, 'runs', `${runId}.jsonl`);
  expect(await readdir(join(project.home, 'runs'))).toHaveLength(26);
  // In the middle of its last line.
  await truncate(path, (await readFile(path)).length - 30);
  const locks = join(project.home, 'locks', `thread-${threadId}`);
  const before = await readdir(locks);
  expect(await findCutOff(project.home, wanted)).toMatchObject({ runId });
  expect(await readdir(locks)).toEqual(before);
});

test('finds a run of an encrypted folder whose last line was cut off', async () => {
  const { home, runId } = await createCut();
  createVault(home, 'correct horse');
  const path = join(home, 'runs', `${runId}.jsonl`);
  expect(await readFile(path, 'utf8')).not.toContain('run-start');
  await truncate(path, (await readFile(path)).length - 30);
  expect(await findCutOff(home, wanted)).toMatchObject({ runId });
});
