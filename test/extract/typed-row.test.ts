import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Value } from '../../src/extract/extraction.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { toTypedRow } from '../../src/extract/plan/typed-row.ts';
import { readAnswerSchema } from '../../src/qwen/answer-schema.ts';
import { found, makeRow } from './sample-extraction.ts';

const schema = z.object({
  number: z.string().min(3),
  total: z.number(),
  due: z.string().optional(),
  items: z.array(z.object({ amount: z.number() })).optional(),
});
const missing: Value = { value: null, status: 'missing', source: 'model' };
const FULL = { number: found('A-1'), total: found(5), due: missing };

function typed(values: Readonly<Record<string, Value>>, amounts: readonly Value[] = []) {
  const plan = readFieldPlan(schema);
  const items = amounts.map((amount) => ({ 'items.amount': amount }));
  const row = makeRow('a.txt', { values, lists: { items }, checks: [] });
  return toTypedRow<z.infer<typeof schema>>(row, plan, readAnswerSchema(schema));
}

describe('a row of the schema’s type', () => {
  test('is verified where all is that stands in it', () => {
    expect(typed(FULL)).toMatchObject({ output: { number: 'A-1', total: 5 }, isVerified: true });
    expect(typed(FULL, [found(1)]).isVerified).toBe(true);
  });

  test.each([
    ['a value', typed({ ...FULL, total: found(5, { status: 'unverified' }) })],
    ['a value that may be left out', typed({ ...FULL, due: found('x', { status: 'unverified' }) })],
    ['a value of a list', typed(FULL, [found(1), found(2, { status: 'unverified' })])],
  ])('is not where %s is unverified, though it has an output', (_, row) => {
    expect(row.output).toBeDefined();
    expect(row.isVerified).toBe(false);
  });

  test('is not where nothing stands in it', () => {
    const optional = z.object({ a: z.string().optional() });
    const plan = readFieldPlan(optional);
    const row = toTypedRow(
      makeRow('a.txt', { values: { a: missing }, lists: {} }),
      plan,
      readAnswerSchema(optional),
    );
    expect(row).toMatchObject({ output: {}, isVerified: false });
  });

  test.each([
    [{ number: missing, total: missing }, 'The schema wants a value that is not there: number, total.'],
    [
      { ...FULL, total: found(5, { status: 'rejected' }) },
      'The schema wants a value that a person rejected: total.',
    ],
    [{ ...FULL, number: found('A') }, /^The values do not fit the schema: [^\n✖→]+ at number\.$/],
  ] as const)('says in a sentence why there is no output', (values, sentence) => {
    const { output, outputProblem, isVerified } = typed(values);
    expect([output, isVerified]).toEqual([undefined, false]);
    expect(outputProblem).toMatch(sentence);
  });
});
