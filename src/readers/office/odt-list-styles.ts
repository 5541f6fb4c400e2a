import type { Element } from '@xmldom/xmldom';
import { childElements } from './word-elements.ts';
import { attribute, elementsOf } from './zip-xml.ts';

/** A level of a list (ODF 1.3, part 3, 16.31 and 16.34). */
export type OdtLevel = {
  /** As ECMA-376 names them; `none` when no number is shown. Undefined when it is not known here. */
  readonly format: string | undefined;
  readonly start: number;
  readonly prefix: string;
  readonly suffix: string;
  /** How many levels are shown, this one included. */
  readonly shown: number;
  /** What LibreOffice writes in place of the last three: the text with `%1%` for the number of the first level. */
  readonly pattern: string;
};
/** By level, from 1. */
export type OdtLevels = ReadonlyMap<number, OdtLevel>;
export type OdtListStyles = {
  readonly lists: ReadonlyMap<string, OdtLevels>;
  /** Of headings. */
  readonly outline: OdtLevels;
};

/** How lists and headings are counted, as the parts of a document say. */
export function odtListStyles(parts: readonly (Element | undefined)[]): OdtListStyles {
  const roots = parts.filter((part) => part !== undefined);
  const styles = roots.flatMap((root) => elementsOf(root, 'list-style'));
  const outline = roots.flatMap((root) => elementsOf(root, 'outline-style'))[0];
  return {
    lists: new Map(styles.map((style) => [attribute(style, 'name'), levelsOf(style)])),
    outline: outline ? levelsOf(outline) : new Map(),
  };
}

const levelsOf = (style: Element): OdtLevels =>
  new Map(childElements(style).map((level) => [Number(attribute(level, 'level')), levelOf(level)]));

function levelOf(level: Element): OdtLevel {
  const isNumber = /^(list-level-style-number|outline-level-style)$/.test(level.localName ?? '');
  const start = attribute(level, 'start-value');
  const format = FORMATS.get(attribute(level, 'num-format'));
  // After z comes either aa, bb or aa, ab.
  const isInStep = attribute(level, 'num-letter-sync') === 'true';
  return {
    format: isNumber ? (isInStep ? format?.replace('Alphabet', 'Letter') : format) : 'bullet',
    start: start === '' ? 1 : Math.trunc(Number(start)) || 0,
    prefix: attribute(level, 'num-prefix'),
    suffix: attribute(level, 'num-suffix'),
    shown: Math.min(Number(attribute(level, 'display-levels')) || 1, MOST_LEVELS),
    pattern: attribute(level, 'num-list-format'),
  };
}

/** Of a list, as ODF counts. */
const MOST_LEVELS = 10;

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['', 'none'],
  ['1', 'decimal'],
  ['a', 'lowerAlphabet'],
  ['A', 'upperAlphabet'],
  ['i', 'lowerRoman'],
  ['I', 'upperRoman'],
]);
