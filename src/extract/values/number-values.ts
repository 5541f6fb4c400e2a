import { isInDoubt, readNumber } from '../../arithmetic/read-number.ts';
import type { Conventions } from './conventions.ts';

/** More than a JavaScript number keeps. */
const MOST_DIGITS = 15;

/** What the digits and marks of a number can mean, as plain decimals: none, one, or two where a mark is in doubt. */
export function plainNumbers(text: string, { decimalMark }: Conventions): readonly string[] {
  const digits = text.replace(/['’\u00a0\u202f ](?=\d{3}(?!\d))/g, '');
  if (/^\d{1,2}(,\d\d)+,\d{3}(\.\d+)?$/.test(digits)) return [digits.replaceAll(',', '')];
  const isGrouped = digits !== text;
  for (const [mark, name] of MARKS) {
    if (!isInDoubt(digits, mark) || isGrouped) continue;
    const [whole, decimal] = [digits.replace(mark, ''), digits.replace(mark, '.')];
    if (decimalMark === undefined) return [whole, decimal];
    return [decimalMark === name ? decimal : whole];
  }
  const reading = readNumber(isGrouped ? digits.replace(',', '.') : digits);
  return reading.ok ? [reading.plain] : [];
}

const MARKS = [
  ['.', 'point'],
  [',', 'comma'],
] as const;

/** Undefined where a JavaScript number would not keep every digit. */
export function toExactNumber(plain: string): number | undefined {
  const [whole = '', decimals = ''] = plain.split('.');
  const significant = `${whole}${decimals.replace(/0+$/, '')}`.replace(/^0+/, '');
  const counted = decimals.replace(/0+$/, '') === '' ? significant.replace(/0+$/, '') : significant;
  return counted.length <= MOST_DIGITS && whole.length <= MOST_DIGITS ? Number(plain) : undefined;
}
