import { z } from 'zod';
import { type Evaluated, evaluateExpression, type Reading } from '../src/arithmetic/evaluate-expression.ts';
import { ExpressionProblem } from '../src/arithmetic/expression-tokens.ts';
import { roundTo } from '../src/arithmetic/reckon.ts';
import { defineTool } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { asText } from './reading-input.ts';

export const MAX_EXPRESSION = 10_000;
/** Of a result. */
const MAX_DIGITS = 100;
/** Of a result that has no end: so many places, or so many digits where it is small. */
const PLACES = 12;
const MAX_READINGS = 20;
const TOO_LONG = `The expression has more than ${MAX_EXPRESSION} characters: calculate it in parts, and then with their results.`;

/** Reckons in fractions, so that nothing is lost on the way. */
export const calculate = defineTool({
  name: 'calculate',
  description: 'Calculate exactly. Use it for every sum, product and percentage.',
  input: z.object({
    expression: asText(z.string()).describe(
      'Such as "(12.50 + 7) * 1.19", "sum(12.50, 7.25, 3)" or "round(100 / 3, 2)". Numbers like 1234.56',
    ),
  }),
  effect: 'read',
  run: ({ expression }) => {
    if (expression.length > MAX_EXPRESSION) return toolFailure(TOO_LONG);
    try {
      const { value, readings } = evaluateExpression(expression);
      const text = toDecimal(value);
      if (text === undefined) return toolFailure(`The result has more than ${MAX_DIGITS} digits.`);
      const shown = [...new Set(readings.map(readAs))].slice(0, MAX_READINGS);
      return shown.length === 0 ? text : `${text}\n[Read ${shown.join('; ')}.]`;
    } catch (error) {
      if (error instanceof ExpressionProblem) return toolFailure(error.message);
      throw error;
    }
  },
});

const readAs = ({ text, plain }: Reading): string =>
  text === plain ? `${text} as ${plain}, not ${plain.replace('.', '')}` : `${text} as ${plain}`;

/** Undefined where it is too long. */
function toDecimal(value: Evaluated['value']): string | undefined {
  const whole = `${value.n / value.d}`.length;
  const exact = placesOf(value.d);
  if (exact !== undefined && whole + exact <= MAX_DIGITS) return withPlaces(value, exact);
  const zeros = value.n < value.d ? `${value.d / value.n}`.length - 1 : 0;
  const places = PLACES + zeros;
  if (whole + places > MAX_DIGITS) return undefined;
  return `${withPlaces(roundTo(value, places), places)}\n[Rounded: the exact result has more digits.]`;
}

/** How many decimal places a fraction with this denominator has; undefined where they have no end. */
function placesOf(denominator: bigint): number | undefined {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

function withPlaces({ s, n, d }: Evaluated['value'], places: number): string {
  const digits = `${(n * 10n ** BigInt(places)) / d}`.padStart(places + 1, '0');
  const sign = s < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
