import { describe, expect, test } from 'vitest';
import { answerGroups } from '../../src/extract/ask/answer-groups.ts';
import { parseTwins } from '../../src/extract/ask/parse-twins.ts';
import { readClaims } from '../../src/extract/ask/read-claims.ts';
import { extractDocument } from '../../src/extract/extract-document.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { amount, documentOf, engineOf, pageOf, signal, text } from './honest-model.ts';

const plan = readFieldPlan({
  type: 'object',
  properties: {
    total: amount,
    seller: { type: 'object', properties: { name: text } },
    items: { type: 'array', items: { type: 'object', properties: { name: text, price: amount } } },
  },
});
const [fields, list] = answerGroups(plan);
const claimsOf = (answer: string) => Object.fromEntries((fields && readClaims(answer, fields)?.fields) ?? []);
const rowsOf = (answer: string) => list && readClaims(answer, list)?.rows;
const claim = (value: string) => ({ quote: `Total ${value}`, value });
const [one, two] = [claim('1.00'), claim('2.00')];
const [oneText, twoText] = [JSON.stringify(one), JSON.stringify(two)];

describe('an answer that names a field twice', () => {
  test('claims both, wherever the field stands', () => {
    const twice = `"total": ${oneText}, "total": ${twoText}`;
    for (const answer of [`{${twice}}`, `So: {${twice}} it is.`, `{"fields": {${twice}}}`]) {
      expect(claimsOf(answer)).toEqual({ total: [one, two] });
    }
    expect(claimsOf(`{"a": {"total": ${oneText}}, "a": {"total": ${twoText}}}`)).toEqual({
      total: [one, two],
    });
    expect(claimsOf(`{"total": null, "total": ${twoText}}`)).toEqual({ total: [two] });
    expect(claimsOf('{"seller": {"name": "A"}, "seller": {"name": "B"}}')).toEqual({
      'seller.name': [
        { quote: '', value: 'A' },
        { quote: '', value: 'B' },
      ],
    });
    expect(claimsOf('{"total": {"quote": "a", "value": "1", "value": "2"}}').total).toHaveLength(2);
  });

  test('is unverified where the document states both', async () => {
    const { engine } = engineOf(() => ({ text: `{"total": ${oneText}, "total": ${twoText}}` }));
    const document = documentOf([pageOf(1, ['Total 1.00', 'Total 2.00'])]);
    const { values } = await extractDocument(document, { plan, engine, signal });
    expect(values.total).toMatchObject({ value: 1, status: 'unverified', others: [{ value: 2 }] });
  });

  test('has the rows of both lists, and a cell of two values that is neither', async () => {
    const row = (price: string) => `{"quote": "chairs", "name": "chairs", "price": ${price}}`;
    expect(rowsOf(`{"items": [${row('"1"')}], "items": [${row('"2"')}]}`)).toMatchObject([
      { values: { 'items.price': '1' } },
      { values: { 'items.price': '2' } },
    ]);
    const answer = `{"items": [{"quote": "chairs 1.00 2.00", "price": "1.00", "price": "2.00"}]}`;
    expect(rowsOf(answer)).toMatchObject([{ values: { 'items.price': '1.00 / 2.00' } }]);
    const { engine } = engineOf(() => ({ text: answer }));
    const document = documentOf([pageOf(1, ['chairs 1.00 2.00'])]);
    const { lists } = await extractDocument(document, { plan, engine, signal });
    expect(lists.items).toMatchObject([
      { 'items.price': { value: null, status: 'unverified', original: '1.00 / 2.00' } },
    ]);
  });
});

describe('JSON', () => {
  test.each([
    '{"a":{"b":1},"b":{"a":2}}',
    '[{"a":1},{"a":2}]',
    String.raw`{"a\"b":"a: {\"x\": 1, \"x\": 2}","c":"\\","d":[{}]}`,
  ])('without twins is as JSON.parse has it: %s', (source) => {
    expect(parseTwins(source)).toEqual(JSON.parse(source));
  });

  test('has a name that is spelled otherwise as the same one, and each value of three', () => {
    expect(parseTwins(String.raw`{"a":1,"\u0061" :2,"b":0,"a":[3,4]}`)).toEqual({ a: [1, 2, 3, 4], b: 0 });
    expect(() => parseTwins('{"a":1')).toThrow(SyntaxError);
  });
});
