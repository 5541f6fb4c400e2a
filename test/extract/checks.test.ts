import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import type { Field, FieldPlan, FieldType, Scalar, Value } from '../../src/extract/extraction.ts';
import { checkNames, runChecks } from '../../src/extract/rows/checks.ts';

const field = (path: string, type: FieldType = 'amount'): Field => ({
  path,
  type,
  description: '',
  choices: [],
  isRequired: false,
});
const value = (given: Scalar | null): Value => ({
  value: given,
  status: given === null ? 'missing' : 'verified',
  source: 'model',
});
const plan = (...checks: string[]): FieldPlan => ({
  fields: [
    field('net'),
    field('tax'),
    field('total'),
    field('seller.rate'),
    field('number', 'text'),
    field('currency', 'currency'),
    field('net-amount'),
  ],
  lists: [
    {
      path: 'items',
      description: '',
      columns: [field('items.quantity', 'integer'), field('items.price'), field('items.amount')],
      isOfValues: false,
    },
    { path: 'prices', description: '', columns: [field('prices')], isOfValues: true },
  ],
  checks,
  schema: {},
});
const row = (quantity: number | null, price: number | null, amount: number | null) => ({
  'items.quantity': value(quantity),
  'items.price': value(price),
  'items.amount': value(amount),
});
const run = (
  check: string,
  values: Readonly<Record<string, Scalar | null>>,
  rows: readonly ReturnType<typeof row>[] = [],
) =>
  runChecks(plan(check), {
    values: Object.fromEntries(Object.entries(values).map(([path, given]) => [path, value(given)])),
    lists: { items: rows },
  })[0];

describe('a check of amounts', () => {
  test('that holds says so', () => {
    expect(run('total = net + tax', { total: 226.54, net: 190, tax: 36.54 })).toEqual({
      check: 'total = net + tax',
      holds: true,
      sentence: '226.54 is 190.00 + 36.54 (226.54)',
    });
  });

  test('that does not hold says what it comes to', () => {
    expect(run('total = net + tax', { total: 228.83, net: 190, tax: 36.54 })).toMatchObject({
      holds: false,
      sentence: '228.83 is not 190.00 + 36.54 (226.54)',
    });
  });

  test('is exact: a cent less does not hold, and what floating point adds does not count', () => {
    expect(run('total = net + tax', { total: 0.3, net: 0.1, tax: 0.2 })?.holds).toBe(true);
    expect(run('total = net + tax', { total: 0.31, net: 0.1, tax: 0.2 })?.holds).toBe(false);
    const large = { total: 1234567890123.45, net: 1234567890123.44, tax: 0.01 };
    expect(run('total = net + tax', large)?.holds).toBe(true);
  });

  test.each([
    ['tax = net * 0.19', { tax: 0.06, net: 0.29 }, true],
    ['tax = net * 0.19', { tax: 0.05, net: 0.29 }, false],
    ['tax = net * seller.rate / 100', { tax: 36.1, net: 190, 'seller.rate': 19 }, true],
    ['total = net + tax', { total: 2.01, net: 1.006, tax: 1.006 }, true],
    ['total = net + tax', { total: 2.03, net: 1.006, tax: 1.006 }, false],
    ['total <= net', { total: 2, net: 3 }, true],
    ['total <= net', { total: 3.01, net: 3 }, false],
    ['total >= net', { total: 3, net: 3 }, true],
    ['total < net', { total: 3, net: 3 }, false],
    ['total > net', { total: -1, net: -2 }, true],
    ['total = -(net - tax) * 2', { total: -4, net: 3, tax: 1 }, true],
    ['total = net - (tax - 1)', { total: 3, net: 3, tax: 1 }, true],
    ['total = 12 / (net / tax)', { total: 6, net: 4, tax: 2 }, true],
    ['total = round(net * 0.19, 2)', { total: 0.06, net: 0.29 }, true],
    ['total = round(net * 0.19, 2)', { total: 0.05, net: 0.29 }, false],
    ['abs(total) = max(net, tax)', { total: -3, net: 3, tax: 1 }, true],
    ['`net-amount` = net', { 'net-amount': 1, net: 1 }, true],
  ])('%s of %j: %s', (check, values, holds) => {
    expect(run(check, values)?.holds).toBe(holds);
  });

  test('takes the smallest unit of the currency as what documents round to', () => {
    const values = { tax: 123, net: 1234 };
    expect(run('tax = net * 0.1', values)?.holds).toBe(false);
    expect(run('tax = net * 0.1', { ...values, currency: 'JPY' })?.holds).toBe(true);
  });

  test('has no result where a value is missing or rejected, and names it', () => {
    expect(run('total = net + tax', { total: 1, net: null })).toEqual({
      check: 'total = net + tax',
      sentence: 'net, tax are missing',
    });
    const rejected: Value = { value: 1, status: 'rejected', source: 'model' };
    expect(runChecks(plan('net = 1'), { values: { net: rejected }, lists: {} })).toEqual([
      { check: 'net = 1', sentence: 'net is missing' },
    ]);
  });

  test('has no result where it cannot be computed', () => {
    expect(run('net = 1 / tax', { net: 1, tax: 0 })).toEqual({
      check: 'net = 1 / tax',
      sentence: 'it cannot be computed: A number is divided by zero, which has no value',
    });
  });

  test('of many terms is computed', () => {
    const terms = Array.from({ length: 100 }, () => 'net').join(' + ');
    expect(run(`total = ${terms}`, { total: 100, net: 1 })?.holds).toBe(true);
  });
});

