import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createAnswerForm } from '../../src/agent/answer-form.ts';
import type { Agent } from '../../src/agent/define-agent.ts';
import { type RunAgentOptions, type RunResult, runAgent } from '../../src/agent/run-agent.ts';
import type { Run } from '../../src/agent/run-handle.ts';
import { ConfigError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { contentText, type JsonObject } from '../../src/messages.ts';
import type { OutputSchema } from '../../src/qwen/answer-schema.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const formOf = (schema: OutputSchema, isDirect = true) => createAnswerForm(schema, { isDirect });
const Dose = z.object({ dose: z.string(), milligrams: z.number() });
const FITS = '{"dose": "5 mg", "milligrams": 5}';

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  effect: 'read',
  input: z.object({}),
  run: () => 'Dose: 5 mg',
});
const CALL = { name: 'look', input: {} };

async function play<Output>(
  script: readonly ScriptedMessage[],
  output: OutputSchema<Output>,
  options: Partial<RunAgentOptions> & { readonly definition?: Partial<Agent> } = {},
) {
  const { definition, ...rest } = options;
  const { home, workspace } = await createTempProject();
  const engine = createScriptedEngine(script);
  const events: RunEvent[] = [];
  const agent: Agent = { name: 'a', description: '', instructions: '', tools: [look], ...definition };
  const onEvent = (event: RunEvent) => events.push(event);
  const result = await runAgent({ agent, task: 'Dose?', engine, workspace, home, onEvent, ...rest, output });
  engine.assertComplete();
  return { result, engine, events, home };
}
const asked = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'user-message' ? [contentText(event.message.content)] : []));
const endOf = (events: readonly RunEvent[]) => events.find((event) => event.type === 'run-end');

describe('an agent with tools', () => {
  test('whose answer fits is not asked again', async () => {
    const { result, engine, events } = await play([{ toolCalls: [CALL] }, { text: FITS }], Dose);
    expect(result).toMatchObject({ stopReason: 'done', output: { dose: '5 mg', milligrams: 5 }, steps: 2 });
    expect(engine.requests.map(({ answer }) => answer)).toEqual([undefined, undefined]);
    expect(endOf(events)).toMatchObject({ output: { dose: '5 mg', milligrams: 5 } });
  });

  test('works freely, and is asked for its answer in the form once it has given it in words', async () => {
    const { result, engine, events } = await play(
      [{ toolCalls: [CALL] }, { text: 'It is 5 mg.' }, { text: FITS }],
      Dose,
    );
    expect(result).toMatchObject({ stopReason: 'done', output: { milligrams: 5 }, text: FITS });
    const [first, second, third] = engine.requests;
    expect(first).toMatchObject({ thinking: true, tools: [{ name: 'look' }] });
    expect(second).not.toHaveProperty('answer');
    expect(third).toMatchObject({ thinking: false, tools: [], answer: { properties: { dose: {} } } });
    expect(asked(events)).toEqual([expect.stringMatching(/^Now give your answer as JSON.*"milligrams"/s)]);
  });

  test('that calls a tool beside an answer goes on with its result', async () => {
    const { result } = await play([{ text: FITS, toolCalls: [CALL] }, { text: FITS }], Dose);
    expect(result).toMatchObject({ stopReason: 'done', steps: 2, output: { milligrams: 5 } });
  });

  test('that calls a tool where its answer was asked for is given the result, and asked again', async () => {
    const { result, events } = await play(
      [{ text: 'It is 5 mg.' }, { toolCalls: [CALL] }, { text: 'Still 5 mg.' }, { text: FITS }],
      Dose,
    );
    expect(result).toMatchObject({ stopReason: 'done', steps: 4 });
    expect(asked(events)).toHaveLength(2);
  });

  test('is told what is wrong with JSON that does not fit', async () => {
    const { result, events } = await play([{ text: '{"dose": "5 mg"}' }, { text: FITS }], Dose);
    expect(result.stopReason).toBe('done');
    expect(asked(events)).toEqual([expect.stringMatching(/does not fit.*milligrams.*whole answer again/s)]);
  });

  test('whose answer never fits fails after two requests, in a sentence, and nothing is lost', async () => {
    const texts = ['In words.', '{"dose": 1}', '{"dose": "5 mg", "milligrams": "5"}'];
    const { result, events, home } = await play(
      texts.map((text) => ({ text })),
      Dose,
    );
    expect(result).toMatchObject({ stopReason: 'failed', steps: 3 });
    expect(result.output).toBeUndefined();
    expect(result.reason).toMatch(
      /^The answer does not fit its schema: .*milligrams.* kept in the thread\.$/,
    );
    expect(endOf(events)).not.toHaveProperty('output');
    const journal = await readJournal(home, result.runId);
    expect(journal.flatMap((entry) => (entry.type === 'step-end' ? [entry.message.text] : []))).toEqual(
      texts,
    );
    expect(result.messages.at(-1)).toMatchObject({ role: 'assistant', text: texts[2] });
  });

  test('that is out of steps before it answers has no output', async () => {
    const { result } = await play([{ toolCalls: [CALL] }], Dose, { definition: { limits: { maxSteps: 1 } } });
    expect(result.stopReason).toBe('outOfSteps');
    expect(result).not.toHaveProperty('output');
  });

  test('that answers in words on its last step is still asked for the form', async () => {
    const { result } = await play([{ text: 'It is 5 mg.' }, { text: FITS }], Dose, {
      definition: { limits: { maxSteps: 1 } },
    });
    expect(result).toMatchObject({ stopReason: 'done', steps: 2, output: { milligrams: 5 } });
  });

  test('whose answer is cut off fails with that reason, and is not asked again', async () => {
    const { result } = await play([{ text: '{"dose": "5 m', finish: 'maxTokens' }], Dose);
    expect(result).toMatchObject({
      stopReason: 'failed',
      reason: expect.stringContaining('limits.maxTokens'),
    });
  });

  test('answers what was said meanwhile, however often it was asked for the form before', async () => {
    const { home, workspace } = await createTempProject();
    const script = ['Words.', '{}', '{"dose":1}', 'Words again.', FITS].map((text) => ({ text }));
    const engine = createScriptedEngine(script);
    const agent: Agent = { name: 'a', description: '', instructions: '', tools: [look] };
    const run: Run<RunResult<z.output<typeof Dose>>> = runAgent({
      agent,
      task: 'Dose?',
      engine,
      workspace,
      home,
      output: Dose,
      onEvent: (event) => void (event.type === 'step-start' && event.step === 3 && run.send('In mg!')),
    });
    expect(await run).toMatchObject({ stopReason: 'done', steps: 5, output: { milligrams: 5 } });
    engine.assertComplete();
  });
});

