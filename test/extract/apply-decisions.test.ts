import { describe, expect, test } from 'vitest';
import type { Extracted, ListRow, Scalar, Value } from '../../src/extract/extraction.ts';
import type { Decision } from '../../src/extract/job/job-facts.ts';
import { composeOutput } from '../../src/extract/plan/compose-output.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { applyChecks } from '../../src/extract/rows/apply-checks.ts';
import { applyDecisions } from '../../src/extract/rows/apply-decisions.ts';
import { tablesOf } from '../../src/extract/table/table-of.ts';

const number = { type: 'number' };
const item = { type: 'object', properties: { name: { type: 'string' }, amount: number } };
const planOf = (...checks: string[]) =>
  readFieldPlan({
    type: 'object',
    properties: { net: number, tax: number, total: number, items: { type: 'array', items: item } },
    'x-checks': checks,
  });
const found = (value: Scalar, quote = String(value)): Value => ({
  value,
  status: 'verified',
  source: 'model',
  original: String(value),
  quote,
  page: 1,
  box: [1, 2, 3, 4],
  via: 'text',
});
const line = (name: string, amount: number): ListRow => ({
  'items.name': found(name),
  'items.amount': found(amount),
});

/** As extraction leaves it: with the checks applied. */
function extractedOf(
  taken: { readonly values?: Record<string, Value>; readonly items?: readonly ListRow[] },
  plan = planOf(),
): Extracted {
  const checked = applyChecks({ values: taken.values ?? {}, lists: { items: taken.items ?? [] } }, plan);
  const usage = { evaluatedTokens: 1, reusedTokens: 0, generatedTokens: 1 };
  return { sha256: 'a', pageCount: 1, ...checked, pages: [], notes: [], usage };
}

const decision = (path: string, of: Decision['decision'], seen: Scalar | null, value?: Scalar): Decision => ({
  sha256: 'a',
  path,
  decision: of,
  at: '2026-11-21T10:00:00.000Z',
  seen,
  ...(value !== undefined && { value }),
});
const statuses = ({ values }: Extracted) =>
  Object.fromEntries(Object.entries(values).map(([path, { status }]) => [path, status]));

describe('after a decision, the values that nobody decided about', () => {
  const plan = planOf('total = net + tax');
  const values = (net: number, tax: number, total: number) => ({
    net: found(net),
    tax: found(tax),
    total: found(total),
  });

  test('are verified again where the check holds now', () => {
    const extracted = extractedOf({ values: values(100, 19, 120) }, plan);
    expect(statuses(extracted)).toEqual({ net: 'unverified', tax: 'unverified', total: 'unverified' });
    const after = applyDecisions(plan, extracted, [decision('total', 'corrected', 120, 119)]);
    expect(after.checks).toEqual([expect.objectContaining({ holds: true })]);
    expect(after.values.net).toEqual(found(100));
    expect(after.values.tax).toEqual(found(19));
    expect(after.values.total).toMatchObject({ value: 119, status: 'verified', source: 'person' });
  });

  test('are verified no longer where it does not hold now', () => {
    const extracted = extractedOf({ values: values(100, 19, 119) }, plan);
    const after = applyDecisions(plan, extracted, [decision('net', 'corrected', 100, 200)]);
    expect(statuses(after)).toEqual({ net: 'verified', tax: 'unverified', total: 'unverified' });
    expect(after.values.tax?.problem).toMatch(/^The check "total = net \+ tax" does not hold: 119/);
  });

  test('stay unverified for what their evidence said', () => {
    const doubted: Value = { ...found(19), status: 'unverified', problem: 'The quote is not there.' };
    const extracted = extractedOf({ values: { ...values(100, 19, 120), tax: doubted } }, plan);
    const after = applyDecisions(plan, extracted, [decision('total', 'corrected', 120, 119)]);
    expect(after.values.tax).toEqual(doubted);
  });

  test('of a list follow too', () => {
    const sum = planOf('net = sum(items.amount)');
    const extracted = extractedOf({ values: { net: found(9) }, items: [line('a', 3), line('b', 5)] }, sum);
    expect(extracted.lists.items?.[0]?.['items.amount']?.status).toBe('unverified');
    const after = applyDecisions(sum, extracted, [decision('items[1].amount', 'corrected', 5, 6)]);
    expect(after.values.net).toEqual(found(9));
    expect(after.lists.items?.[0]?.['items.amount']).toEqual(found(3));
  });
});

