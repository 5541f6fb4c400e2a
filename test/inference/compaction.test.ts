/** A record of a megabyte with a context of 4,096 tokens: the real engine, with calls as a larger model would make them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunEvent } from '../../src/events.ts';
import { foldThreads, readRuns } from '../../src/memory/threads.ts';
import { contentText, type Message } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { askDocument } from '../../tools/ask-document.ts';
import { readFile } from '../../tools/read-file.ts';
import { CORPORA } from '../helpers/bfcl.ts';
import { createTestEngine, forceMessages, type TestEngine, tokensOf } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const FHIR = join(CORPORA, 'fhir');
const largest = () => {
  const files = readdirSync(FHIR).map((name) => readFileSync(join(FHIR, name), 'utf8'));
  return files.sort((a, b) => b.length - a.length)[0] ?? '';
};
const generated = Array.from({ length: 20_000 }, (_, at) => `  "value ${at}": "${(at * 7919) % 10_007} mg"`);
const record = existsSync(FHIR) ? largest() : generated.join(',\n');

let bundled: TestEngine;
beforeAll(async () => {
  bundled = await createTestEngine({ contextTokens: 4096 });
});
afterAll(() => bundled[Symbol.asyncDispose]());

const agent: Agent = {
  name: 'reader',
  description: '',
  instructions: 'You read records.',
  tools: [readFile, askDocument],
  thinking: 200,
  limits: { maxSteps: 40 },
};
const call = (tool: string, input: Readonly<Record<string, string | number>>, thought = 'I read.') =>
  `${thought}\n</think>\n\n<tool_call>\n<function=${tool}>\n${Object.entries(input)
    .map(([key, value]) => `<parameter=${key}>\n${value}\n</parameter>\n`)
    .join('')}</function>\n</tool_call><|im_end|>`;
const read = (from_line: number) => call('read_file', { path: 'record.json', from_line });
const DONE = 'All read.\n</think>\n\nDone.<|im_end|>';

async function run(engine: Engine, options: Partial<RunAgentOptions> = {}) {
  const { home, workspace } = await createTempProject({ 'record.json': record });
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => events.push(event);
  const base = { agent, task: 'Read the record.', engine, workspace, home, onEvent, durable: false };
  return { result: await runAgent({ ...base, ...options }), events, home };
}

const resultsOf = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ content }) => contentText(content)) : [],
  );

/** The engine, made to write a message for each step, which is asked for with the prompt; a step that is tried again
 * gets the same one, and everything outside of the conversation is left to the model. */
function force(messageFor: (step: number, prompt: string) => string): Engine {
  let written = 0;
  return {
    ...forceMessages(bundled, []),
    async generate(request, options) {
      if (request.session === undefined) return bundled.generate(request, options);
      const prompt = request.prompt.map((part) => ('text' in part ? part.text : '')).join('');
      const forcedTokens = await tokensOf(bundled, messageFor(written + 1, prompt));
      const generation = await bundled.generate({ ...request, forcedTokens }, options);
      if (generation.finish === 'stop') written += 1;
      return generation;
    },
  };
}

/** Reads the record on and on, each time from the line that the last result names. */
const readOn = (steps: number): Engine =>
  force((step, prompt) => {
    const next = [...prompt.matchAll(/Read on with from_line (\d+)/g)].at(-1)?.[1] ?? '1';
    return step > steps ? DONE : read(Number(next));
  });

