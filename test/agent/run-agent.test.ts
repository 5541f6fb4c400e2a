import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import { EngineCrashError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { foldThreads, readRuns } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const call = (name: string, input: Record<string, string | number>) => ({ name, input });
const read = (path: string) => call('read_file', { path });
const write = (path: string, content = 'x') => call('write_file', { path, content });

const boom = defineTool({
  name: 'boom',
  description: 'Fails.',
  effect: 'read',
  input: z.object({}),
  run: () => {
    throw new Error('it broke\n    at a line of code');
  },
});
const send = defineTool({
  name: 'send',
  description: 'Sends.',
  effect: 'external',
  input: z.object({ to: z.string() }),
  run: ({ to }) => `Sent to ${to}.`,
});

async function play(
  script: readonly ScriptedMessage[],
  options: Partial<RunAgentOptions> & {
    readonly files?: Record<string, string>;
    readonly definition?: Partial<Agent>;
  } = {},
) {
  const { files, definition, ...rest } = options;
  const project = await createTempProject(files);
  const engine = createScriptedEngine(script);
  const events: RunEvent[] = [];
  const agent: Agent = {
    name: 'clerk',
    description: '',
    instructions: '',
    tools: [...builtInTools, boom, send],
    ...definition,
  };
  const { home, workspace } = project;
  const onEvent = (event: RunEvent) => events.push(event);
  const result = await runAgent({ agent, task: 'Do it.', engine, workspace, home, onEvent, ...rest });
  return { ...project, engine, events, result };
}

const resultsOf = (messages: readonly Message[]) =>
  messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
const textsOf = (messages: readonly Message[]) =>
  resultsOf(messages).map(({ content }) => contentText(content));

describe('a run', () => {
  test('ends as done with the answer, its events in order', async () => {
    const { result, events, engine } = await play(
      [{ thinking: 'Hm.', text: 'I look.', toolCalls: [read('a.txt')] }, { text: 'It is 12.' }],
      { files: { 'a.txt': 'Total: 12' } },
    );
    expect(result).toMatchObject({ stopReason: 'done', text: 'It is 12.', steps: 2 });
    expect(events.map(({ type }) => type)).toEqual([
      'run-start',
      'step-start',
      'thinking-delta',
      'text-delta',
      'step-end',
      'tool-call-start',
      'tool-call-end',
      'step-start',
      'text-delta',
      'step-end',
      'run-end',
    ]);
    engine.assertComplete();
  });

  test('shows the model what its tools returned', async () => {
    const { engine } = await play([{ toolCalls: [read('a.txt')] }, { text: 'ok' }], {
      files: { 'a.txt': 'Total: 12' },
    });
    expect(JSON.stringify(engine.requests[1]?.prompt)).toContain('Total: 12');
  });

  test('goes on with a thread, folded from its journals', async () => {
    const first = await play([{ toolCalls: [read('a.txt')] }, { text: 'It is 12.' }], {
      files: { 'a.txt': 'Total: 12' },
    });
    const { runs } = await readRuns(first.home);
    const [thread] = foldThreads(runs);
    expect(thread?.messages).toEqual(first.result.messages);
    const engine = createScriptedEngine([{ text: 'As I said.' }]);
    const { home, workspace } = first;
    const agent: Agent = { name: 'clerk', description: '', instructions: '' };
    await runAgent({ agent, task: 'And now?', engine, workspace, home, ...(thread && { thread }) });
    expect(JSON.stringify(engine.requests[0]?.prompt)).toContain('It is 12.');
    const [grown] = foldThreads((await readRuns(home)).runs);
    expect(grown?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
      'assistant',
    ]);
  });
});

