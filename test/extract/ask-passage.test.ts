import { describe, expect, test } from 'vitest';
import type { GenerateRequest } from '../../src/engine/engine.ts';
import { ContextOverflowError, EngineCrashError } from '../../src/errors.ts';
import { findJson } from '../../src/extract/ask/find-json.ts';
import { extractDocument } from '../../src/extract/extract-document.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import {
  asksForList,
  documentOf,
  engineOf,
  honest,
  INVOICE,
  pageOf,
  passageOf,
  promptText,
  SCHEMA,
  signal,
} from './honest-model.ts';

const plan = readFieldPlan(SCHEMA);

describe('an answer', () => {
  const document = documentOf([pageOf(1, INVOICE)]);

  test('is not what stands in a thought, however long that is', () => {
    const draft = JSON.stringify({ number: { quote: 'a long draft of an answer', value: '0' } });
    const answer = JSON.stringify({ number: { value: '</think>' } });
    for (const text of [
      `<think>Maybe ${draft}?</think>\n${answer}`,
      `<think>${draft}</think> So: <THINK>or ${draft}</THINK> ${answer} <think>${draft}`,
      `Maybe ${draft}? No.</think>Here: ${answer}`,
      `${answer} <think>Or ${draft}?</think>`,
    ])
      expect(findJson(text)).toEqual(JSON.parse(answer));
    expect(findJson(`<think>${draft}`)).toBeUndefined();
    expect(findJson(`${draft}</think> I do not know.`)).toBeUndefined();
  });

  test.each(['maxTokens', 'contextFull', 'repetition', 'strayToken'] as const)(
    'that ends by %s is asked for in halves, and the other group is not',
    async (finish) => {
      const { engine, requests } = engineOf((request) => {
        const isLong =
          !asksForList(request) &&
          passageOf(request).includes('Invoice number') &&
          passageOf(request).includes('Total');
        return isLong ? { text: '{"number": {"quote": "Inv', finish } : honest(request);
      });
      const { values, notes, lists } = await extractDocument(document, { plan, engine, signal });
      expect(values).toMatchObject({
        number: { value: '2024-17', status: 'verified' },
        total: { value: 226.1, status: 'verified' },
      });
      expect(lists.items).toHaveLength(1);
      expect(notes).toEqual([]);
      expect(requests.map(asksForList)).toEqual([false, true, false, false]);
    },
  );

  test('that never comes to its end is given up, said of its fields, and the rest goes on', async () => {
    const { engine, requests } = engineOf((request) =>
      asksForList(request) ? honest(request) : { text: '{', finish: 'maxTokens' },
    );
    const { values, notes, lists } = await extractDocument(document, { plan, engine, signal });
    expect(values.total).toEqual({
      value: null,
      status: 'missing',
      source: 'model',
      problem: "The model's answer for page 1 did not come to its end, so it was not looked for there.",
    });
    expect(lists.items).toHaveLength(1);
    expect(notes[0]).toContain('"number", "net", "tax", "total": The model\'s answer for page 1');
    expect(requests.length).toBeLessThan(20);
  });

  test('without JSON is asked for in halves too', async () => {
    const { engine } = engineOf((request) =>
      passageOf(request).includes('Invoice number') && passageOf(request).includes('Total')
        ? { text: 'I see an invoice.' }
        : honest(request),
    );
    const { values } = await extractDocument(document, { plan, engine, signal });
    expect(values.total).toMatchObject({ value: 226.1, status: 'verified' });
  });

  const overflow = () => new ContextOverflowError({ promptTokens: 9, contextTokens: 8 });

  test('that has no room behind earlier ones is asked for without them', async () => {
    const { engine, requests } = engineOf((request) =>
      asksForList(request) && promptText(request).includes('Give the fields') ? overflow() : honest(request),
    );
    const { lists, pages } = await extractDocument(document, { plan, engine, signal });
    expect(lists.items).toHaveLength(1);
    expect(requests).toHaveLength(3);
    expect(pages).toMatchObject([{ isAsked: true }]);
  });

  test('that has no room beside the text is asked for in halves, down to a line', async () => {
    const fits = (request: GenerateRequest) => passageOf(request).split('\n').length < 5;
    const { engine } = engineOf((request) => (fits(request) ? honest(request) : overflow()));
    const { values, pages } = await extractDocument(document, { plan, engine, signal });
    expect(values.total).toMatchObject({ value: 226.1, status: 'verified' });
    expect(pages).toMatchObject([{ isAsked: true }]);
  });

  const long = documentOf([
    pageOf(1, [...INVOICE, ...Array.from({ length: 59 }, (_, at) => `remark ${at}`)]),
  ]);
  const ofFields = (requests: readonly GenerateRequest[]) => requests.filter((each) => !asksForList(each));

  test('that never comes to its end is asked for in eighths at last, of however many lines', async () => {
    const { engine, requests } = engineOf((request) =>
      asksForList(request) ? honest(request) : { text: '{', finish: 'repetition' },
    );
    const { values } = await extractDocument(long, { plan, engine, signal });
    expect(ofFields(requests)).toHaveLength(1 + 2 + 4 + 8);
    expect(values.total?.problem).toContain('repeated itself');
  });

  test('that has room beside few lines only is asked for so few', async () => {
    const { engine, requests } = engineOf((request) =>
      passageOf(request).split('\n').length < 6 ? honest(request) : overflow(),
    );
    const { values } = await extractDocument(long, { plan, engine, signal });
    expect(ofFields(requests).length).toBeGreaterThan(31);
    expect(values.total).toMatchObject({ value: 226.1, status: 'verified' });
  });

  test('that never has room leaves the page counted as not asked', async () => {
    const { engine } = engineOf(() => overflow());
    const { pages, values } = await extractDocument(document, { plan, engine, signal });
    expect(pages).toMatchObject([
      { first: 1, last: 1, isAsked: false, sentence: expect.stringContaining('Not all of it fitted') },
    ]);
    expect(values.total?.problem).toContain('had no room beside the text');
  });

  test('is asked for once more where the process died, and only once', async () => {
    const crash = () => new EngineCrashError({ exit: 'signal SIGKILL' });
    let calls = 0;
    const once = engineOf((request) => (calls++ === 0 ? crash() : honest(request)));
    const { values } = await extractDocument(document, { plan, engine: once.engine, signal });
    expect(values.total).toMatchObject({ status: 'verified' });
    const always = engineOf(crash);
    await expect(extractDocument(document, { plan, engine: always.engine, signal })).rejects.toThrow(
      EngineCrashError,
    );
    expect(always.requests).toHaveLength(2);
    expect(always.forgotten).toHaveLength(1);
  });

  test('is waited for no longer once the signal says so', async () => {
    const controller = new AbortController();
    const { engine, requests, forgotten } = engineOf((request) => {
      controller.abort(new Error('stopped'));
      return honest(request);
    });
    const extracted = extractDocument(document, { plan, engine, signal: controller.signal });
    await expect(extracted).rejects.toThrow('stopped');
    expect(requests).toHaveLength(1);
    expect(forgotten).toHaveLength(1);
  });

  test('may be thought about, within a budget, and is exact otherwise', async () => {
    const { engine, requests } = engineOf(honest);
    const options = { plan, engine, signal };
    await extractDocument(document, { ...options, thinking: 100 });
    await extractDocument(document, { ...options, thinking: 'on' });
    await extractDocument(document, options);
    const [budgeted, , open, , off] = requests;
    expect(budgeted).toMatchObject({ thinking: true, thinkingBudget: 100, sampling: { temperature: 0.6 } });
    expect(open).toMatchObject({ thinking: true, thinkingBudget: 8192, maxTokens: 4096 + 8192 });
    expect(off).toMatchObject({
      thinking: false,
      sampling: { temperature: 0, presencePenalty: 0 },
      maxTokens: 4096,
    });
    expect(off).not.toHaveProperty('thinkingBudget');
  });
});
