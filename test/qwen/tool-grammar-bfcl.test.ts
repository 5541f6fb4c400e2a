/** Real tool lists (BFCL), sampled from random weights under their grammar: every call is read, and valid. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../src/messages.ts';
import { parseToolCall } from '../../src/qwen/parse-tool-call.ts';
import { toolGrammar } from '../../src/qwen/tool-grammar.ts';
import type { ToolSpec } from '../../src/tool/define-tool.ts';
import { loadBfclCases } from '../helpers/bfcl.ts';
import { admits, callText, compile, llama, toolOf } from '../helpers/grammar.ts';
import { createRandom } from '../helpers/random.ts';
import { writeRandomGguf } from '../helpers/random-gguf.ts';

const cases = loadBfclCases();
if (!cases) console.log('Skipped: the BFCL corpus is not on this machine.');
/** `SOTTO_BFCL=all` samples every list (some minutes). Default: a fixed eighth of them, and all that are widened. */
const share = process.env.SOTTO_BFCL === 'all' ? 1 : 1 / 8;
const END = '</tool_call>';

let folder: string;
let model: LlamaModel;
let sequence: LlamaContextSequence;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-'));
  const modelPath = join(folder, 'random.gguf');
  writeRandomGguf(join(import.meta.dirname, '../../models/tiny-qwen3.5.gguf'), modelPath, 1);
  model = await llama.loadModel({ modelPath });
  // One thread: on a machine that is busy, two wait for each other at every token.
  const context = await model.createContext({ contextSize: 8192, threads: 1 });
  sequence = context.getSequence();
});

afterAll(async () => {
  await model.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** The text after `<tool_call>`, as far as `maxTokens`. */
async function sample(gbnf: string, seed: number, maxTokens = 3000): Promise<string> {
  const grammarEvaluationState = new LlamaGrammarEvaluationState({ model, grammar: await compile(gbnf) });
  const options = { grammarEvaluationState, temperature: 1, seed, yieldEogToken: true };
  const tokens: Token[] = [];
  await sequence.clearHistory();
  for await (const token of sequence.evaluate(model.tokenize('<tool_call>', true), options)) {
    if (model.isEogToken(token) || tokens.length === maxTokens) break;
    tokens.push(token);
  }
  return model.detokenize(tokens, true);
}

/** The call that was sampled, and whether it is valid for its tool. */
async function sampleCall(tools: readonly ToolSpec[], seed: number) {
  const { gbnf, widened } = toolGrammar(tools, { maxStringChars: 12, maxItems: 2 });
  const text = await sample(gbnf, seed);
  const call = parseToolCall(text.slice(0, -END.length), tools);
  const tool = tools.find(({ name }) => name === call.name);
  const schema = z.fromJSONSchema({ ...tool?.parameters });
  const isWidened = widened.some((place) => place === call.name || place.startsWith(`${call.name}.`));
  const isValid = tool !== undefined && schema.safeParse(call.input).success;
  return { text, call, isWidened, isValid };
}

describe.skipIf(!cases)('the tool lists of BFCL', () => {
  test('compile', async () => {
    const widened = [];
    for (const { tools } of cases ?? []) {
      const grammar = toolGrammar(tools);
      await compile(grammar.gbnf);
      widened.push(...grammar.widened);
    }
    console.log(`BFCL: ${cases?.length} tool lists compile; widened: ${widened.join(', ')}`);
  });

  test('give calls that are read and valid', { timeout: 600_000 }, async () => {
    const random = createRandom(1);
    // Those whose schemas cannot be held to are always among them, so that their share of valid calls is seen.
    const chosen = (cases ?? []).filter(
      ({ tools }) => random() < share || toolGrammar(tools).widened.length > 0,
    );
    const start = performance.now();
    const counts = { calls: 0, characters: 0, widened: 0, validOfWidened: 0 };
    for (const [seed, { id, tools }] of chosen.entries()) {
      const { text, call, isWidened, isValid } = await sampleCall(tools, seed);
      expect([id, text.endsWith(END), call.problem]).toEqual([id, true, undefined]);
      counts.calls++;
      counts.characters += text.length;
      if (isWidened) counts.widened++;
      if (isWidened && isValid) counts.validOfWidened++;
      if (!isWidened) expect([id, text, isValid]).toEqual([id, text, true]);
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `BFCL: sampled ${chosen.length} of ${cases?.length} lists in ${seconds} s, all read;`,
      counts,
    );
  });
});

describe('samples of schemas that BFCL lacks', () => {
  const tree: JsonObject = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1 },
      next: { anyOf: [{ $ref: '#/$defs/tree' }, { type: 'null' }] },
    },
    required: ['name', 'next'],
  };
  test.each<[string, JsonObject]>([
    ['short texts', { v: { type: 'string', minLength: 2, maxLength: 3 } }],
    ['literals', { v: { enum: ['a', 'ab', 'b "c"', 'é', 7, null] } }],
    [
      'limits of numbers',
      { v: { type: 'integer', minimum: -20, maximum: 1234 }, w: { type: 'number', minimum: 0 } },
    ],
    [
      'choices',
      {
        v: { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'boolean' } }, { type: 'null' }] },
      },
    ],
    ['texts or null', { v: { type: ['string', 'null'], maxLength: 4 } }],
    [
      'tuples',
      {
        v: {
          type: 'array',
          prefixItems: [{ type: 'integer' }, { type: 'string' }],
          items: { type: 'null' },
          maxItems: 4,
        },
      },
    ],
    ['recursion', { v: { $ref: '#/$defs/tree' } }],
    [
      'free objects',
      { v: { type: 'object' }, w: { type: 'object', additionalProperties: { type: 'integer' } } },
    ],
    ['anything', { v: {} }],
  ])('are valid: %s', async (_, properties) => {
    const tool = toolOf(properties, { $defs: { tree } });
    for (let seed = 0; seed < 10; seed++) {
      const { text, call, isWidened, isValid } = await sampleCall([tool], seed);
      expect([text, call.problem, isWidened, isValid]).toEqual([text, undefined, false, true]);
    }
  });
});