describe('the end of a run', () => {
  const again = { toolCalls: [read('a.txt')] };
  test.each<[string, ScriptedMessage[], Partial<Agent>, object]>([
    [
      'outOfSteps',
      [{ toolCalls: [read('a')] }, { toolCalls: [read('b')] }],
      { limits: { maxSteps: 2 } },
      { stopReason: 'outOfSteps', steps: 2 },
    ],
    [
      'done, when the answer comes on the last step',
      [{ toolCalls: [read('a')] }, { text: 'ok' }],
      { limits: { maxSteps: 2 } },
      { stopReason: 'done' },
    ],
    [
      'repeated, after three equal calls in three steps',
      [again, again, again],
      {},
      { stopReason: 'repeated', steps: 3 },
    ],
    [
      'repeated, after three equal calls in one step',
      [{ toolCalls: [read('a'), read('a'), read('a')] }],
      {},
      { stopReason: 'repeated' },
    ],
    [
      'done, when the third call differs',
      [again, again, { toolCalls: [read('b')] }, { text: 'ok' }],
      {},
      { stopReason: 'done', steps: 4 },
    ],
    [
      'failed, without an answer',
      [{ thinking: 'Hm.' }],
      {},
      { stopReason: 'failed', reason: 'The model ended without an answer.' },
    ],
    [
      'failed, when the answer is cut off',
      [{ text: 'It is', finish: 'maxTokens' }],
      {},
      { stopReason: 'failed', text: 'It is' },
    ],
    [
      'failed, when the engine fails',
      [new Error('no model')],
      {},
      { stopReason: 'failed', reason: 'no model' },
    ],
    [
      'needsApproval, with nobody to ask',
      [{ toolCalls: [send.name].map((name) => call(name, { to: 'x' })) }],
      {},
      { stopReason: 'needsApproval' },
    ],
  ])('is %s', async (_, script, definition, expected) => {
    const { result, events } = await play(script, { definition });
    expect(result).toMatchObject(expected);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', stopReason: result.stopReason });
  });

  test('is aborted at once when the signal fires during a tool, and the call is left without a result', async () => {
    const controller = new AbortController();
    const slow = defineTool({
      name: 'slow',
      description: '',
      effect: 'read',
      input: z.object({}),
      run: () => {
        controller.abort(new Error('stop'));
        return new Promise<string>(() => {});
      },
    });
    const { result, home } = await play([{ toolCalls: [call('slow', {})] }], {
      signal: controller.signal,
      definition: { tools: [slow] },
    });
    expect(result.stopReason).toBe('aborted');
    const [thread] = foldThreads((await readRuns(home)).runs);
    expect(textsOf(thread?.messages ?? [])).toEqual([
      expect.stringContaining('whether it took effect is not known'),
    ]);
  });

  test('is aborted before anything happens when the signal has fired already', async () => {
    const { result, engine } = await play([{ text: 'never' }], {
      signal: AbortSignal.abort(new Error('stop')),
    });
    expect(result.stopReason).toBe('aborted');
    expect(engine.requests).toEqual([]);
  });
});

describe('a tool call that goes wrong', () => {
  test.each<[string, ReturnType<typeof call> & { problem?: string }, RegExp]>([
    ['an unknown tool', call('fly', {}), /There is no tool "fly"\. The tools are: .*read_file/],
    ['a missing parameter', call('read_file', {}), /was not made.*path/s],
    ['a misspelt parameter', call('read_file', { pth: 'a' }), /was not made.*pth/s],
    ['a value of the wrong type', call('read_file', { path: 3 }), /was not made.*path/s],
    [
      'a call that could not be read',
      { ...read('a'), problem: 'The call was cut off.' },
      /^The call was cut off\.$/,
    ],
    ['a handler that throws', call('boom', {}), /^boom failed: it broke$/],
    ['a path outside the workspace', read('../a'), /outside the workspace/],
    ['a write outside the workspace', write('../a'), /outside the workspace/],
  ])('is an error result that says what to do: %s', async (_, toolCall, pattern) => {
    const { result, events } = await play([{ toolCalls: [toolCall] }, { text: 'ok' }]);
    expect(result.stopReason).toBe('done');
    expect(resultsOf(result.messages)).toEqual([expect.objectContaining({ isError: true })]);
    expect(textsOf(result.messages)[0]).toMatch(pattern);
    expect(events.some(({ type }) => type === 'tool-call-start')).toBe(
      toolCall.name === 'boom' ||
        /^read.*\.\./.test(JSON.stringify(toolCall)) ||
        (toolCall.name === 'read_file' && toolCall.input.path === '../a'),
    );
  });

  test('is stopped at its timeout', async () => {
    const hang = defineTool({
      name: 'hang',
      description: '',
      effect: 'read',
      timeoutMs: 20,
      input: z.object({}),
      run: () => new Promise<string>(() => {}),
    });
    const { result } = await play([{ toolCalls: [call('hang', {})] }, { text: 'ok' }], {
      definition: { tools: [hang] },
    });
    expect(textsOf(result.messages)).toEqual(['hang took longer than 0.02 s and was stopped.']);
  });
});