describe('an agent without tools', () => {
  test('is held to the form from its first message on, its thought free', async () => {
    const { result, engine, events } = await play([{ thinking: 'Hm.', text: FITS }], Dose, {
      definition: { tools: [] },
    });
    expect(result).toMatchObject({ stopReason: 'done', output: { milligrams: 5 } });
    expect(engine.requests).toMatchObject([{ thinking: true, tools: [], answer: { type: 'object' } }]);
    const start = events.find((event) => event.type === 'run-start');
    expect(contentText(start?.message?.content ?? [])).toMatch(
      /^Dose\?\n\nAnswer with JSON that fits.*"dose"/s,
    );
  });

  test('is told what the grammar could not hold it to', async () => {
    const { result, events } = await play([{ text: '"x"' }, { text: '"a@b.ch"' }], z.email(), {
      definition: { tools: [] },
    });
    expect(result).toMatchObject({ stopReason: 'done', output: 'a@b.ch' });
    expect(asked(events)).toEqual([expect.stringContaining('Invalid email address')]);
  });
});

describe('what a model writes', () => {
  const read = (text: string, schema: OutputSchema = Dose) => formOf(schema).read(text);

  test.each([
    ['JSON', FITS],
    ['in a fence', `\`\`\`json\n${FITS}\n\`\`\``],
    ['in a fence without a language, with white space round it', `\n\`\`\`\n${FITS}\n\`\`\`\n`],
    ['over many lines', JSON.stringify(JSON.parse(FITS), null, 2)],
  ])('is read: %s', (_, text) => {
    expect(read(text)).toMatchObject({ ok: true, output: { dose: '5 mg', milligrams: 5 } });
  });

  test.each([
    ['nothing', ''],
    ['prose round it', `Here it is: ${FITS}`],
    ['a fence in prose', `Here:\n\`\`\`json\n${FITS}\n\`\`\`\nThat is all.`],
    ['two values', `${FITS}\n${FITS}`],
    ['two fences', `\`\`\`json\n${FITS}\n\`\`\`\n\`\`\`json\n${FITS}\n\`\`\``],
    ['a trailing comma', '{"dose": "5 mg", "milligrams": 5,}'],
    ['NaN', '{"dose": "5 mg", "milligrams": NaN}'],
    ['cut off', '{"dose": "5 mg", "milli'],
    ['a call', '<tool_call>\n<function=look>\n</function>\n</tool_call>'],
  ])('is not JSON: %s', (_, text) => {
    expect(read(text)).toMatchObject({ ok: false, isJson: false });
  });

  test('does not fit with a member given twice: one of the two would be lost', () => {
    const twice = '{"dose": "5 mg", "milligrams": 5, "milligrams": 50}';
    expect(read(twice)).toEqual({ ok: false, isJson: true, problem: 'an object names a member twice' });
    const nested = z.array(z.object({ a: z.string() }));
    expect(read('[{"a": "\\"a\\":"}, {"a": "x\\\\"}]', nested)).toMatchObject({ ok: true });
    expect(read('[{"a": "x"}, {"a": "x", "\\u0061" : "y"}]', nested)).toMatchObject({ ok: false });
  });

  test('keeps its characters: emoji, pairs of surrogates, escapes', () => {
    expect(read('"😀 \\ud83d\\ude00 \\n \u202e"', z.string())).toMatchObject({ output: '😀 😀 \n \u202e' });
  });

  test('does not take the program down, however deep it is', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(read(deep, z.array(z.json()))).toMatchObject({ ok: false });
  });

  test('has its first problems told, not a thousand', () => {
    const result = read(JSON.stringify(Array(1000).fill('x')), z.array(z.number()));
    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining('… and 992 more') });
  });
});

