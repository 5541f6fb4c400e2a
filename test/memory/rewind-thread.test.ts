import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { ConfigError, LockError } from '../../src/errors.ts';
import { isRewind, rewindThread } from '../../src/memory/rewind-thread.ts';
import {
  endOf,
  foldThreads,
  lockThread,
  readRuns,
  readThread,
  type Thread,
  turnsOf,
} from '../../src/memory/threads.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';

const agent: Agent = { name: 'clerk', description: 'Answers.', instructions: 'You answer.' };

async function say({ home, workspace }: TempProject, task: string, thread?: Thread): Promise<Thread> {
  const engine = createScriptedEngine([{ text: `Answer to ${task}` }]);
  return (await runAgent({ agent, engine, workspace, home, task, ...(thread && { thread }) })).thread;
}

async function onDisk(home: string): Promise<Thread> {
  const [thread, ...others] = foldThreads((await readRuns(home)).runs);
  if (!thread || others.length > 0) throw new Error('there is not one thread');
  return thread;
}

test('a thread that is rewound ends there on the disk too, and goes on from there', async () => {
  const project = await createTempProject();
  const { home } = project;
  const first = await say(project, 'one');
  const second = await say(project, 'two', first);
  const rewound = await rewindThread(home, second, endOf(first));
  expect(await onDisk(home)).toEqual(rewound);
  expect(rewound.messages).toEqual(first.messages);
  expect({ turns: turnsOf(rewound), missing: rewound.missing }).toEqual({ turns: 1, missing: undefined });
  const gone = await say(project, 'three', rewound);
  expect(await onDisk(home)).toEqual(gone);
  expect(turnsOf(gone)).toBe(2);
});

test('a thread can be rewound to its beginning, one turn after the other', async () => {
  const project = await createTempProject();
  const { home } = project;
  const first = await say(project, 'one');
  const once = await rewindThread(home, await say(project, 'two', first), endOf(first));
  const empty = await rewindThread(home, once);
  expect(await onDisk(home)).toEqual(empty);
  expect(empty.messages).toEqual([]);
  expect((await onDisk(home)).threadId).toBe(first.threadId);
});

test('a thread is not rewound to a point that is not on it, and nothing is written', async () => {
  const project = await createTempProject();
  const thread = await say(project, 'one');
  const before = await readdir(join(project.home, 'runs'));
  await expect(rewindThread(project.home, thread, { runId: 'elsewhere' })).rejects.toThrow(ConfigError);
  expect(await readdir(join(project.home, 'runs'))).toEqual(before);
});

test('a run that only rewinds is told from those that somebody asked for, also where those were stopped', async () => {
  const project = await createTempProject();
  const { home, workspace } = project;
  const thread = await say(project, 'one');
  const engine = createScriptedEngine([]);
  const stopped = await runAgent({ agent, engine, workspace, home, thread, signal: AbortSignal.abort() });
  const { runs } = await rewindThread(home, stopped.thread);
  expect(stopped.thread.runs.map(({ entries }) => isRewind(entries))).toEqual([false, false]);
  expect(runs.map(({ entries }) => isRewind(entries))).toEqual([true]);
});

test('a thread ends where it was rewound to, though the clock was set back a day', async () => {
  const project = await createTempProject();
  const { home } = project;
  const first = await say(project, 'one');
  const second = await say(project, 'two', first);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 });
  onTestFinished(() => void vi.useRealTimers());
  const rewound = await rewindThread(home, second, endOf(first));
  expect(await onDisk(home)).toEqual(rewound);
  expect(await readThread(home, first.threadId)).toEqual(rewound);
});

test('a thread that another one works with is not rewound', async () => {
  const project = await createTempProject();
  const thread = await say(project, 'one');
  using _ = lockThread(project.home, thread.threadId);
  await expect(rewindThread(project.home, thread)).rejects.toThrow(LockError);
  expect((await readThread(project.home, thread.threadId))?.messages).toEqual(thread.messages);
});
