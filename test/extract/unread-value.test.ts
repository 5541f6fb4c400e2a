import { describe, expect, test } from 'vitest';
import { reviewItems } from '../../src/cli/extract/review-items.ts';
import { shownValue } from '../../src/cli/extract/show-item.ts';
import { extractDocument } from '../../src/extract/extract-document.ts';
import type { Extraction } from '../../src/extract/extraction.ts';
import { reviewValue } from '../../src/extract/job/review-value.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { tablesOf } from '../../src/extract/table/table-of.ts';
import { amount, documentOf, engineOf, pageOf, signal, text } from './honest-model.ts';
import { createExtractor, createInbox, extractedOf, invoice, runExtract } from './job-fakes.ts';

describe('what a model said and nobody can read as a value', () => {
  const plan = readFieldPlan({
    type: 'object',
    properties: {
      total: amount,
      items: { type: 'array', items: { type: 'object', properties: { name: text, price: amount } } },
    },
    required: ['total'],
  });
  const answer = {
    total: { quote: 'Total about ten', value: 'about ten' },
    items: [{ quote: 'chairs on request', name: 'chairs', price: 'on request' }],
  };

  test('is in the table, the evidence and the review by its words, and not missing', async () => {
    const { engine } = engineOf(() => ({ text: JSON.stringify(answer) }));
    const document = documentOf([pageOf(1, ['chairs on request', 'Total about ten'])]);
    const extracted = await extractDocument(document, { plan, engine, signal });
    expect(extracted.values.total).toMatchObject({
      value: null,
      status: 'unverified',
      original: 'about ten',
    });
    expect(extracted.notes).toEqual([]);
    const row = { ...extracted, file: 'a.pdf' };
    const extraction: Extraction = { jobId: '', plan, rows: [row], failures: [], left: [] };
    const { values, lists, evidence } = tablesOf(extraction);
    expect(values.rows[0]).toMatchObject([
      {},
      { value: null, look: 'unverified', shown: 'about ten' },
      { value: 'total, items[1].price' },
      {},
      {},
    ]);
    expect(lists[0]?.rows[0]?.[3]).toMatchObject({ look: 'unverified', shown: 'on request' });
    expect(evidence.rows.map((cells) => [cells[2], cells[4], cells[5]].map((cell) => cell?.value))).toEqual([
      ['total', 'about ten', 'unverified'],
      ['items[1].name', 'chairs', 'verified'],
      ['items[1].price', 'on request', 'unverified'],
    ]);
    const shown = reviewItems(extraction, { all: false }).map(({ path, value }) => [path, shownValue(value)]);
    expect(shown).toEqual([
      ['total', 'about ten'],
      ['items[0].price', 'on request'],
    ]);
  });

  test('cannot be accepted: there is no value that would count as verified', async () => {
    const inbox = await createInbox({ '1.txt': invoice(1) });
    const unread = { value: null, status: 'unverified', source: 'model', original: 'about ten' } as const;
    const { extractor } = createExtractor(async (document) => {
      const extracted = extractedOf(document);
      return { ...extracted, values: { ...extracted.values, total: unread } };
    });
    const { jobId, rows } = await runExtract(inbox, { extractor });
    const request = { sha256: rows[0]?.sha256 ?? '', path: 'total' };
    const accepted = reviewValue(inbox.home, jobId, { ...request, decision: 'accepted' });
    await expect(accepted).rejects.toThrow('There is no value of total to accept: correct it, or reject it.');
    const corrected = await reviewValue(inbox.home, jobId, {
      ...request,
      decision: 'corrected',
      value: '10',
    });
    expect(corrected).toMatchObject({ value: 10, status: 'verified', source: 'person' });
  });
});