describe('calls of one step', () => {
  const traced = (effect: 'read' | 'write') => {
    const trace: string[] = [];
    const make = (name: string) =>
      defineTool({
        name,
        description: '',
        effect,
        input: z.object({}),
        writes: () => ['out/x'],
        run: async () => {
          trace.push(`${name} starts`);
          await new Promise((resolve) => setImmediate(resolve));
          trace.push(`${name} ends`);
          return name;
        },
      });
    return { trace, tools: [make('one'), make('two')] };
  };
  test.each([
    ['side by side when all read', 'read' as const, ['one starts', 'two starts', 'one ends', 'two ends']],
    ['in order otherwise', 'write' as const, ['one starts', 'one ends', 'two starts', 'two ends']],
  ])('run %s', async (_, effect, expected) => {
    const { trace, tools } = traced(effect);
    const { result } = await play([{ toolCalls: [call('one', {}), call('two', {})] }, { text: 'ok' }], {
      definition: { tools },
    });
    expect(trace).toEqual(expected);
    expect(textsOf(result.messages)).toEqual(['one', 'two']);
  });
});

describe('the policy', () => {
  const script: ScriptedMessage[] = [{ toolCalls: [write('notes.txt', 'mine')] }, { text: 'ok' }];

  test('lets a new file be written inside out/', async () => {
    const { result, workspace } = await play([{ toolCalls: [write('out/a.txt', 'mine')] }, { text: 'ok' }]);
    expect(result.stopReason).toBe('done');
    expect(await readFile(join(workspace.root, 'out/a.txt'), 'utf8')).toBe('mine');
  });

  test.each([['notes.txt'], ['out/../notes.txt'], ['output/a.txt'], ['out']])(
    'does not let %s be written without being asked',
    async (path) => {
      const { result, workspace } = await play([{ toolCalls: [write(path, 'mine')] }]);
      expect(result.stopReason).toBe('needsApproval');
      await expect(readFile(join(workspace.root, 'notes.txt'))).rejects.toThrow();
    },
  );

  test.each<[string, Partial<RunAgentOptions> & { definition?: Partial<Agent> }]>([
    ['a person allows it', { approve: async () => 'allow' }],
    ['the caller named the tool', { approved: ['write_file'] }],
    ['the agent’s definition names the tool', { definition: { approve: ['write_file'] } }],
  ])('lets it be written when %s', async (_, options) => {
    const { result, workspace } = await play(script, options);
    expect(result.stopReason).toBe('done');
    expect(await readFile(join(workspace.root, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('tells the model when a person refuses, and the run goes on', async () => {
    const { result, workspace, events } = await play(script, { approve: async () => 'deny' });
    expect(result.stopReason).toBe('done');
    expect(textsOf(result.messages)).toEqual([expect.stringMatching(/refused: the user said no/)]);
    await expect(readFile(join(workspace.root, 'notes.txt'))).rejects.toThrow();
    expect(events).toContainEqual(expect.objectContaining({ type: 'approval-end', decision: 'deny' }));
  });

  test('asks only about what it does not allow', async () => {
    const asked: string[] = [];
    await play([{ toolCalls: [read('a'), write('out/b'), write('c')] }, { text: 'ok' }], {
      approve: async ({ toolCall }) => {
        asked.push(String(toolCall.input.path));
        return 'allow';
      },
    });
    expect(asked).toEqual(['c']);
  });
});

describe('the journal', () => {
  test('holds every fact once, numbered, the intent of a call before its effect', async () => {
    let seen: string[] = [];
    const project = await createTempProject();
    const spy = defineTool({
      name: 'spy',
      description: '',
      effect: 'read',
      input: z.object({}),
      run: async () => {
        const [runId = ''] = (await readRuns(project.home)).runs.map((run) => run.runId);
        seen = (await readJournal(project.home, runId)).map(({ type }) => type);
        return 'seen';
      },
    });
    const engine = createScriptedEngine([{ text: 'I look.', toolCalls: [call('spy', {})] }, { text: 'ok' }]);
    const agent: Agent = { name: 'clerk', description: '', instructions: '', tools: [spy] };
    const { home, workspace } = project;
    const { runId } = await runAgent({ agent, task: 'Do it.', engine, workspace, home });
    expect(seen).toEqual(['run-start', 'step-start', 'step-end', 'tool-call-start']);
    const entries = await readJournal(home, runId);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ type }) => type)).not.toContain('text-delta');
  });
});

test('a step is tried once more when the engine’s process dies, and the run says so', async () => {
  const crash = new EngineCrashError({ exit: 'SIGSEGV' });
  const { result, events } = await play([crash, { text: 'ok' }]);
  expect(result.stopReason).toBe('done');
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'engine-restart', reason: expect.stringContaining('SIGSEGV') }),
  );
  const twice = await play([crash, crash]);
  expect(twice.result).toMatchObject({ stopReason: 'failed', reason: expect.stringContaining('SIGSEGV') });
});

