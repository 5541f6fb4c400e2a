import { describe, expect, test } from 'vitest';
import type { FieldPlan, ListRow, Status, Value } from '../../src/extract/extraction.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { applyChecks } from '../../src/extract/rows/apply-checks.ts';

const amount = { type: 'number' };
const lines = (...names: string[]) => ({
  type: 'array',
  items: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, amount])) },
});
const planOf = (...checks: string[]): FieldPlan =>
  readFieldPlan({
    type: 'object',
    properties: { net: amount, items: lines('quantity', 'price', 'amount'), payments: lines('amount') },
    'x-checks': checks,
  });
const value = (number: number, source: Value['source'] = 'model'): Value => ({
  value: number,
  status: 'verified',
  source,
});
const row = (quantity: number, price: number, total: number): ListRow => ({
  'items.quantity': value(quantity),
  'items.price': value(price),
  'items.amount': value(total),
});
const statuses = (rows: readonly ListRow[] | undefined): readonly Status[][] =>
  (rows ?? []).map((each) => Object.values(each).map(({ status }) => status));

const good: Status[] = ['verified', 'verified', 'verified'];
const bad: Status[] = ['unverified', 'unverified', 'unverified'];

describe('a check that does not hold', () => {
  const each = 'items.amount = items.quantity * items.price';

  test('for some lines leaves the others, and tells each line its own', () => {
    const items = [
      row(1, 2, 2),
      row(1, 2, 3),
      row(2, 2, 4),
      ...Array.from({ length: 4 }, () => row(2, 3, 7)),
    ];
    const { lists, checks } = applyChecks({ values: {}, lists: { items } }, planOf(each));
    expect(statuses(lists.items)).toEqual([good, bad, good, bad, bad, bad, bad]);
    const problem = (index: number) => lists.items?.[index]?.['items.price']?.problem;
    expect(problem(1)).toBe(`The check "${each}" does not hold for line 2: 3.00 is not 1.00 * 2.00 (2.00).`);
    // Line 7 is behind those that the sentence of the whole names.
    expect(checks[0]?.sentence).toMatch(/; and 2 more$/);
    expect(problem(6)).toBe(`The check "${each}" does not hold for line 7: 7.00 is not 2.00 * 3.00 (6.00).`);
  });

  test('marks of such a line the columns that it names, and not the others', () => {
    const items = [row(1, 2, 3)];
    const { lists } = applyChecks({ values: {}, lists: { items } }, planOf('items.amount = items.price'));
    expect(statuses(lists.items)).toEqual([['verified', 'unverified', 'unverified']]);
  });

  test('marks fields, and all lines that it adds up', () => {
    const items = [row(1, 2, 2), row(1, 3, 3)];
    const payments = [{ 'payments.amount': value(1) }, { 'payments.amount': value(1) }];
    const taken = { values: { net: value(9) }, lists: { items, payments } };
    const added = applyChecks(taken, planOf('net = sum(items.amount)'));
    expect(added.values.net?.status).toBe('unverified');
    expect(statuses(added.lists.items)).toEqual([
      ['verified', 'verified', 'unverified'],
      ['verified', 'verified', 'unverified'],
    ]);
    const beside = applyChecks(taken, planOf('items.amount <= sum(payments.amount)'));
    expect(statuses(beside.lists.payments)).toEqual([['unverified'], ['unverified']]);
    const over = applyChecks(taken, planOf('items.amount <= sum(payments.amount)', each));
    expect(statuses(over.lists.items)).toEqual([good, ['verified', 'verified', 'unverified']]);
  });

  test("leaves what the invoice's XML has, and a person decided", () => {
    const values = { net: value(9, 'invoice-xml') };
    const { checks, ...taken } = applyChecks({ values, lists: {} }, planOf('net = 1'));
    expect(checks[0]?.holds).toBe(false);
    expect(taken).toEqual({ values, lists: {} });
  });
});
