/** Extraction through the real engine: what it evaluates, and what it makes of streams as larger models write them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractInstructions } from '../../src/extract/ask/prompt.ts';
import { extractDocument } from '../../src/extract/extract-document.ts';
import type { Extracted } from '../../src/extract/extraction.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import type { JsonObject } from '../../src/messages.ts';
import { readAnswerSchema } from '../../src/qwen/answer-schema.ts';
import { render } from '../../src/qwen/render.ts';
import type { Document } from '../../src/readers/document.ts';
import { createTestEngine, forceMessages, type TestEngine } from '../helpers/engine.ts';
import { makePage } from '../helpers/page.ts';

let bundled: TestEngine;
beforeAll(async () => {
  bundled = await createTestEngine({ contextTokens: 8192 });
});
afterAll(() => bundled[Symbol.asyncDispose]());

const text: JsonObject = { type: 'string' };
const amount: JsonObject = { type: 'number' };
const signal = new AbortController().signal;

function documentOf(lines: readonly string[]): Document {
  const page = makePage(1, { text: lines.join('\n'), spans: lines.map((line) => ({ text: line })) });
  return {
    kind: 'text',
    sha256: 'cd'.repeat(32),
    byteLength: 1,
    pageCount: 1,
    pages: [page],
    outline: [],
    attachments: [],
    metadata: {},
    report: {
      pages: [{ first: 1, last: 1, via: 'text', sentence: 'Its text was read.' }],
      limits: [],
      warnings: [],
    },
  };
}

const INVOICE = ['Invoice number 2024-17', 'chairs 190.00', 'Net 190.00', 'Tax 36.10', 'Total 226.10'];
const PROPERTIES = { number: text, net: amount, tax: amount, total: amount };
const ITEMS = { type: 'array', items: { type: 'object', properties: { name: text, price: amount } } };
const ANSWER = JSON.stringify({
  number: { quote: 'Invoice number 2024-17', value: '2024-17' },
  net: { quote: 'Net 190.00', value: '190.00' },
  tax: { quote: 'Tax 36.10', value: '36.10' },
  total: { quote: 'Total 226.10', value: '226.10' },
});
const ROWS = JSON.stringify({ items: [{ quote: 'chairs 190.00', name: 'chairs', price: '190.00' }] });
const END = '<|im_end|>';

describe('what is evaluated', () => {
  const further = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`further${at}`, text]));
  const plan = readFieldPlan({ type: 'object', properties: { ...PROPERTIES, ...further, items: ITEMS } });
  const first = documentOf([...INVOICE, ...Array.from({ length: 60 }, (_, at) => `A remark, number ${at}.`)]);
  const second = documentOf(['Invoice number 2025-18', ...INVOICE.slice(1)]);

  test("is the system turn once for all documents, and a document's text once for all groups", async () => {
    const answers = [ANSWER, '{}', ROWS].map((answer) => `${answer}${END}`);
    const engine = forceMessages(bundled, [...answers, ...answers]);
    const one = await extractDocument(first, { plan, engine, signal });
    await extractDocument(second, { plan, engine, signal });
    expect(engine.requests).toHaveLength(6);

    const usages = engine.generations.map(({ usage }) => usage);
    const [opening, , , next] = usages;
    const documentTokens = (await bundled.tokenize([{ text: first.pages[0]?.text ?? '', trusted: false }]))
      .length;
    const system = render({ instructions: extractInstructions(plan), messages: [], thinking: false });
    const systemTokens = (await bundled.tokenize(system.slice(0, -1))).length;

    expect(opening?.evaluatedTokens).toBeGreaterThan(systemTokens + documentTokens);
    // The further questions, and nothing of the text before them.
    for (const usage of usages.slice(1, 3)) {
      expect(usage.reusedTokens).toBeGreaterThan(systemTokens + documentTokens);
      expect(usage.evaluatedTokens).toBeLessThan(documentTokens);
    }
    expect(next?.reusedTokens).toBe(systemTokens);
    const spent = usages.slice(0, 3).reduce((sum, { evaluatedTokens }) => sum + evaluatedTokens, 0);
    expect(one.usage.evaluatedTokens).toBe(spent);
  });
});

const PLAN = readFieldPlan({ type: 'object', properties: { ...PROPERTIES, items: ITEMS } });

/** What comes of messages that a larger model would write where no grammar holds it. */
async function extracted(...messages: readonly string[]): Promise<Extracted> {
  const engine = forceMessages(
    bundled,
    messages.map((message) => `${message}${END}`),
  );
  const result = await extractDocument(documentOf(INVOICE), { plan: PLAN, engine, signal });
  expect(engine.requests).toHaveLength(messages.length);
  return result;
}

describe('a larger model', () => {
  test.each([
    ['as it should', ANSWER],
    ['in a fence, with prose', `Here are the values:\n\n\`\`\`json\n${ANSWER}\n\`\`\`\n\nAll were found.`],
    ['on many lines', JSON.stringify(JSON.parse(ANSWER), null, 2)],
  ])('gives its answer %s, and it is verified', async (_, answer) => {
    const { values, lists } = await extracted(answer, ROWS);
    expect(values).toMatchObject({
      number: { value: '2024-17', status: 'verified' },
      net: { value: 190, status: 'verified' },
      tax: { value: 36.1, status: 'verified' },
      total: { value: 226.1, status: 'verified', quote: 'Total 226.10', page: 1 },
    });
    expect(lists.items).toMatchObject([{ 'items.price': { value: 190, status: 'verified' } }]);
  });

  test('that invents, misquotes and swaps is not believed', async () => {
    const { values } = await extracted(
      JSON.stringify({
        number: { quote: 'Invoice number 2024-18', value: '2024-18' },
        net: { quote: 'Tax 36.10', value: '36.10' },
        tax: { quote: 'Net 190.00', value: '36.10' },
        total: { quote: '', value: '226.10' },
      }),
      '{"items": []}',
    );
    expect(Object.values(values).map(({ status }) => status)).toEqual(Array(4).fill('unverified'));
    expect(Object.values(values).every(({ problem }) => problem?.endsWith('.'))).toBe(true);
  });

  test('thinks before it answers, and only the answer counts', async () => {
    const engine = forceMessages(bundled, [
      `The total is {"total": {"quote": "Total 1", "value": "1"}}.\n</think>\n\n${ANSWER}${END}`,
      `Lines.\n</think>\n\n${ROWS}${END}`,
    ]);
    const { values } = await extractDocument(documentOf(INVOICE), {
      plan: PLAN,
      engine,
      thinking: 200,
      signal,
    });
    expect(values.total).toMatchObject({ value: 226.1, status: 'verified' });
  });
});

test('the bundled model, which never learned this, is held to the form, comes to its end, and is not believed', async () => {
  const engine = forceMessages(bundled, []);
  const plan = readFieldPlan({ type: 'object', properties: { total: amount, number: text } });
  const { values } = await extractDocument(documentOf(INVOICE), { plan, engine, signal });
  const ended = engine.generations.filter(({ finish }) => finish === 'stop');
  expect(ended.length).toBeGreaterThan(0);
  const { check } = readAnswerSchema(engine.requests[0]?.answer ?? {});
  for (const answer of ended) expect(check(JSON.parse(answer.text))).toMatchObject({ ok: true });
  const truth: Record<string, unknown> = { total: 226.1, number: '2024-17' };
  for (const [path, value] of Object.entries(values)) {
    expect(value.status !== 'verified' || value.value === truth[path]).toBe(true);
  }
});