describe('a check over lines', () => {
  const rows = [row(2, 50, 100), row(1, 90, 90)];

  test('adds up a column', () => {
    expect(run('net = sum(items.amount)', { net: 190 }, rows)).toMatchObject({
      holds: true,
      sentence: '190.00 is 100.00 + 90.00 (190.00)',
    });
    expect(run('net = sum(items.quantity * items.price)', { net: 190 }, rows)?.holds).toBe(true);
    expect(run('net = sum(items.amount)', { net: 6 }, Array(6).fill(row(1, 1, 1)))?.sentence).toBe(
      '6.00 is sum(items.amount) (6.00)',
    );
  });

  test('holds for each, and says which it does not hold for', () => {
    const check = 'items.amount = items.quantity * items.price';
    expect(run(check, {}, rows)).toMatchObject({ holds: true, sentence: 'it holds for all 2 lines' });
    expect(run(check, {}, [...rows, row(2, 9, 20)])).toMatchObject({
      holds: false,
      rows: [2],
      sentence: 'line 3: 20.00 is not 2 * 9.00 (18.00)',
    });
    expect(run(check, {}, [row(2, 9, 20), row(1, null, 3), row(1, 2, 3)])?.rows).toEqual([0, 2]);
    expect(run(check, {}, rows)).not.toHaveProperty('rows');
    expect(run('net = sum(items.amount)', { net: 1 }, rows)).not.toHaveProperty('rows');
    expect(run(check, {}, Array(5).fill(row(1, 2, 3)))?.sentence).toMatch(/^line 1: .*; and 2 more$/);
  });

  test('lets each rounded line be off by half a cent', () => {
    const thirds = [row(3, 0.333, 1), row(3, 0.333, 1)];
    expect(run('items.amount = items.quantity * items.price', {}, thirds)?.holds).toBe(true);
    expect(run('net = sum(items.quantity * items.price)', { net: 2.01 }, thirds)?.holds).toBe(false);
    expect(run('net = sum(items.quantity * items.price)', { net: 2.008 }, thirds)?.holds).toBe(true);
  });

  test('may hold a line against all of them', () => {
    const check = 'items.price = items.amount / sum(items.amount)';
    expect(run(check, {}, [row(1, 0.25, 1), row(1, 0.75, 3)])?.holds).toBe(true);
  });

  test('has no result where a cell is missing, or all lines', () => {
    expect(run('net = sum(items.amount)', { net: 1 }, [row(1, 1, 1), row(1, 1, null)])).toMatchObject({
      sentence: 'items.amount of line 2 is missing',
    });
    expect(run('net = sum(items.amount)', { net: 1 })?.holds).toBeUndefined();
    expect(run('items.amount = items.price', {})?.holds).toBeUndefined();
  });

  test('takes a list of plain values', () => {
    const [result] = runChecks(plan('net = sum(prices)'), {
      values: { net: value(3) },
      lists: { prices: [{ prices: value(1) }, { prices: value(2) }] },
    });
    expect(result?.holds).toBe(true);
  });
});

test.each([
  ['total', /it compares nothing/],
  ['', /it ends too early/],
  ['total = (net', /it ends too early/],
  ['total = net tax', /cannot be read at "tax"/],
  ['total = net; tax', /cannot be read at "; tax"/],
  ['total = net = tax', /cannot be read at "="/],
  ['total = gross', /has no field "gross"; its numbers are "net", "tax"/],
  ['total = constructor', /has no field "constructor"/],
  ['total = number', /"number" is a text/],
  ['total = currency', /"currency" is a currency/],
  ['total = eval(net)', /"eval" is no function/],
  ['total = abs(net, tax)', /too many values/],
  ['items.amount = prices', /compares lines of "items" with lines of "prices"/],
  ['net = sum(items.amount * prices)', /"sum" is over "items" and "prices" at once/],
  [`net = ${'('.repeat(40)}net${')'.repeat(40)}`, /too many brackets/],
])('the check %s is refused when the schema is read', (check, problem) => {
  const refused = () => checkNames([check], plan());
  expect(refused).toThrow(ConfigError);
  expect(refused).toThrow(problem);
  expect(refused).toThrow(/Write it like "total = net \+ tax"/);
});