test('costs little more than free text, however long the text is', async () => {
  const { gbnf } = toolGrammar([toolOf({ v: { type: 'string' } })]);
  const grammar = await compile(gbnf);
  const free = await timeTokens(600);
  const held = await timeTokens(600, new LlamaGrammarEvaluationState({ model, grammar }));
  console.log(`600 tokens, first and last 200 in ms: free ${show(free)}, raw text ${show(held)}`);
  expect(held.lastMs).toBeLessThan(5 * free.lastMs + 200);
  const long = 'a < b\n</p> and so on\n'.repeat(2500);
  const start = performance.now();
  expect(admits(grammar, `${callText('t', { v: long })}</tool_call>`)).toBe(true);
  expect(performance.now() - start).toBeLessThan(2000);
});

const show = ({ firstMs, lastMs }: Timing) => `${firstMs} and ${lastMs}`;

type Timing = { readonly firstMs: number; readonly lastMs: number };

/** Milliseconds of the first and the last 200 of so many tokens. */
async function timeTokens(
  count: number,
  grammarEvaluationState?: LlamaGrammarEvaluationState,
): Promise<Timing> {
  const times: number[] = [];
  await sequence.clearHistory();
  const options = { grammarEvaluationState, temperature: 1, seed: 3, yieldEogToken: true };
  for await (const _ of sequence.evaluate(model.tokenize('<tool_call>', true), options)) {
    times.push(performance.now());
    if (times.length === count) break;
  }
  const between = (from: number, to: number) => Math.round((times.at(to) ?? 0) - (times.at(from) ?? 0));
  return { firstMs: between(0, 200), lastMs: between(-201, -1) };
}
