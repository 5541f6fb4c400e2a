import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import type { RunEvent } from '../../src/events.ts';
import { foldThreads, readRuns, threadAt } from '../../src/memory/threads.ts';
import { contentText, userMessage } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { createTempProject } from '../helpers/temp-project.ts';

type BeginOptions = Partial<RunAgentOptions> & {
  /** What the test says when the model has said something. */
  readonly reply?: (text: string) => string | undefined;
};

async function begin(script: readonly ScriptedMessage[], { reply, ...options }: BeginOptions = {}) {
  const { home, workspace } = await createTempProject();
  const engine = createScriptedEngine(script);
  const onEvent = (event: RunEvent) => {
    const said = event.type === 'text-delta' ? reply?.(event.text) : undefined;
    if (said !== undefined) run.send(said);
  };
  const run = runAgent({ agent: agentWith(), task: 'Go.', engine, workspace, home, onEvent, ...options });
  return { run, engine, home };
}

const agentWith = (...tools: Agent['tools'] & object): Agent => ({
  name: 'a',
  description: '',
  instructions: '',
  tools,
});

/** A tool that does something of the test's own while the run works. */
const during = (action: () => void) =>
  defineTool({
    name: 'look',
    description: 'Looks.',
    effect: 'read',
    input: z.object({}),
    run: () => {
      action();
      return 'seen';
    },
  });
const LOOK = { toolCalls: [{ name: 'look', input: {} }] };

test('gives every event in order when it is iterated, and its result when it is awaited', async () => {
  const { run } = await begin([{ text: 'Hello.' }]);
  const types: string[] = [];
  for await (const event of run) types.push(event.type);
  expect(types).toEqual(['run-start', 'step-start', 'text-delta', 'step-end', 'run-end']);
  expect(await run).toMatchObject({ stopReason: 'done', text: 'Hello.' });
});

test('goes on when its events are not heard to the end', async () => {
  const { run } = await begin([{ text: 'Hello.' }]);
  for await (const event of run) if (event.type === 'step-start') break;
  expect((await run).text).toBe('Hello.');
});

test('throws what broke it where it is iterated', async () => {
  const { run } = await begin([{ text: 'Hello.' }], { home: '/dev/null/nowhere' });
  const iterate = async () => {
    for await (const _ of run);
  };
  await expect(iterate()).rejects.toThrow(/cannot be written/);
});

test('takes in what is said while it works at the next step, behind the results', async () => {
  let say = (_: string) => false;
  const tool = during(() => void say('In English, please.'));
  const { run, engine, home } = await begin([LOOK, { text: 'Yes.' }], { agent: agentWith(tool) });
  say = (text) => run.send(text);
  const result = await run;
  engine.assertComplete();
  expect(result.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user', 'assistant']);
  expect(JSON.stringify(engine.requests[1]?.prompt)).toContain('In English, please.');
  // The journal tells of it before the step that takes it in, and the thread folds to the same.
  const { runs } = await readRuns(home);
  expect(runs[0]?.entries.map(({ type }) => type).slice(4, 8)).toEqual([
    'tool-call-end',
    'user-message',
    'step-start',
    'step-end',
  ]);
  expect(foldThreads(runs)[0]?.messages).toEqual(result.messages);
});

test('answers once more where something is said during its last step', async () => {
  const script: ScriptedMessage[] = [{ text: 'First.' }, { text: 'Second.' }];
  const { run, engine } = await begin(script, {
    reply: (text) => (text === 'First.' ? 'And more?' : undefined),
  });
  expect(await run).toMatchObject({ stopReason: 'done', text: 'Second.', steps: 2 });
  engine.assertComplete();
});

test('takes in what is said before it has begun', async () => {
  const { home, workspace } = await createTempProject();
  const engine = createScriptedEngine([{ text: 'One.' }, { text: 'Two.' }]);
  const run = runAgent({ agent: agentWith(), task: 'Go.', engine, workspace, home });
  expect(run.send('Also this.')).toBe(true);
  const { messages } = await run;
  expect(
    messages.flatMap((message) => (message.role === 'user' ? [contentText(message.content)] : [])),
  ).toEqual(['Go.', 'Also this.']);
  engine.assertComplete();
});

test('takes nothing once it is over', async () => {
  const { run, engine } = await begin([{ text: 'One.' }]);
  await run;
  expect(run.send('Too late.')).toBe(false);
  expect(engine.requests).toHaveLength(1);
});

test('gives back what came too late: its answer stands, and nobody has read the message', async () => {
  const { run, home } = await begin([{ text: 'One.' }], {
    agent: { ...agentWith(), limits: { maxSteps: 1 } },
    reply: () => 'More.',
  });
  expect(await run).toMatchObject({ stopReason: 'done', text: 'One.', unread: [userMessage('More.')] });
  const { runs } = await readRuns(home);
  expect(runs[0]?.entries.at(-1)).toMatchObject({ type: 'run-end', unread: [userMessage('More.')] });
});

test('fails where it is awaited or iterated, and never as an unhandled error', async () => {
  const { run } = await begin([{ text: 'Hello.' }], {
    onEvent: (event) => {
      if (event.type === 'step-start') throw new Error('the listener broke');
    },
  });
  const iterate = async () => {
    // The run breaks while the body of the loop waits.
    for await (const _ of run) await setTimeout(20);
  };
  await expect(iterate()).rejects.toThrow('the listener broke');
});

test('goes on with a thread where it ends, without a new message', async () => {
  const tool = during(() => {});
  const first = await begin([LOOK, { text: 'Old.' }], { agent: agentWith(tool) });
  const { runId, thread } = await first.run;
  const cut = threadAt(thread.runs, thread.threadId, { runId, steps: 1 });
  expect(cut.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  const { home, workspace } = await createTempProject();
  const engine = createScriptedEngine([{ text: 'New.' }]);
  const again = await runAgent({
    agent: agentWith(tool),
    engine,
    workspace,
    home,
    thread: cut,
  });
  expect(again.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
  expect(again.text).toBe('New.');
});
