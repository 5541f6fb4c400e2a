import { type Layer, piecesIn, type Range } from './document-index.ts';
import { skipUnit, withoutUnits } from './unit-words.ts';

/** A part of a line that stands apart from the others: by a bar, a tab, or the wide gap that readers write as two spaces. */
export type Cell = Range & {
  readonly text: string;
  /** 0-based; of a line without bars, among the cells that are not empty. */
  readonly column: number;
};

/** The cells of a line of a layer. */
export function lineCells(layer: Layer, line: Range): readonly Cell[] {
  if (!layer.hasCells) return cellsOf(layer.text.slice(line.start, line.end), line.start);
  return piecesIn(layer, line).map(({ start, end, column = 0 }) => ({
    start,
    end,
    column,
    text: layer.text.slice(start, end),
  }));
}

/** `offset`: of the line in its text. Cells are without the white space around them; empty ones between bars stay. */
function cellsOf(line: string, offset: number): readonly Cell[] {
  const cells: Cell[] = [];
  let start = 0;
  let column = 0;
  const add = (end: number, isBarred: boolean) => {
    const text = line.slice(start, end);
    const from = start + (text.length - text.trimStart().length);
    if (text.trim() !== '' || isBarred) {
      cells.push({
        start: offset + from,
        end: offset + Math.max(from, start + text.trimEnd().length),
        text: text.trim(),
        column,
      });
      column += 1;
    }
  };
  const hasBars = line.includes('|');
  for (const { 0: gap, index } of line.matchAll(hasBars ? /\|/g : /\t+| {2,}/g)) {
    add(index, hasBars);
    start = index + gap.length;
  }
  add(line.length, hasBars);
  return cells;
}

/** Whether a cell holds a number, a date or an identifier, and no words but a currency or a unit behind the number. */
export function isValueCell(text: string): boolean {
  const rest = text.replace(/(?<!\p{L})(?:\p{Lu}{3}|\p{L}{2})(?!\p{L})\.?/gu, (word) =>
    CURRENCIES.has(word) ? ' ' : word,
  );
  return /\p{N}/u.test(rest) && !/(?<![\p{L}\p{N}])\p{L}{2,}(?![\p{L}\p{N}])/u.test(withoutUnits(rest));
}

/** A word that heads or begins: no value, and no lone code of a currency. */
export const isLabel = (text: string): boolean => !isValueCell(text) && words(text) !== '';

/** Whether a cell has a label and its value in one, `Net: 5`: what stands below it is another thing. */
export const isStatement = (text: string): boolean =>
  /(?<!\p{N})[:=]\s*[^\p{L}\p{N}]*(?:\p{Lu}{3}\s*)?[^\p{L}\p{N}]*\p{N}[^%]*$/u.test(text);

/** Numbers and dates that stand alone; a percentage is a part of its label: `VAT 19%`. */
const VALUE = /(?<![\p{L}\p{N}.,])[\p{Sc}(]?\p{N}[\p{N}.,'’:/-]*(?![\p{L}\p{N}]|[.,'’:/-]\p{N}|\s*%)/gu;
/** A label is short: of a sentence, its last words. */
const MOST_WORDS = 8;

/** What stands between the value before this place, with its unit, and the place; `before`: what stands before all values of it. */
export function lastLabel(text: string): {
  readonly label: string;
  readonly isBehindValue: boolean;
  readonly before: string;
} {
  const values = [...text.matchAll(VALUE)];
  const last = values.at(-1);
  const label = words(last ? skipUnit(text.slice(last.index + last[0].length)) : text);
  return { label, isBehindValue: last !== undefined, before: words(text.slice(0, values[0]?.index)) };
}

/** The words right behind a value, where no other value follows, whose label they would be: `100.00 EUR net`. */
export function labelBehind(text: string): string {
  const rest = skipUnit(text);
  if (rest.search(VALUE) >= 0) return '';
  const [phrase = ''] = rest.split(/[;,|\n]/, 1);
  const said = phrase.trim().split(/\s+/);
  return words(said.slice(CURRENCIES.has(said[0] ?? '') ? 1 : 0, 4).join(' '));
}

/** Whether a number has another one beside it with no words between; `behind`: whether one comes behind it. */
export function bareNumbers(
  before: string,
  value: string,
  behind: string,
): { readonly areSeveral: boolean; readonly isLast: boolean } {
  const isOther = ({ 0: other }: RegExpExecArray) => !DATE.test(other) && other !== value;
  const left = [...before.matchAll(VALUE)].at(-1);
  const [right] = behind.matchAll(VALUE);
  const isBehind =
    left !== undefined && isOther(left) && words(skipUnit(before.slice(left.index + left[0].length))) === '';
  const isBefore =
    right !== undefined && isOther(right) && words(skipUnit(behind.slice(0, right.index))) === '';
  return { areSeveral: isBehind || isBefore, isLast: !isBefore };
}

const DATE = /\p{N}[./:-]\p{N}{1,2}[./:-]\p{N}|\p{N}:\p{N}/u;

/** Without signs around it, and nothing where there is no word but the code of a currency. */
function words(text: string): string {
  const trimmed = text.trim().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%)]+$/gu, '');
  const rest = trimmed.replace(/(?<!\p{L})\p{L}{2,3}(?!\p{L})\.?$/u, (word) =>
    CURRENCIES.has(word) ? '' : word,
  );
  if (!/\p{L}{2}/u.test(rest)) return '';
  return trimmed.split(/\s+/).slice(-MOST_WORDS).join(' ');
}

const CURRENCIES: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency'),
  'Rs',
  'Rs.',
  'kr',
  'kr.',
]);
