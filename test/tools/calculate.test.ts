import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculate, MAX_EXPRESSION } from '../../tools/calculate.ts';
import { callTool, workspaceWith } from './call-tool.ts';

const of = async (expression: unknown) => callTool(calculate, { expression }, await workspaceWith({}));
const failure = (text: string | RegExp) => ({
  isError: true,
  text: typeof text === 'string' ? text : expect.stringMatching(text),
});

describe('calculate', () => {
  test.each([
    ['0.1 + 0.2', '0.3'],
    ['(12.50 + 7) * 1.19', '23.205'],
    ['100/3*3', '100'],
    ['1.0050 * 1000', '1005'],
    ['9007199254740993 + 0.01', '9007199254740993.01'],
    ['-2^2', '-4'],
    ['2^3^2', '512'],
    ['2**-2', '0.25'],
    ['10 - 4 - 3', '3'],
    ['2 × 3 ÷ 4 − 1', '0.5'],
    ['2 - -3', '5'],
    ['10x10', '100'],
    ['0 x 10', '0'],
    ['2026 - 11 - 21', '1994'],
    ['2026-11-210', '1805'],
    ['100/10/2', '5'],
    ['0', '0'],
    ['-0.5', '-0.5'],
    ['= 12 + 3 =', '15'],
    [7, '7'],
  ])('%j is %s', async (expression, result) => {
    expect(await of(expression)).toBe(result);
  });

  test.each([
    ['sum(1.10, 2.20, 3.30)', '6.6'],
    ['SUM(12.50,7.25)', '19.75'],
    ['sum([1.1, 2.2, ])', '3.3'],
    ['sum(1,2,3)', '6'],
    ['average(1, 2)', '1.5'],
    ['min(3, -4) + max(1, sum(2, 3))', '1'],
    ['abs(-2)', '2'],
    ['round(100/3, 2)', '33.33'],
    ['round(100/3,2)', '33.33'],
    ['round(33.3333,2)', '33.33'],
    ['round(-2.5) + round(2.5)', '0'],
    ['round(2.345, 2)', '2.35\n[Read 2.345 as 2.345, not 2345.]'],
  ])('%j is %s', async (expression, result) => {
    expect(await of(expression)).toBe(result);
  });

  test.each([
    ['1,234.56 + 1', '1235.56\n[Read 1,234.56 as 1234.56.]'],
    ['1.234,56 + 99,10', '1333.66\n[Read 1.234,56 as 1234.56; 99,10 as 99.10.]'],
    ["1'234.50 + 1", "1235.5\n[Read 1'234.50 as 1234.50.]"],
    ['1,234,567 + 0', '1234567\n[Read 1,234,567 as 1234567.]'],
    ['sum(1,234.56, 2,345.67)', '3580.23\n[Read 1,234.56 as 1234.56; 2,345.67 as 2345.67.]'],
    ['sum(12,50; 7,25)', '19.75\n[Read 12,50 as 12.50; 7,25 as 7.25.]'],
    ['$5 + 3.50 USD', '8.5'],
    ['12.50 EUR + €3', '15.5'],
    ['1.234 + 1', '2.234\n[Read 1.234 as 1.234, not 1234.]'],
    ['3.000 + 12.50 + 3.000', '18.5\n[Read 3.000 as 3.000, not 3000.]'],
    ['sum(1.234, 2.345)', '3.579\n[Read 1.234 as 1.234, not 1234; 2.345 as 2.345, not 2345.]'],
    ['1.234 + 1,000.50', '1001.734\n[Read 1,000.50 as 1000.50.]'],
    ["1.234 + 1'000", "1001.234\n[Read 1'000 as 1000.]"],
    ['0.125 + 1234.567 + 1.2345', '1235.9265'],
  ])('%j, as a document may write it, is %s', async (expression, result) => {
    expect(await of(expression)).toBe(result);
  });

  test.each([
    ['1,234', '"1,234" can be 1234 or 1.234: write it as one of them.'],
    ['1.234 + 12,50', '"1.234" can be 1234 or 1.2340: write it as one of them.'],
    ['sum(1,234)', /^"1,234" can be one number or several\. .*space/],
    ['sum(100,200,300)', /^"100,200,300" can be one number or several/],
    ['round(12,5)', /^"12,5" can be one number or several/],
    ['round(-2.345,2)', /^"2.345,2" can be one number or several/],
    ['5 EUR + 3 USD', 'EUR and USD cannot be calculated together: convert them first.'],
    ['200 + 19%', '"+ 19%" can be read in two ways. Write * 1.19, or + 0.19.'],
    ['200 - 19%', '"- 19%" can be read in two ways. Write * 0.81, or - 0.19.'],
    ['200 + (19%)', '"+ 19%" can be read in two ways. Write * 1.19, or + 0.19.'],
    ['200 + sum(9%, 10%)', '"+ 19%" can be read in two ways. Write * 1.19, or + 0.19.'],
    [
      'sum(100, 20%)',
      '"20%" among other numbers can be read in two ways. Write 0.2, or what it is of: 20% of 200.',
    ],
    ['max([20%, 3], 1)', /^"20%" among other numbers/],
    ['0x10', '"0x10" is no decimal number: write it with the digits 0 to 9, and a product with *.'],
    ['1 + 0XFF', /^"0XFF" is no decimal number/],
    [
      '2026-11-21',
      '"2026-11-21" can be a date, which cannot be calculated. Where it is none, write it with spaces: 2026 - 11 - 21.',
    ],
    ['21/11/2026', /^"21\/11\/2026" can be a date/],
    ['(2026-11-21)-(2026-1-1)', /^"2026-11-21" can be a date/],
  ])('%j can mean two things, and is refused', async (expression, text) => {
    expect(await of(expression)).toEqual(failure(text));
  });

  test.each([
    ['200 * 19%', '38'],
    ['19% of 200', '38'],
    ['19% + 1%', '0.2'],
    ['-50%', '-0.5'],
    ['sum(10%, 20%)', '0.3'],
    ['(10% + 9%) of 200', '38'],
    ['round(33.33%, 2)', '0.33'],
  ])('the percentage %j is %s', async (expression, result) => {
    expect(await of(expression)).toBe(result);
  });

  test.each([
    ['1/3', '0.333333333333'],
    ['-2/3', '-0.666666666667'],
    ['1/30000000000000000', '0.0000000000000000333333333333'],
    ['1000000/7', '142857.142857142857'],
  ])('%j has no end, and is rounded to %s', async (expression, digits) => {
    expect(await of(expression)).toBe(`${digits}\n[Rounded: the exact result has more digits.]`);
  });

  test.each([
    ['9^9^9^9', /too large/],
    ['9999999999^300', /too large/],
    ['1.01^1000', 'Too many digits to reckon exactly; use a smaller exponent. Nothing was calculated.'],
    ['1.5^2600', /^Too many digits/],
    ['2^-5000', /^Too many digits/],
    ['2^0.5', 'Only whole exponents can be calculated, such as 2^10.'],
    [`${'9'.repeat(99)}^2`, 'The result has more than 100 digits.'],
    ['1/2^3000', 'The result has more than 100 digits.'],
    ['1/0', 'A number is divided by zero, which has no value.'],
    ['0^-1', 'A number is divided by zero, which has no value.'],
    ['('.repeat(5000), /too many brackets/],
    [Array.from({ length: 1200 }, (_, at) => `1/${10_007 + 2 * at}`).join('+'), /too large/],
    ['1+'.repeat(MAX_EXPRESSION / 2 + 1), /^The expression has more than 10000 characters/],
    ['', 'The expression is empty.'],
    ['1 +', /cannot be read at its end\. Write it like/],
    ['1 + * 2', /cannot be read at "\* 2"/],
    ['5 5', /cannot be read at "5"/],
    ['7 % 3', /cannot be read at "3"/],
    ['1e5', /cannot be read at "e 5"/],
    ['1 234,50', /cannot be read at "234,50"/],
    ['1,00,000.00', /^"1,00,000.00" is not a number/],
    ['sum()', /^sum cannot be calculated of these values/],
    ['round(1, 2, 3)', /^round cannot be calculated/],
    ['round(1, -1)', /^round cannot be calculated/],
    ['sqrt(4)', /^"sqrt" is not known here: write sum/],
    ['constructor(1)', /^"constructor" is not known/],
    ['the sum of 1 and 2', /^"the" is not known/],
    ['{{7*7}}', /cannot be read at "\{\{7\*7\}\}"/],
  ])('%j is refused with a sentence', async (expression, text) => {
    expect(await of(expression)).toEqual(failure(text));
  });

  test('sums cents as whole numbers do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 50 }),
        async (cents) => {
          const amounts = cents.map((cent) => `${cent < 0 ? '-' : ''}${(Math.abs(cent) / 100).toFixed(2)}`);
          const total = cents.reduce((sum, cent) => sum + cent, 0);
          expect(Number(await of(`sum(${amounts.join(', ')})`))).toBe(total / 100);
        },
      ),
    );
  });

  test('never throws, and never takes long, whatever is written', async () => {
    const pieces = [
      '1',
      '9',
      '.',
      ',',
      '1.5',
      '^',
      '*',
      '/',
      '-',
      '%',
      '(',
      ')',
      '[',
      ' ',
      ';',
      'sum(',
      'round(',
      '€',
      'of',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), async (parts) => {
        const result = await of(parts.join(''));
        expect(typeof result === 'string' || 'isError' in result).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
