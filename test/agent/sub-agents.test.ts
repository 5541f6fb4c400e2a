import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { toolsOf } from '../../src/agent/agent-tool.ts';
import { type Agent, type AgentDefinition, resolveAgent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import type { RunEvent } from '../../src/events.ts';
import { foldThreads, readRuns } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const reader: Agent = {
  name: 'file-reader',
  description: 'Reads one file.',
  instructions: 'You read.',
  tools: builtInTools,
};
const main: Agent = { name: 'main', description: '', instructions: 'You delegate.', agents: [reader] };

const ask = (task: string) => ({ name: 'ask_file_reader', input: { task } });
const read = (path: string) => ({ name: 'read_file', input: { path } });

async function play(script: readonly ScriptedMessage[], options: Partial<RunAgentOptions> = {}) {
  const project = await createTempProject({ 'a.txt': 'Total: 12', 'b.txt': 'Total: 30' });
  const engine = createScriptedEngine(script);
  const events: RunEvent[] = [];
  const { home, workspace } = project;
  const onEvent = (event: RunEvent) => events.push(event);
  const result = await runAgent({ agent: main, task: 'Go.', engine, workspace, home, onEvent, ...options });
  return { ...project, engine, events, result };
}

const resultsOf = (messages: readonly Message[]) =>
  messages.flatMap((message) => (message.role === 'tool' ? message.results : []));

test('an agent answers another one from a context and a thread of its own', async () => {
  const { engine, result, events, home } = await play([
    { toolCalls: [ask('What is the total in a.txt?')] },
    { toolCalls: [read('a.txt')] },
    { text: 'It is 12.' },
    { text: 'The total is 12.' },
  ]);
  engine.assertComplete();
  expect(result).toMatchObject({ stopReason: 'done', text: 'The total is 12.' });
  expect(resultsOf(result.messages).map(({ content }) => contentText(content))).toEqual(['It is 12.']);

  const [first, second, , last] = engine.requests.map(({ prompt }) => JSON.stringify(prompt));
  expect(first).toContain('You delegate.');
  expect(second).toContain('What is the total in a.txt?');
  expect(second).not.toContain('You delegate.');
  expect(last).not.toContain('Total: 12');
  const sessions = engine.requests.map(({ session }) => session);
  expect(new Set(sessions).size).toBe(2);
  expect(sessions[0]).toBe(sessions[3]);

  const nested = events.flatMap((event) => (event.type === 'agent-event' ? [event] : []));
  expect(nested.map(({ event }) => event.type)).toContain('tool-call-end');
  expect(new Set(nested.map(({ toolCallId, agent }) => `${toolCallId} ${agent}`))).toEqual(
    new Set(['call_1_1 file-reader']),
  );
  const { runs } = await readRuns(home);
  const starts = runs.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.type === 'run-start' ? [entry] : [])),
  );
  expect(starts.map(({ parent }) => parent)).toContainEqual({ runId: result.runId, toolCallId: 'call_1_1' });
  expect(foldThreads(runs)).toHaveLength(2);
});

test('the journal of a run does not hold what its agents did', async () => {
  const { result, home } = await play([
    { toolCalls: [ask('Read a.txt.')] },
    { toolCalls: [read('a.txt')] },
    { text: 'It is 12.' },
    { text: 'ok' },
  ]);
  const { runs } = await readRuns(home);
  const own = runs.find(({ runId }) => runId === result.runId);
  expect(JSON.stringify(own?.entries)).not.toContain('Total: 12');
  expect(JSON.stringify(runs)).toContain('Total: 12');
});

test('agents that are asked at once share the steps that are left, and one is kept for the answer', async () => {
  const seen: number[] = [];
  const loop = Array.from({ length: 20 }, (_, index) => ({
    toolCalls: [{ name: 'read_file', input: { path: `x${index}` } }],
  }));
  const { result, events } = await play([{ toolCalls: [ask('one'), ask('two')] }, ...loop], {
    agent: { ...main, limits: { maxSteps: 8 } },
  });
  for (const event of events)
    if (event.type === 'agent-event' && event.event.type === 'run-end') seen.push(event.event.steps);
  expect(seen).toEqual([3, 3]);
  expect(
    resultsOf(result.messages)
      .map(({ isError }) => isError)
      .slice(0, 2),
  ).toEqual([true, true]);
  // One of its own, six of theirs, and the last one, whose calls are not made any more.
  expect(result).toMatchObject({ stopReason: 'outOfSteps', steps: 2 });
});

