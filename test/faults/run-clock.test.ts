/** Runs of one thread on a clock that was set back a day and forward a year, and two at once on it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findCutOff } from '../../src/agent/find-cut-off.ts';
import { resumeRun } from '../../src/agent/resume-run.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { listThreads, lockThread, readThread } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { tempFolder } from '../workspace/temp-folder.ts';
import { LONG_THREAD, prepareTask } from './scripted-tasks.ts';
import { outcomeOf, PROGRAM } from './strace.ts';
import { stateOf } from './task-state.ts';

const DAY_MS = 86_400_000;
const agent = { name: 'worker', description: 'Works.', instructions: '' };
const CLOCKS: readonly (readonly [string, readonly number[]])[] = [
  ['set back a day between runs', [0, -DAY_MS, -2 * DAY_MS]],
  ['set forward a year and back again', [0, 365 * DAY_MS, 0]],
];

afterEach(() => void vi.useRealTimers());

const textOf = (message: Message): string =>
  message.role === 'user' ? contentText(message.content) : message.role === 'assistant' ? message.text : '';

describe.each(CLOCKS)('a clock that was %s', (_, shifts) => {
  test('changes no order, of turns, of entries or of facts', async () => {
    const { home, workspace } = await createTempProject();
    const now = Date.now();
    for (const [index, shift] of shifts.entries()) {
      vi.useFakeTimers({ toFake: ['Date'], now: now + shift });
      const thread = await readThread(home, 'main');
      const before = thread ?? { threadId: 'main', runs: [], messages: [], context: [] };
      const engine = createScriptedEngine([{ text: `Answer ${index}.` }]);
      const result = await runAgent({
        agent,
        workspace,
        home,
        engine,
        thread: before,
        task: `Question ${index}?`,
      });
      expect(result.stopReason).toBe('done');
      await openFacts(home).add(`Fact ${index} is so.`);
      const entries = await readJournal(home, result.runId);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at + 1));
    }
    const said = (await readThread(home, 'main'))?.messages.map(textOf);
    expect(said).toEqual(shifts.flatMap((_, index) => [`Question ${index}?`, `Answer ${index}.`]));
    const [summary] = await listThreads(home);
    expect(summary?.runs.map(({ turn }) => turn)).toEqual([1, 2, 3]);
    expect((await openFacts(home).list()).map(({ text }) => text)).toEqual([
      'Fact 0 is so.',
      'Fact 1 is so.',
      'Fact 2 is so.',
    ]);
  });

  test('does not keep a run that was cut off from going on', async () => {
    const { home, workspace } = await createTempProject();
    const now = Date.now();
    const given = { agent, workspace, home };
    const stop = new AbortController();
    stop.abort(new Error('stop'));
    const engine = createScriptedEngine([{ text: 'Done.' }]);
    const { runId } = await runAgent({ ...given, engine, task: 'Do it.', signal: stop.signal });
    for (const shift of shifts.slice(1)) {
      vi.useFakeTimers({ toFake: ['Date'], now: now + shift });
      expect((await readJournal(home, runId)).at(-1)?.type).toBe('run-end');
    }
    const result = await resumeRun({ ...given, runId, engine });
    expect(result).toMatchObject({ stopReason: 'done', text: 'Done.', runId });
    const entries = await readJournal(home, runId);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at + 1));
    // One question, one answer: nothing is tried over and over.
    expect(engine.requests).toHaveLength(1);
    expect(await findCutOff(home, { agent: agent.name, task: 'Do it.', note: {} })).toBeUndefined();
  });
});

test('of two programs on one thread the second is told who has it, changes nothing, and works once that is done', async () => {
  const folder = await tempFolder();
  await prepareTask(folder, 'long-thread');
  const home = join(folder, '.sotto');
  const play = () => outcomeOf(spawn(PROGRAM[0] ?? '', [...PROGRAM.slice(1), folder, 'long-thread']));
  const before = await stateOf(folder, 'long-thread');
  {
    using _ = lockThread(home, LONG_THREAD);
    const { lines, err } = await play();
    expect(err).toBe('');
    expect(lines).toEqual([
      { error: expect.stringMatching(/^LockError: The thread long .*[^.]*\.[^\n]*\.$/) },
    ]);
    expect(String(lines[0]?.error)).toContain(`(process ${process.pid})`);
  }
  expect(await stateOf(folder, 'long-thread')).toEqual(before);
  expect((await play()).lines.at(-1)).toEqual({ stopReason: 'done' });
});
