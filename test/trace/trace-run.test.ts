import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import { noUsage, type RunEvent } from '../../src/events.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { traceRun } from '../../src/trace/trace-run.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { readTrace, toTree } from './read-trace.ts';

const read = (path: string) => ({ name: 'read_file', input: { path } });
const summarise = defineTool({
  name: 'summarise',
  description: 'Asks the model.',
  effect: 'read',
  input: z.object({}),
  run: (_, { ask }) => ask({ instructions: 'Shorten.', text: 'Secret of the tool' }),
});

const written = vi.hoisted(() => ({ breaks: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeSync = (...args: Parameters<typeof fs.writeSync>) => {
    if (written.breaks) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    return fs.writeSync(...args);
  };
  return { ...fs, writeSync };
});
afterEach(() => {
  written.breaks = false;
});

/** Plays a run with a trace, and reads it. */
async function play(script: readonly ScriptedMessage[], options: Partial<RunAgentOptions> = {}) {
  const { home, folder, workspace } = await createTempProject({ 'a.txt': 'Secret of the file' });
  const path = join(folder, 'trace.jsonl');
  const agent = {
    name: 'clerk',
    description: '',
    instructions: 'Secret of the agent',
    tools: [...builtInTools, summarise],
  };
  let problem: string | undefined;
  {
    using trace = traceRun(path);
    const { onEvent } = trace;
    const engine = options.engine ?? createScriptedEngine(script);
    const run = { agent, task: 'Secret of the user', workspace, home, engine, onEvent };
    await runAgent({ ...run, ...options }).catch(() => {});
    problem = trace.problem;
  }
  return { path, problem, spans: await readTrace(path) };
}

describe('a traced run', () => {
  test('has a span for the run, for each step and for each call, with the names of the conventions', async () => {
    const { spans } = await play([
      { text: 'I look.', toolCalls: [read('a.txt')] },
      { text: 'Done.', finish: 'stop' },
    ]);
    expect(toTree(spans)).toBe('invoke_agent clerk(chat scripted, execute_tool read_file, chat scripted)');
    const [step, call, , run] = spans;
    expect(run?.values).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'sotto',
      'gen_ai.agent.name': 'clerk',
      'gen_ai.conversation.id': expect.stringMatching(/^\d{8}-/),
      'sotto.stop_reason': 'done',
      'sotto.steps': '2',
    });
    expect(step?.values).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'scripted',
      'gen_ai.conversation.id': run?.values['gen_ai.conversation.id'],
      'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
    });
    expect(call?.values).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'read_file',
      'gen_ai.tool.call.id': 'call_1_1',
      'gen_ai.tool.type': 'function',
    });
    expect([step, call, run].map((span) => span?.kind)).toEqual([3, 1, 1]);
    expect(spans.map(({ status }) => status)).toEqual([{}, {}, {}, {}]);
  });

  test('is OTLP JSON: ids of hex digits, times as strings of nanoseconds, whole numbers as strings', async () => {
    const { spans } = await play([{ text: '', toolCalls: [read('a.txt')] }, { text: 'Done.' }]);
    const now = BigInt(Date.now()) * 1_000_000n;
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(span.startTimeUnixNano).toMatch(/^\d{13}000000$/);
      const [start, end] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
      expect(start <= end && end <= now).toBe(true);
    }
    expect(spans.at(-1)?.values['gen_ai.usage.output_tokens']).toBe('0');
  });

  test('holds nothing of what was said, called and read', async () => {
    const { path } = await play([
      { thinking: 'Secret thought', text: 'Secret text', toolCalls: [read('a.txt'), read('Secret path')] },
      { toolCalls: [{ name: 'summarise', input: {} }] },
      { text: 'Secret of the asked' },
      { toolCalls: [{ name: 'Secret name', input: { key: 'Secret input' } }] },
      new Error('Secret failure'),
    ]);
    expect(await readFile(path, 'utf8')).not.toMatch(/secret/i);
  });

  test('has what a tool asked the model below the call of that tool', async () => {
    const { spans } = await play([
      { toolCalls: [{ name: 'summarise', input: {} }] },
      { text: 'Short.' },
      { text: 'Done.' },
    ]);
    expect(toTree(spans)).toBe(
      'invoke_agent clerk(chat scripted, execute_tool summarise(chat scripted), chat scripted)',
    );
  });

  test('has the run of a sub-agent below the call of it, and ends it with the run that was aborted', async () => {
    const stop = new AbortController();
    const halt = defineTool({
      name: 'halt',
      description: '',
      effect: 'read',
      input: z.object({}),
      run: () => {
        stop.abort();
        return new Promise<string>(() => {});
      },
    });
    const reader = { name: 'reader', description: '', instructions: '', tools: [halt] };
    const agent = { name: 'clerk', description: '', instructions: '', agents: [reader] };
    const ask = { name: 'ask_reader', input: { task: 'Secret task' } };
    const { spans, path } = await play(
      [
        { toolCalls: [ask] },
        { text: 'It is read.' },
        { toolCalls: [ask] },
        { toolCalls: [{ name: 'halt', input: {} }] },
      ],
      { agent, signal: stop.signal },
    );
    expect(toTree(spans)).toBe(
      'invoke_agent clerk(chat scripted, execute_tool ask_reader(invoke_agent reader(chat scripted)), ' +
        'chat scripted, execute_tool ask_reader(invoke_agent reader(chat scripted, execute_tool halt)))',
    );
    expect(spans.slice(-4).map(({ name, values }) => [name, values['error.type']])).toEqual([
      ['execute_tool halt', 'aborted'],
      ['invoke_agent reader', 'aborted'],
      ['execute_tool ask_reader', 'aborted'],
      ['invoke_agent clerk', 'aborted'],
    ]);
    expect(await readFile(path, 'utf8')).not.toMatch(/secret/i);
  });

  test('marks a call that failed, and one that was never made', async () => {
    const { spans } = await play([
      { toolCalls: [read('no.txt')] },
      { toolCalls: [{ name: 'fly', input: {} }] },
      { text: 'Done.' },
    ]);
    const calls = spans.filter(({ name }) => name.startsWith('execute_tool'));
    expect(calls.map(({ name, status, values }) => [name, status.code, values['error.type']])).toEqual([
      ['execute_tool read_file', 2, 'tool_error'],
      ['execute_tool fly', 2, 'not_made'],
    ]);
  });

  test('ends the spans of a run that failed, with an error', async () => {
    const { spans } = await play([{ toolCalls: [read('a.txt')] }, new Error('broken')]);
    const ends = spans.map(({ name, status, values }) => [name, status.code, values['error.type']]);
    expect(ends.slice(2)).toEqual([
      ['chat scripted', 2, 'failed'],
      ['invoke_agent clerk', 2, 'failed'],
    ]);
  });

  test('ends the spans of a run that was aborted within a call, with an error', async () => {
    const stop = new AbortController();
    const hang = defineTool({
      name: 'hang',
      description: '',
      effect: 'read',
      input: z.object({}),
      run: () => {
        stop.abort();
        return new Promise<string>(() => {});
      },
    });
    const { spans } = await play([{ toolCalls: [{ name: 'hang', input: {} }] }], {
      agent: { name: 'clerk', description: '', instructions: '', tools: [hang] },
      signal: stop.signal,
    });
    expect(spans.map(({ name, values }) => [name, values['error.type']])).toEqual([
      ['chat scripted', undefined],
      ['execute_tool hang', 'aborted'],
      ['invoke_agent clerk', 'aborted'],
    ]);
  });

  test('counts the tokens of the bundled model, those that were there among the input', async () => {
    await using engine = await createTestEngine();
    const { spans } = await play([], { engine, task: 'What is the total in a.txt?' });
    const steps = spans.filter(({ name }) => name === 'chat tiny-qwen35');
    expect(steps.length).toBeGreaterThan(1);
    const sum = (key: string) => steps.reduce((total, { values }) => total + Number(values[key]), 0);
    const run = spans.at(-1)?.values ?? {};
    for (const kind of ['input_tokens', 'cache_read.input_tokens', 'output_tokens']) {
      expect(Number(run[`gen_ai.usage.${kind}`])).toBe(sum(`gen_ai.usage.${kind}`));
      expect(sum(`gen_ai.usage.${kind}`)).toBeGreaterThan(0);
    }
    const second = steps[1]?.values ?? {};
    expect(Number(second['gen_ai.usage.cache_read.input_tokens'])).toBeLessThan(
      Number(second['gen_ai.usage.input_tokens']),
    );
    expect(Number(steps[0]?.values['gen_ai.response.time_to_first_chunk'])).toBeGreaterThan(0);
  });
});