test('a step that cannot be shared goes to the first who was asked, and the sentence says whose limit it was', async () => {
  const { result } = await play(
    [{ toolCalls: [ask('one'), ask('two')] }, { toolCalls: [read('a.txt')] }, { text: 'Half of it.' }],
    { agent: { ...main, limits: { maxSteps: 3 } } },
  );
  expect(resultsOf(result.messages).map(({ content }) => contentText(content))).toEqual([
    'The agent file-reader did not finish. It took all the steps that were left for it (1).',
    'No steps are left for the agent file-reader. Answer with what you have.',
  ]);
});

test('where no steps are left an agent is not started', async () => {
  const { result, engine } = await play([{ toolCalls: [ask('one')] }, { text: 'Nothing found.' }], {
    agent: { ...main, limits: { maxSteps: 2 } },
  });
  expect(engine.requests).toHaveLength(2);
  expect(resultsOf(result.messages)[0]).toMatchObject({
    isError: true,
    content: [{ text: 'No steps are left for the agent file-reader. Answer with what you have.' }],
  });
});

test('an agent asks for the same approval as the one that asked it', async () => {
  const asked: string[] = [];
  const script = [
    { toolCalls: [ask('Write it.')] },
    { toolCalls: [{ name: 'write_file', input: { path: 'a.txt', content: 'gone' } }] },
    { text: 'Done.' },
    { text: 'ok' },
  ];
  const { workspace } = await play(script, {
    approve: async ({ toolCall }) => {
      asked.push(toolCall.name);
      return 'deny';
    },
  });
  expect(asked).toEqual(['write_file']);
  expect(new TextDecoder().decode(await workspace.readBytes('a.txt'))).toBe('Total: 12');
});

test('a run ends as needsApproval where an agent of it needs one that nobody can give', async () => {
  const { result, engine } = await play([
    { toolCalls: [ask('Write it.')] },
    { toolCalls: [{ name: 'write_file', input: { path: 'a.txt', content: 'gone' } }] },
  ]);
  engine.assertComplete();
  expect(result.stopReason).toBe('needsApproval');
  expect(contentText(resultsOf(result.messages)[0]?.content ?? [])).toContain('needs approval');
});

test('a person is asked one question at a time, whichever agent has it', async () => {
  let open = 0;
  const seen: [string, number][] = [];
  const writing = { toolCalls: [{ name: 'write_file', input: { path: 'a.txt', content: 'gone' } }] };
  await play(
    [
      { toolCalls: [ask('One.'), ask('Two.')] },
      writing,
      writing,
      { text: 'x' },
      { text: 'y' },
      { text: 'z' },
    ],
    {
      approve: async ({ agent }) => {
        open += 1;
        seen.push([agent, open]);
        await setTimeout(5);
        open -= 1;
        return 'deny';
      },
    },
  );
  expect(seen).toEqual([
    ['file-reader', 1],
    ['file-reader', 1],
  ]);
});

test('an abort reaches the tool that an agent has called', async () => {
  const controller = new AbortController();
  let reason: unknown;
  const wait = defineTool({
    name: 'wait',
    description: 'Waits.',
    effect: 'read',
    input: z.object({}),
    run: (_, { signal }) =>
      new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(signal.reason);
        });
        controller.abort(new Error('enough'));
      }),
  });
  const { result } = await play(
    [{ toolCalls: [ask('Wait.')] }, { toolCalls: [{ name: 'wait', input: {} }] }],
    { agent: { ...main, agents: [{ ...reader, tools: [wait] }] }, signal: controller.signal },
  );
  expect(result.stopReason).toBe('aborted');
  expect(reason).toBeDefined();
});

const definition = (name: string, agents: readonly string[]): AgentDefinition => ({
  name,
  description: '',
  instructions: '',
  agents,
});

test.each([
  ['itself', [definition('a', ['a'])], 'in a circle: a -> a'],
  ['one that names it', [definition('a', ['b']), definition('b', ['a'])], 'in a circle: a -> b -> a'],
  [
    'one that is not there',
    [definition('a', ['x'])],
    'names the agent "x", which does not exist. There are: a.',
  ],
  [
    'a fourth level',
    [definition('a', ['b']), definition('b', ['c']), definition('c', ['d']), definition('d', [])],
    'over 3 levels, and these are more: a -> b -> c -> d',
  ],
])('an agent that names %s is refused', (_, definitions, sentence) => {
  const [first = definition('', [])] = definitions;
  expect(() => resolveAgent(first, [], definitions)).toThrow(sentence);
});

test('an agent stands among the tools of the one that may ask it', () => {
  const definitions = [
    definition('main', ['file-reader']),
    { ...definition('file-reader', []), description: 'Reads.' },
  ];
  const resolved = resolveAgent(definitions[0] ?? definition('', []), [], definitions);
  expect(toolsOf(resolved)).toMatchObject([
    { name: 'ask_file_reader', effect: 'read', description: 'Give a task to the agent file-reader. Reads.' },
  ]);
});