describe('the output', () => {
  const value = async <Output>(text: string, output: OutputSchema<Output>) => {
    const { result, events } = await play([{ text }], output, { definition: { tools: [] } });
    return { output: result.output, told: endOf(events)?.output };
  };

  test('is what the schema makes of the JSON; the journal has the JSON as it was written', async () => {
    const Row = z.object({
      when: z.iso.date().transform((date) => new Date(date)),
      count: z.coerce.number(),
      cents: z.string().transform(BigInt),
      unit: z.string().default('mg'),
    });
    const json = { when: '2026-05-11', count: 3, cents: '12' };
    expect(await value(JSON.stringify(json), Row)).toEqual({
      output: { when: new Date('2026-05-11'), count: 3, cents: 12n, unit: 'mg' },
      told: json,
    });
  });

  test.each([
    ['null', z.null(), null],
    ['false', z.boolean(), false],
    ['0', z.number(), 0],
    ['""', z.string(), ''],
    ['[]', z.array(z.string()), []],
    ['{}', z.object({}), {}],
  ])('may be %s', async (text, schema, expected) => {
    expect(await value(text, schema as z.ZodType)).toEqual({ output: expected, told: expected });
  });

  test("runs the schema's own code once for an answer", async () => {
    let runs = 0;
    const Counted = z.string().transform((text) => {
      runs += 1;
      return text;
    });
    await value('"x"', Counted);
    expect(runs).toBe(1);
  });

  test('of a schema whose own code throws, or wants to be waited for, is a failed run', async () => {
    for (const schema of [
      z.string().transform((): string => {
        throw new Error('broken check');
      }),
      z.string().refine(async () => true),
    ]) {
      const three = ['"x"', '"x"', '"x"'].map((text) => ({ text }));
      const { result } = await play(three, schema, { definition: { tools: [] } });
      expect(result).toMatchObject({
        stopReason: 'failed',
        reason: expect.stringContaining('own check failed'),
      });
    }
  });

  test('has the type of the schema', () => {
    const options = {} as Omit<RunAgentOptions, 'output'>;
    const typed = () => runAgent({ ...options, output: Dose });
    expectTypeOf(typed).returns.resolves.toHaveProperty('output');
    expectTypeOf<Awaited<ReturnType<typeof typed>>['output']>().toEqualTypeOf<
      { dose: string; milligrams: number } | undefined
    >();
    const made = () => runAgent({ ...options, output: z.string().transform(Number) });
    expectTypeOf<Awaited<ReturnType<typeof made>>['output']>().toEqualTypeOf<number | undefined>();
    const json = () => runAgent({ ...options, output: { type: 'string' } });
    expectTypeOf<Awaited<ReturnType<typeof json>>['output']>().toEqualTypeOf<unknown>();
  });
});

