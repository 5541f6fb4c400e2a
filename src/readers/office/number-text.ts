/** A number as lists show it, in a format of ECMA-376 (17.18.59) or one of the two alphabets of OpenDocument; undefined
 * of one that is not known here. */
export function numberText(value: number, format: string): string | undefined {
  return FORMATS.get(format)?.(value);
}

/** What a reader says where a number is not shown. */
export const UNCOUNTED = 'Some numbers of paragraphs or clauses are not shown: look them up in the document.';

const FORMATS: ReadonlyMap<string, (value: number) => string> = new Map([
  ['decimal', String],
  ['decimalZero', (value: number) => String(value).padStart(2, '0')],
  ['lowerLetter', (value: number) => letters(value).toLowerCase()],
  ['upperLetter', letters],
  ['lowerAlphabet', (value: number) => alphabet(value).toLowerCase()],
  ['upperAlphabet', alphabet],
  ['lowerRoman', (value: number) => roman(value).toLowerCase()],
  ['upperRoman', roman],
  ['none', () => ''],
]);

/** A to Z, then AA, BB (ECMA-376, 17.18.59, `upperLetter`). Word counts in letters up to 780. */
function letters(value: number): string {
  if (value < 1 || value > 780) return String(value);
  const letter = String.fromCharCode(65 + ((value - 1) % 26));
  return letter.repeat(Math.ceil(value / 26));
}

/** A to Z, then AA, AB. */
function alphabet(value: number): string {
  if (value < 1) return String(value);
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

function roman(value: number): string {
  if (value < 1 || value > 3999) return String(value);
  let rest = value;
  let text = '';
  for (const [sign, worth] of ROMAN) {
    text += sign.repeat(Math.floor(rest / worth));
    rest %= worth;
  }
  return text;
}

const ROMAN = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
] as const;