describe('the events of other runs', () => {
  const start = (agent: string, at: string): RunEvent => {
    const model = { name: 'm', fingerprint: 'f' };
    const fact = {
      type: 'run-start',
      runId: agent,
      threadId: agent,
      turn: 1,
      agent,
      model,
      seal: 'none',
    } as const;
    return { ...fact, at } as RunEvent;
  };
  const end: RunEvent = { type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage };
  const call = (id: string): RunEvent => ({
    type: 'tool-call-start',
    toolCall: { id, name: 'ask_reader', input: {} },
  });
  const inner = (toolCallId: string, event: RunEvent): RunEvent => ({
    type: 'agent-event',
    toolCallId,
    agent: 'reader',
    event,
  });

  async function trace(events: readonly RunEvent[]) {
    const { folder } = await createTempProject();
    const path = join(folder, 'trace.jsonl');
    const trace = traceRun(path);
    for (const event of events) trace.onEvent(event);
    trace[Symbol.dispose]();
    return readTrace(path);
  }

  test('of sub-agents that work side by side lie below the calls that began them, in the same trace', async () => {
    const at = '2026-11-21T10:00:00.000Z';
    const spans = await trace([
      start('clerk', at),
      call('a'),
      call('b'),
      inner('b', start('second', at)),
      inner('a', start('first', at)),
      inner('a', end),
      inner('b', end),
      { type: 'tool-call-end', result: { toolCallId: 'a', isError: false, content: [] }, durationMs: 1 },
      { type: 'tool-call-end', result: { toolCallId: 'b', isError: false, content: [] }, durationMs: 1 },
      end,
    ]);
    expect(toTree(spans)).toBe(
      'invoke_agent clerk(execute_tool ask_reader(invoke_agent first), execute_tool ask_reader(invoke_agent second))',
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('take their times from the journal', async () => {
    const [span] = await trace([
      start('clerk', '2026-11-21T10:00:00.123Z'),
      { ...end, at: '2026-11-21T10:00:02.000Z' } as RunEvent,
    ]);
    expect(span).toMatchObject({
      startTimeUnixNano: `${Date.UTC(2026, 10, 21, 10, 0, 0, 123)}000000`,
      endTimeUnixNano: `${Date.UTC(2026, 10, 21, 10, 0, 2)}000000`,
    });
  });

  test('that follow each other are traces of their own, and one without an end is ended as an error', async () => {
    const at = '2026-11-21T10:00:00.000Z';
    const spans = await trace([
      start('first', at),
      { type: 'step-start', step: 1 },
      start('second', at),
      end,
      start('third', at),
    ]);
    expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
      ['chat m', 2],
      ['invoke_agent first', 2],
      ['invoke_agent second', undefined],
      ['invoke_agent third', 2],
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
  });
});

describe('the file of a trace', () => {
  test('is for the user alone, and is gone on with, also behind a line that was cut off', async () => {
    const { path } = await play([{ text: 'Done.' }]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const before = await readFile(path, 'utf8');
    await writeFile(path, before.slice(0, -5));
    traceRun(path)[Symbol.dispose]();
    expect(await readFile(path, 'utf8')).toBe(`${before.slice(0, -5)}\n`);
  });

  test('that holds something else is left as it is', async () => {
    const { folder } = await createTempProject();
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'My notes');
    expect(() => traceRun(path)).toThrow(/holds something that is not a trace.*name another file/);
    await symlink(path, join(folder, 'link'));
    expect(() => traceRun(join(folder, 'link'))).toThrow(/not a trace/);
    expect(await readFile(path, 'utf8')).toBe('My notes');
  });

  test.each([
    ['a folder', '.', /EISDIR/],
    ['a file in a folder that does not exist', 'no/trace.jsonl', /ENOENT/],
    ['a device', '/dev/null', /it is not a file/],
  ])('that is %s is refused in a sentence', async (_, name, problem) => {
    const { folder } = await createTempProject();
    expect(() => traceRun(name.startsWith('/') ? name : join(folder, name))).toThrow(problem);
  });

  test('that cannot be written any more does not end the run, and says so', async () => {
    const { folder, home, workspace } = await createTempProject();
    using trace = traceRun(join(folder, 'trace.jsonl'));
    const agent = { name: 'clerk', description: '', instructions: '' };
    const engine = createScriptedEngine([{ text: 'Done.' }]);
    const onEvent = (event: RunEvent) => {
      written.breaks = event.type === 'step-end';
      trace.onEvent(event);
      written.breaks = false;
    };
    const result = await runAgent({ agent, task: 'Go.', engine, workspace, home, onEvent });
    expect(result.stopReason).toBe('done');
    expect(trace.problem).toMatch(/is not whole.*ENOSPC/);
  });
});
