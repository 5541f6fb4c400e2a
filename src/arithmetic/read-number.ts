export type NumberReading =
  | {
      readonly ok: true;
      /** Digits with at most one decimal point. */
      readonly plain: string;
      /** Which mark stands before the decimals, as far as the number shows it. */
      readonly decimalMark?: 'point' | 'comma';
    }
  | { readonly ok: false; readonly problem: string };

/** One of the signs between groups of three digits that can be nothing else: apostrophes and narrow spaces. */
const GROUP_SIGNS = /['’\u00a0\u202f](?=\d{3}(?!\d))/g;

/**
 * A number as documents write it: `1234.56`, `1,234.56`, `1.234,56`, `1'234.50`, `12,50`. What could be two numbers, such
 * as `1,234`, is refused: nobody should pay a thousand times too much.
 */
export function readNumber(text: string): NumberReading {
  const digits = text.replace(GROUP_SIGNS, '');
  if (/^\d+$/.test(digits)) return { ok: true, plain: digits };
  if (/^\d*\.\d+$/.test(digits)) return { ok: true, plain: digits, decimalMark: 'point' };
  if (/^\d{1,3}(,\d{3})+\.\d+$/.test(digits) || /^\d{1,3}(,\d{3}){2,}$/.test(digits)) {
    return { ok: true, plain: digits.replaceAll(',', ''), decimalMark: 'point' };
  }
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(digits) || /^\d{1,3}(\.\d{3}){2,}$/.test(digits)) {
    return { ok: true, plain: digits.replaceAll('.', '').replace(',', '.'), decimalMark: 'comma' };
  }
  if (isInDoubt(digits, ',')) return { ok: false, problem: twoWays(text, digits, ',') };
  if (/^\d+,\d+$/.test(digits)) return { ok: true, plain: digits.replace(',', '.'), decimalMark: 'comma' };
  return {
    ok: false,
    problem: `"${text}" is not a number. Write it with a decimal point and nothing else: 1234.56.`,
  };
}

/** Whether the mark may stand before thousands as well as before decimals. */
export const isInDoubt = (text: string, mark: '.' | ','): boolean => {
  const [whole = '', rest = '', ...more] = text.split(mark);
  return /^[1-9]\d{0,2}$/.test(whole) && /^\d{3}$/.test(rest) && more.length === 0;
};

/** Says how to write a number that is in doubt. */
export function twoWays(text: string, digits: string, mark: '.' | ','): string {
  const decimal = mark === ',' ? digits.replace(',', '.') : `${digits}0`;
  return `"${text}" can be ${digits.replace(mark, '')} or ${decimal}: write it as one of them.`;
}
