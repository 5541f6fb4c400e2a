import type { Element } from '@xmldom/xmldom';
import { numberText } from './number-text.ts';
import { child, childValue, wordRun } from './word-elements.ts';
import type { ListLevel, WordList, WordNumbering } from './word-numbering.ts';
import { walkXml } from './zip-xml.ts';

/** Spaces at the start of a line that HTML keeps; they are taken for plain ones again afterwards. */
export const KEPT_SPACE = '\u2002';

/**
 * Writes the numbers of paragraphs into them, as Word shows them; bullets as `- `. True when there was one in a format
 * that is not known, which is then shown like a bullet: a wrong number of a clause is worse than none.
 */
export function numberParagraphs(root: Element, numbering: WordNumbering): boolean {
  const count = createCounter();
  let hasUnknown = false;
  let cells = 0;
  /** The first of paragraphs whose ends were deleted: they are shown as one, with the number of the last. */
  let merged: Element | undefined;
  walkXml(root, {
    enter: (name, element) => {
      if (name === 'Choice' || (name === 'tr' && child(child(element, 'trPr'), 'del'))) return false;
      if (name === 'tc') cells += 1;
      if (name !== 'p' || element.namespaceURI !== root.namespaceURI) return true;
      const end = child(child(element, 'pPr'), 'rPr');
      if (child(end, 'del')) merged ??= element;
      if (child(end, 'del') || child(end, 'moveFrom')) return true;
      const place = placeOf(element, numbering);
      const mark = place && count(place.list, place.level);
      hasUnknown ||= mark === undefined && place !== undefined;
      const indent = cells === 0 && place?.isDirect ? KEPT_SPACE.repeat(2 * place.level) : '';
      if (place) writeMark(merged ?? element, mark ?? BULLET, indent);
      merged = undefined;
      return true;
    },
    leave: (name) => {
      if (name === 'tc') cells -= 1;
    },
  });
  return hasUnknown;
}

const BULLET = '-';

function writeMark(paragraph: Element, mark: string, indent: string): void {
  if (mark === '' || (mark === BULLET && paragraph.textContent?.trim() === '')) return;
  const run = wordRun(paragraph, `${indent}${mark} `);
  const properties = child(paragraph, 'pPr');
  if (run) paragraph.insertBefore(run, properties ? properties.nextSibling : paragraph.firstChild);
}

type Place = { readonly list: WordList; readonly level: number; readonly isDirect: boolean };

/** The list and the level of a paragraph: its own, or those of its style and the styles that this one is based on. */
function placeOf(paragraph: Element, { lists, styles, usualStyle }: WordNumbering): Place | undefined {
  const properties = child(paragraph, 'pPr');
  const own = child(properties, 'numPr');
  const style = childValue(properties, 'pStyle') ?? usualStyle;
  const chain: string[] = [];
  for (let id = style; id !== undefined && chain.length < MOST_STYLES; id = styles.get(id)?.basedOn)
    chain.push(id);
  const first = (part: 'list' | 'level') => chain.map((id) => styles.get(id)?.[part]).find((each) => each);
  const list = lists.get(childValue(own, 'numId') ?? first('list') ?? '');
  if (!list) return undefined;
  const linked = chain.flatMap((id) => [...list.levels].filter(([, { style }]) => style === id))[0]?.[0];
  const level = Number(childValue(own, 'ilvl') ?? linked ?? first('level') ?? 0);
  return list.levels.has(level) ? { list, level, isDirect: own !== undefined } : undefined;
}

/** A style may be based on itself in a file that is damaged. */
const MOST_STYLES = 20;

/** Counts through a document. Undefined when a number is in a format that is not known. */
function createCounter(): (list: WordList, level: number) => string | undefined {
  const counters = new Map<string, Map<number, number>>();
  const begun = new Map<WordList, Set<number>>();
  return (list, level) => {
    const values = counters.get(list.form) ?? new Map<number, number>();
    const levelsBegun = begun.get(list) ?? new Set<number>();
    counters.set(list.form, values);
    begun.set(list, levelsBegun);
    // A level that was passed over counts as begun.
    for (let above = 0; above < level; above += 1) {
      if (values.has(above)) continue;
      values.set(above, startOf(list, above));
      levelsBegun.add(above);
    }
    const anew = levelsBegun.has(level) ? undefined : list.starts.get(level);
    levelsBegun.add(level);
    const before = values.get(level);
    values.set(level, anew ?? (before === undefined ? startOf(list, level) : before + 1));
    for (const [deeper, { restart }] of list.levels)
      if (deeper > level && (restart === undefined || level < restart)) values.delete(deeper);
    return shownNumber(list, level, values);
  };
}

const startOf = (list: WordList, level: number): number =>
  list.starts.get(level) ?? list.levels.get(level)?.start ?? 0;

function shownNumber(list: WordList, level: number, values: ReadonlyMap<number, number>): string | undefined {
  const own = list.levels.get(level);
  if (own?.format === 'bullet') return BULLET;
  let isKnown = true;
  const text = (own?.text ?? '').replace(/%([1-9])/g, (_, digit: string) => {
    const at = Number(digit) - 1;
    const number = numberText(values.get(at) ?? startOf(list, at), formatOf(own, list.levels.get(at)));
    isKnown &&= number !== undefined;
    return number ?? '';
  });
  return isKnown ? text.trim() : undefined;
}

/** `isLegal`: in digits, which other levels keep when they are hidden. */
const formatOf = (own: ListLevel | undefined, level: ListLevel | undefined): string =>
  own?.isLegal && level?.format !== 'none' ? 'decimal' : (level?.format ?? 'none');