describe('a line of which a person rejected everything', () => {
  const plan = planOf('net = sum(items.amount)', 'items.amount < 10');
  const items = [line('chairs', 7), line('ghosts', 50), line('lamps', 12)];
  const remove = [
    decision('items[1].name', 'rejected', 'ghosts'),
    decision('items[1].amount', 'rejected', 50),
  ];
  const after = applyDecisions(plan, extractedOf({ values: { net: found(19) }, items }, plan), remove);

  test('counts in no sum and in no check, and the others keep their numbers', () => {
    expect(after.checks[0]).toMatchObject({ holds: true });
    expect(after.checks[1]).toMatchObject({ holds: false, rows: [2] });
    expect(after.checks[1]?.sentence).toBe('line 3: 12.00 is not less than 10');
    expect(after.lists.items?.map((each) => each['items.amount']?.status)).toEqual([
      'verified',
      'rejected',
      'unverified',
    ]);
    expect(after.lists.items?.[2]?.['items.amount']?.problem).toContain('for line 3: 12.00 is not');
  });

  test('is out of the table and the output, and kept with its decision', () => {
    const row = { ...after, file: 'a.txt' };
    const tables = tablesOf({ jobId: 'j', plan, rows: [row], failures: [], left: [] });
    const cells = tables.lists[0]?.rows.map((each) => each.slice(1, 4).map(({ value }) => value));
    expect(cells).toEqual([
      [1, 'chairs', 7],
      [3, 'lamps', 12],
    ]);
    expect(JSON.stringify(tables.values.rows)).not.toContain('rejected');
    expect(composeOutput(plan, row).items).toHaveLength(2);
    expect(row.lists.items?.[1]?.['items.name']).toMatchObject({ value: 'ghosts', review: {} });
  });

  test('is there while one value of it is not rejected', () => {
    const [first] = remove;
    const half = applyDecisions(plan, extractedOf({ items }, plan), first ? [first] : []);
    const tables = tablesOf({
      jobId: 'j',
      plan,
      rows: [{ ...half, file: 'a.txt' }],
      failures: [],
      left: [],
    });
    expect(tables.lists[0]?.rows).toHaveLength(3);
    expect(half.checks[0]?.sentence).not.toContain('holds');
  });

  test('is all that there was', () => {
    const only = extractedOf({ values: { net: found(1) }, items: items.slice(1, 2) }, plan);
    const gone = remove.map((each) => ({ ...each, path: each.path.replace('1', '0') }));
    expect(applyDecisions(plan, only, gone).checks[1]?.sentence).toBe('the lines of items are missing');
  });
});

describe('the evidence of what a person decided', () => {
  const plan = planOf();
  const decide = (value: Value, one: Decision) =>
    applyDecisions(plan, extractedOf({ values: { total: value } }), [one]).values.total;
  const { page: _page, box: _box, via: _via, ...placeless } = found(12, 'Total 12');
  const invented: Value = { ...placeless, status: 'unverified', problem: 'The words do not stand there.' };

  test('is none where the words are invented, and what is right is not in them', () => {
    const corrected = decide(invented, decision('total', 'corrected', 12, 13));
    expect(corrected).toEqual({ value: 13, status: 'verified', source: 'person', review: expect.anything() });
  });

  test('says further that they are invented where the value was accepted', () => {
    const accepted = decide(invented, decision('total', 'accepted', 12));
    expect(accepted).toMatchObject({ status: 'verified', quote: 'Total 12', problem: invented.problem });
    const doubted: Value = { ...found(12), status: 'unverified', problem: 'Its label says tax.' };
    expect(decide(doubted, decision('total', 'accepted', 12))?.problem).toBeUndefined();
  });

  test('is the quote of the document that states what is right, without the box of the wrong one', () => {
    const wrong = found(12, 'Net 12 Total 13');
    const corrected = decide(wrong, decision('total', 'corrected', 12, 13));
    expect(corrected).toMatchObject({ value: 13, quote: 'Net 12 Total 13', page: 1 });
    expect(corrected).not.toHaveProperty('box');
    expect(corrected).not.toHaveProperty('original');
    expect(decide(wrong, decision('total', 'corrected', 12, 14))).not.toHaveProperty('quote');
    const unread: Value = { ...found(12, 'Total 13'), status: 'unverified', problem: 'It is not in it.' };
    expect(decide(unread, decision('total', 'corrected', 12, 13))?.box).toEqual([1, 2, 3, 4]);
    const twofold: Value = { ...found(1.234, 'Total 1,234'), original: '1,234' };
    const read = decide(twofold, decision('total', 'corrected', 1.234, 1234));
    expect(read).toMatchObject({ value: 1234, original: '1,234', box: [1, 2, 3, 4] });
  });

  test('of a value that the document does not state is that a person looked', () => {
    const missing: Value = { value: null, status: 'missing', source: 'model' };
    const looked = decide(missing, decision('total', 'rejected', null));
    expect(looked).toEqual({ ...missing, review: { decision: 'rejected', at: expect.any(String) } });
    expect(decide(missing, decision('total', 'corrected', null, 3))).toMatchObject({
      value: 3,
      status: 'verified',
      source: 'person',
    });
  });
});
