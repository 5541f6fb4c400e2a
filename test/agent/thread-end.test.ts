import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { resumeRun } from '../../src/agent/resume-run.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { ThreadChangedError } from '../../src/agent/thread-end.ts';
import { rewindThread } from '../../src/memory/rewind-thread.ts';
import { readRuns, readThread, startOf, type Thread, threadAt } from '../../src/memory/threads.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const agent: Agent = { name: 'clerk', description: '', instructions: '' };
const NEW: Thread = { threadId: 'mine', runs: [], messages: [], context: [] };

async function createTalk() {
  const project = await createTempProject();
  const turn = (task: string, thread: Thread, text = 'ok') =>
    runAgent({ ...project, agent, task, thread, durable: false, engine: createScriptedEngine([{ text }]) });
  const read = async () => (await readThread(project.home, 'mine')) ?? NEW;
  const turns = async () =>
    (await readRuns(project.home)).runs.map(({ entries }) => startOf(entries)?.turn).toSorted();
  return { ...project, turn, read, turns };
}

describe('a thread that went on since it was read', () => {
  test('gets no turn that follows the earlier one: that of another program stays', async () => {
    const { turn, read, turns } = await createTalk();
    const first = await turn('one', NEW);
    await expect(turn('one too', NEW)).rejects.toThrow(ThreadChangedError);
    const stale = await read();
    await turn('two', first.thread);
    await expect(turn('two too', stale)).rejects.toThrow(/was changed meanwhile/);
    await expect(turn('two too', first.thread)).rejects.toThrow(ThreadChangedError);
    const third = await turn('three', await read());
    expect(third.messages.filter(({ role }) => role === 'user')).toHaveLength(3);
    expect(await turns()).toEqual([1, 2, 3]);
  });

  test('is noticed where its last run was gone on with', async () => {
    const { turn, read, ...project } = await createTalk();
    const cut = await runAgent({
      ...project,
      agent,
      task: 'one',
      thread: NEW,
      engine: createScriptedEngine([{ text: 'Half an ans', finish: 'maxTokens' }]),
    });
    const engine = createScriptedEngine([{ text: 'Whole.' }]);
    await resumeRun({ ...project, agent, runId: cut.runId, engine });
    await expect(turn('two', cut.thread)).rejects.toThrow(ThreadChangedError);
    expect((await turn('two', await read())).messages).toHaveLength(5);
  });

  test('can be gone on with from an earlier point on purpose, and where it was rewound', async () => {
    const { turn, read, home } = await createTalk();
    const first = await turn('one', NEW);
    await turn('two', first.thread);
    const { runs } = await readRuns(home);
    const point = { runId: first.runId };
    const edited = await turn('two, otherwise', threadAt(runs, 'mine', point));
    expect(edited.messages).toHaveLength(4);
    const again = (await readThread(home, 'mine', point)) ?? NEW;
    expect((await turn('two, once more', again)).messages).toHaveLength(4);
    await turn('anew', threadAt(runs, 'branch', point));
    await turn('by hand', { ...first.thread, threadId: 'other' });
    const rewound = await rewindThread(home, await read(), point);
    expect((await turn('two, at last', rewound)).messages).toHaveLength(4);
    await expect(turn('two, too late', rewound)).rejects.toThrow(ThreadChangedError);
  });
});
