import { expect, test } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { resumeRun } from '../../src/agent/resume-run.ts';
import type { Chat } from '../../src/cli/chat/chat.ts';
import { obey } from '../../src/cli/chat/commands.ts';
import type { Lines } from '../../src/cli/chat/lines.ts';
import { takeTurn } from '../../src/cli/chat/take-turn.ts';
import { loadThread } from '../../src/cli/load-thread.ts';
import { createOutput, type Screen } from '../../src/cli/output.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { noUsage } from '../../src/events.ts';
import { openJournal } from '../../src/memory/journal.ts';
import { newRunId } from '../../src/memory/new-run-id.ts';
import { endOf } from '../../src/memory/threads.ts';
import { contentText, userMessage } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';

const agent: Agent = { name: 'clerk', description: 'Answers.', instructions: 'You answer.' };

/** A chat on the thread "mine", and what was written in it. */
async function openChat(
  { home, workspace }: TempProject,
  engine: Engine,
  signal = new AbortController().signal,
) {
  let screen = '';
  const stream: Screen = {
    isTTY: false,
    write(text) {
      screen += text;
    },
    on() {},
  };
  const lines: Lines = {
    screen: stream,
    isTerminal: false,
    read: async () => undefined,
    during: (_, action) => action(),
    ask: async () => '',
    put() {},
    push() {},
    interrupt: () => false,
    end() {},
    close() {},
  };
  const chat: Chat = {
    agent,
    engine,
    workspace,
    home,
    approved: [],
    approve: undefined,
    output: createOutput({ stdout: stream, stderr: stream }),
    lines,
    onEvent: undefined,
    signal,
    thread: await loadThread(home, 'mine'),
    thinking: 'off',
    isThoughtShown: true,
    exitCode: 0,
  };
  return { chat, screen: () => screen };
}

const said = ({ thread }: Chat): readonly string[] =>
  (thread?.messages ?? []).flatMap((message) =>
    message.role === 'user' ? [contentText(message.content)] : [],
  );
const answering = (count: number) =>
  createScriptedEngine(Array.from({ length: count }, () => ({ text: 'Yes.' })));

test('a turn follows what another chat has said in the thread meanwhile', async () => {
  const project = await createTempProject();
  const { chat, screen } = await openChat(project, answering(2));
  const other = await openChat(project, answering(1));
  await takeTurn(chat, 'one');
  expect(screen()).not.toContain('changed elsewhere');
  await takeTurn(other.chat, 'two');
  expect(other.screen()).toContain('The thread was changed elsewhere: it has 1 turn now.\n');
  await takeTurn(chat, 'three');
  expect(screen()).toContain('The thread was changed elsewhere: it has 2 turns now.\n');
  expect(said(chat)).toEqual(['one', 'two', 'three']);
  expect((await loadThread(project.home, 'mine')).messages).toEqual(chat.thread?.messages);
});

test('a turn follows what became of its last run elsewhere', async () => {
  const project = await createTempProject();
  const cut = { text: 'Half an ans', finish: 'maxTokens' as const };
  const { chat, screen } = await openChat(project, createScriptedEngine([cut, { text: 'Yes.' }]));
  await takeTurn(chat, 'one');
  const runId = chat.thread?.runs[0]?.runId ?? '';
  const engine = createScriptedEngine([{ text: 'The whole answer.' }]);
  await resumeRun({ ...project, agent: { ...agent, thinking: 'off' }, runId, engine });
  await takeTurn(chat, 'two');
  expect(screen()).toContain('The thread was changed elsewhere: it has 1 turn now.\n');
  expect(JSON.stringify(chat.thread?.messages)).toContain('The whole answer.');
});

test('a turn that comes when another program has just ended one follows that', async () => {
  const project = await createTempProject();
  const { chat, screen } = await openChat(project, answering(2));
  await takeTurn(chat, 'one');
  let isFirst = true;
  // Between the look at the thread and its lock.
  const hurried: Chat = Object.defineProperty({ ...chat }, 'approved', {
    get() {
      if (isFirst) writeTurn(project.home, chat);
      isFirst = false;
      return [];
    },
  });
  await takeTurn(hurried, 'three');
  expect(screen()).toContain('it has 2 turns now.');
  expect(said(hurried)).toEqual(['one', 'two', 'three']);
});

/** What another program has done by then. */
function writeTurn(home: string, { thread }: Chat): void {
  const runId = newRunId();
  const journal = openJournal({ home, runId });
  const after = thread && endOf(thread);
  const message = userMessage('two');
  const names = { runId, threadId: 'mine', turn: 2, agent: 'clerk', seal: 'none', message };
  const model = { name: 'scripted', fingerprint: 'scripted' };
  journal.append({ type: 'run-start', ...names, model, ...(after && { after }) });
  journal.append({ type: 'run-end', stopReason: 'aborted', steps: 0, usage: noUsage });
  journal.close();
}

test('a turn that another chat took back is said to be gone', async () => {
  const project = await createTempProject();
  const { chat, screen } = await openChat(project, answering(2));
  await takeTurn(chat, 'one');
  const other = await openChat(project, answering(0));
  await obey(other.chat, { type: 'command', name: 'undo', argument: '' });
  await takeTurn(chat, 'two');
  expect(screen()).toContain('it has 0 turns now, and what was said last in this chat is not part of it.');
  expect(said(chat)).toEqual(['two']);
});

test.each(['undo', 'retry'])('/%s takes no turn back that another chat has made', async (name) => {
  const project = await createTempProject();
  const { chat, screen } = await openChat(project, answering(1));
  await takeTurn(chat, 'one');
  await takeTurn((await openChat(project, answering(1))).chat, 'two');
  const command = { type: 'command', name, argument: '' } as const;
  await obey(chat, command);
  expect(screen()).toContain('Nothing was taken back.');
  expect(said({ ...chat, thread: await loadThread(project.home, 'mine') })).toEqual(['one', 'two']);
  await obey(chat, command);
  expect(said({ ...chat, thread: await loadThread(project.home, 'mine') })).toEqual(['one']);
});

test('a turn that was stopped tells no token counts, since its open step is not in them', async () => {
  const project = await createTempProject();
  const stop = new AbortController();
  const engine: Engine = {
    ...answering(0),
    async generate(_, { signal, onEvent } = {}) {
      onEvent?.({ type: 'prompt-delta', evaluatedTokens: 858, newTokens: 2000 });
      stop.abort();
      signal?.throwIfAborted();
      throw new Error('it was not stopped');
    },
  };
  const { chat, screen } = await openChat(project, engine, stop.signal);
  await takeTurn(chat, 'one');
  expect(screen()).toMatch(/Stopped: .*\n\(\d+\.\d s\)\n$/);
  expect(chat.exitCode).toBe(130);
});

test('a turn that failed stays the exit code of the chat, whatever is done after it', async () => {
  const project = await createTempProject();
  const { chat } = await openChat(project, createScriptedEngine([new Error('broken'), { text: 'Yes.' }]));
  await takeTurn(chat, 'one');
  await takeTurn(chat, 'two');
  expect(chat.exitCode).toBe(1);
});