describe('a record that is longer than the context', () => {
  test('is read on and on in one run: old parts make room, and no line is left out', async () => {
    const engine = readOn(12);
    const { result, events, home } = await run(engine);
    expect(result).toMatchObject({ stopReason: 'done', text: 'Done.', steps: 13 });
    const compactions = events.filter((event) => event.type === 'context-compact');
    expect(compactions.length).toBeGreaterThan(2);
    for (const { promptTokens, roomTokens, dropped } of compactions) {
      expect(promptTokens).toBeGreaterThan(roomTokens);
      expect(dropped.length).toBeGreaterThan(0);
    }
    const parts = resultsOf(result.messages);
    const shown = parts.map((part) => part.replace(/\[Lines [^\]]*\]$/, '')).join('');
    expect(parts).toHaveLength(12);
    expect(shown.length).toBeGreaterThan(15_000);
    expect(record.startsWith(shown)).toBe(true);
    const [thread] = foldThreads((await readRuns(home)).runs);
    expect(thread?.context).toEqual(result.thread.context);
    expect(resultsOf(thread?.context ?? [])[0]).toMatch(/^\[Left out/);
  });

  test('is gone on with in another run as it was compacted, and nothing of it is evaluated twice', async () => {
    const first = await run(readOn(4));
    const [thread] = foldThreads((await readRuns(first.home)).runs);
    const engine = forceMessages(bundled, [DONE]);
    const { result, events } = await run(engine, {
      ...(thread && { thread }),
      home: first.home,
      task: 'And now?',
    });
    expect(result.stopReason).toBe('done');
    expect(events.filter(({ type }) => type === 'context-compact')).toEqual([]);
    expect(result.usage.evaluatedTokens).toBeLessThan(60);
    expect(result.usage.reusedTokens).toBeGreaterThan(1000);
    expect(resultsOf(result.messages)).toEqual(resultsOf(first.result.messages));
  });

  test('is asked about part by part, and every part is counted', async () => {
    const small = record.slice(0, 12_000);
    const { home, workspace } = await createTempProject({ 'small.json': small });
    const events: RunEvent[] = [];
    const ask = call('ask_document', { path: 'small.json', question: 'What is the patient?' });
    const engine = force((step) => (step === 1 ? ask : DONE));
    const onEvent = (event: RunEvent) => events.push(event);
    const result = await runAgent({ agent, task: 'Ask.', engine, workspace, home, onEvent });
    expect(result.stopReason).toBe('done');
    const asks = events.filter((event) => event.type === 'ask-end');
    const [text = ''] = resultsOf(result.messages);
    const [, parts] = /(?:in|of) (\d+) parts?/.exec(text) ?? [];
    expect(asks).toHaveLength(Number(parts));
    expect(asks.length).toBeGreaterThan(4);
    const reported = events.flatMap((event) => (event.type === 'tool-delta' ? [event.text] : []));
    expect(reported.at(-1)).toContain(`part ${parts} of ${parts}`);
    expect(result.usage.evaluatedTokens).toBeGreaterThan(small.length / 2);
  });
});

describe('a whole record of a megabyte', () => {
  test('is asked about in parts that hold every line of it, and the answers are put together', async () => {
    const { home, workspace } = await createTempProject({ 'record.json': record });
    const input = { path: 'record.json', question: 'Which allergy?' };
    const answers = Array.from({ length: 200 }, (_, at) => ({ text: at === 40 ? 'Peanuts.' : 'Not here.' }));
    const engine = createScriptedEngine([{ toolCalls: [{ name: 'ask_document', input }] }, ...answers]);
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => events.push(event);
    await runAgent({
      agent,
      task: 'Ask.',
      engine,
      workspace,
      home,
      onEvent,
      durable: false,
    });
    const parts = engine.requests
      .filter(({ session }) => session === undefined)
      .map(({ prompt }) => {
        const text = prompt.map((part) => ('text' in part ? part.text : '')).join('');
        return /Text:\n(.*)\n\nQuestion: Which allergy\?/s.exec(text)?.[1];
      });
    expect(parts.join('\n') === record.trimEnd()).toBe(true);
    expect(events.filter(({ type }) => type === 'ask-end')).toHaveLength(parts.length);
    const ends = events.flatMap((event) => (event.type === 'tool-call-end' ? [event.result] : []));
    const lineCount = record.trimEnd().split('\n').length.toLocaleString('en');
    expect(contentText(ends[0]?.content ?? [])).toMatch(
      new RegExp(
        `^Read all of it in ${parts.length} parts \\(${lineCount} lines\\)\\. Nothing about it in ${parts.length - 1} parts\\.\\nPart 41 \\(lines \\d+-\\d+\\): Peanuts\\.$`,
      ),
    );
  });
});

describe('what a larger model does in a small context', () => {
  test('a thought that fills the context makes old parts go, and is tried once more', async () => {
    const forced = [read(1), read(40), `${'I wonder about this. '.repeat(700)}`, DONE];
    const { result, events } = await run(forceMessages(bundled, forced));
    expect(result).toMatchObject({ stopReason: 'done', text: 'Done.', steps: 3 });
    expect(events.filter(({ type }) => type === 'context-compact')).toHaveLength(1);
  });

  test('eight calls at once share the room', async () => {
    const many = Array.from({ length: 8 }, (_, at) => read(at * 100 + 1).replace('<|im_end|>', ''));
    const message = many
      .map((text, at) => (at === 0 ? text : text.replace(/^.*<\/think>\n\n/s, '\n')))
      .join('');
    const { result } = await run(forceMessages(bundled, [`${message}<|im_end|>`, DONE]));
    expect(result.stopReason).toBe('done');
    const results = resultsOf(result.messages);
    expect(results).toHaveLength(8);
    for (const text of results) expect(text).toMatch(/Read on with from_line \d+\.\]$/);
  });
});