describe('code of a user’s own', () => {
  const odd = (name: string, run: () => unknown) =>
    defineTool({ name, description: '', effect: 'read', input: z.object({}), run: run as () => string });
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { foo: 1 }],
    ['a list of numbers', [1, 2]],
    ['a part that is no text', [{ type: 'image' }]],
    ['a failure without a text', { isError: true }],
    ['a value that JSON does not know', [{ type: 'text', text: 1n }]],
  ])('a tool that returns %s fails, and the run goes on', async (_, output) => {
    const { result } = await play([{ toolCalls: [call('odd', {})] }, { text: 'ok' }], {
      definition: { tools: [odd('odd', () => output)] },
    });
    expect(result.stopReason).toBe('done');
    expect(resultsOf(result.messages)).toEqual([expect.objectContaining({ isError: true })]);
    expect(textsOf(result.messages)).toEqual(['The tool failed: it returned no text.']);
  });

  test('a check that throws is a result', async () => {
    const tool = {
      ...odd('odd', () => 'x'),
      check: () => {
        throw new Error('boo');
      },
    };
    const { result } = await play([{ toolCalls: [call('odd', {})] }, { text: 'ok' }], {
      definition: { tools: [tool] },
    });
    expect(textsOf(result.messages)).toEqual(['odd failed: boo']);
  });

  test('a result is cut to its share of the model’s context, at a line, and says so', async () => {
    const { result } = await play([{ toolCalls: [call('odd', {})] }, { text: 'ok' }], {
      definition: { tools: [odd('odd', () => 'a line of text\n'.repeat(10_000))] },
    });
    const [text = ''] = textsOf(result.messages);
    expect(text.length).toBeLessThan(17_000);
    expect(text).toMatch(/a line of text\n\[Cut off: these are the first \d+ of 150000 characters/);
  });

  test.each([true, undefined, 'yes', null])('an approval of %j is a no', async (answer) => {
    const { result } = await play([{ toolCalls: [write('notes.txt')] }, { text: 'ok' }], {
      approve: async () => answer as 'allow',
    });
    expect(textsOf(result.messages)).toEqual([expect.stringMatching(/refused: the user said no/)]);
  });

  test('a write tool that names no path is asked about', async () => {
    const tool = defineTool({
      name: 'odd',
      description: '',
      effect: 'write',
      input: z.object({}),
      writes: () => [],
      run: () => 'x',
    });
    const { result } = await play([{ toolCalls: [call('odd', {})] }], { definition: { tools: [tool] } });
    expect(result.stopReason).toBe('needsApproval');
  });

  test.each(['run-start', 'text-delta', 'step-end', 'run-end'])(
    'a listener that throws at %s stops the run, whose journal is whole',
    async (type) => {
      const project = await createTempProject();
      const engine = createScriptedEngine([{ text: 'ok' }]);
      const agent: Agent = { name: 'clerk', description: '', instructions: '' };
      const onEvent = (event: RunEvent) => {
        if (event.type === type) throw new Error('listener');
      };
      const { home, workspace } = project;
      await expect(runAgent({ agent, task: 'Do it.', engine, workspace, home, onEvent })).rejects.toThrow(
        'listener',
      );
      const [run] = (await readRuns(home)).runs;
      expect(run?.entries.at(-1)?.type).toBe('run-end');
    },
  );

  test('an approval that comes after the run was aborted reaches no journal', async () => {
    const controller = new AbortController();
    let allow = (_: 'allow') => {};
    const late = new Promise<'allow'>((resolve) => {
      allow = resolve;
    });
    const { home, result } = await play([{ toolCalls: [write('notes.txt')] }], {
      signal: controller.signal,
      approve: () => {
        controller.abort(new Error('stop'));
        return late;
      },
    });
    expect(result.stopReason).toBe('aborted');
    const before = await readJournal(home, result.runId);
    allow('allow');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await readJournal(home, result.runId)).toEqual(before);
  });
});