describe('a schema', () => {
  test.each<[string, z.ZodType]>([
    ['a Date', z.object({ at: z.date() })],
    ['a Map', z.map(z.string(), z.string())],
    ['a BigInt', z.bigint()],
    ['a custom type', z.instanceof(Date)],
  ])('that JSON Schema cannot say is refused before anything happens: %s', async (_, output) => {
    const { home, workspace } = await createTempProject();
    const engine = createScriptedEngine([]);
    const agent = { name: 'a', description: '', instructions: '' };
    const running = runAgent({ agent, task: 'x', engine, workspace, home, output });
    await expect(running).rejects.toThrow(ConfigError);
    expect(engine.requests).toEqual([]);
    await expect(readdir(join(home, 'runs'))).rejects.toThrow('ENOENT');
  });

  test('is told as its input, without what says nothing to a model', () => {
    const { schema } = formOf(
      z.object({ day: z.iso.date().describe('ISO'), count: z.int(), unit: z.string().default('mg') }),
    );
    expect(schema).toEqual({
      type: 'object',
      properties: {
        day: { type: 'string', format: 'date', description: 'ISO' },
        count: { type: 'integer' },
        unit: { type: 'string', default: 'mg' },
      },
      required: ['day', 'count'],
    });
  });

  test('that is long stands in the prompt once', () => {
    const large = z.object(
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field_${index}`, z.string()])),
    );
    const { instruction, request } = formOf(large, false);
    expect(instruction).toContain('field_299');
    expect(request(undefined)).toMatch(/that was given with the task\.$/);
  });
});

describe('a JSON Schema', () => {
  const check = (schema: JsonObject, value: unknown) => formOf(schema).read(JSON.stringify(value)).ok;

  test('is told as it was given', () => {
    const schema: JsonObject = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Dose',
      properties: { a: { $ref: '#/$defs/a', description: 'the first' } },
      $defs: { a: { type: 'string', format: 'date' } },
    };
    const { $schema: _, ...told } = schema;
    expect(formOf(schema).schema).toEqual(told);
  });

  test('does not change the answer: a default is no value', () => {
    const schema: JsonObject = { type: 'object', properties: { a: { type: 'string', default: 'x' } } };
    expect(formOf(schema).read('{"b": 1}')).toMatchObject({ ok: true, output: { b: 1 }, json: { b: 1 } });
  });

  test.each<[string, JsonObject, unknown, unknown]>([
    ['a type that its words imply', { properties: { a: { type: 'string' } } }, {}, 5],
    ['a required name without a property', { type: 'object', required: ['a'] }, { a: 1 }, {}],
    [
      'a required property with a default',
      { type: 'object', properties: { a: { type: 'string', default: 'x' } }, required: ['a'] },
      { a: 'y' },
      {},
    ],
    ['one of two required names', { anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { b: 1 }, { c: 1 }],
    [
      'a property that is called like a word of JSON Schema',
      {
        type: 'object',
        properties: { default: { type: 'string' }, enum: { type: 'number' } },
        required: ['default'],
      },
      { default: 'x' },
      { enum: 1 },
    ],
    [
      'definitions of draft 7 that does not say so',
      { properties: { a: { $ref: '#/definitions/a' } }, definitions: { a: { type: 'string' } } },
      { a: 'x' },
      { a: 1 },
    ],
    [
      'recursion',
      { properties: { next: { $ref: '#' }, id: { type: 'number' } }, required: ['id'] },
      { id: 1, next: { id: 2 } },
      { id: 1, next: {} },
    ],
    ['unique items', { type: 'array', uniqueItems: true }, [1, 2], [1, 1]],
    ['a limit', { minimum: 3 }, 3, 2],
  ])('holds an answer to %s', (_, schema, good, bad) => {
    expect([check(schema, good), check(schema, bad)]).toEqual([true, false]);
  });

  test.each<[string, JsonObject, string]>([
    ['an example of an answer', { name: 'Anna', total: 5 }, 'none of its words'],
    ['nothing', {}, 'none of its words'],
    ['a type that does not exist', { type: 'strng' }, 'strng'],
    ['a reference into nowhere', { $ref: '#/$defs/a' }, 'not found'],
    ['a reference to the network', { $ref: 'https://example.org/s.json' }, 'External $ref'],
    ['a pattern that is none', { type: 'string', pattern: '(' }, 'regular expression'],
    ['what zod cannot check', { type: 'object', not: { required: ['a'] } }, 'not is not supported'],
    ['an enum of objects', { enum: [{ a: 1 }] }, 'enum or const'],
  ])('is refused in one sentence: %s', (_, schema, problem) => {
    expect(() => formOf(schema)).toThrow(ConfigError);
    expect(() => formOf(schema)).toThrow(/^Answers cannot be checked by this JSON Schema: .*\.$/);
    expect(() => formOf(schema)).toThrow(problem);
  });
});
