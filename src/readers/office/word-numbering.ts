import { posix } from 'node:path';
import type { Element } from '@xmldom/xmldom';
import type { Zip } from './open-zip.ts';
import { relationshipsOf } from './relationships.ts';
import { child, childElements, childValue, isOn } from './word-elements.ts';
import { attribute, elementsOf, readXmlPart } from './zip-xml.ts';

/** A level of a list, as ECMA-376 defines it (17.9.6). */
export type ListLevel = {
  readonly start: number;
  readonly format: string;
  /** With `%1` where the number of the first level stands. */
  readonly text: string;
  /** How many of the levels above begin it again; undefined when all do. */
  readonly restart: number | undefined;
  /** Whether all numbers are shown in digits. */
  readonly isLegal: boolean;
  /** The style of paragraphs that belongs to it. */
  readonly style: string | undefined;
};
export type WordList = {
  /** Lists of one form count on together. */
  readonly form: string;
  readonly levels: ReadonlyMap<number, ListLevel>;
  /** Where this list begins anew, by level. */
  readonly starts: ReadonlyMap<number, number>;
};
export type WordStyle = {
  readonly basedOn: string | undefined;
  readonly list: string | undefined;
  readonly level: string | undefined;
};
export type WordNumbering = {
  readonly lists: ReadonlyMap<string, WordList>;
  readonly styles: ReadonlyMap<string, WordStyle>;
  /** Of paragraphs that name none. */
  readonly usualStyle: string | undefined;
};

/** The name of the part that says how a Word document counts; it may be missing. */
export const numberingPart = (zip: Zip, main: string): string => partOf(zip, main, 'numbering');

/** How the lists of a Word document count; undefined when it has none. */
export function wordNumbering(zip: Zip, main: string): WordNumbering | undefined {
  const root = readXmlPart(zip, numberingPart(zip, main));
  if (!root) return undefined;
  const sheet = readXmlPart(zip, partOf(zip, main, 'styles'));
  const all = sheet ? elementsOf(sheet, 'style') : [];
  const styles = new Map(all.map((style) => [attribute(style, 'styleId'), styleOf(style)]));
  const usual = all.find(
    (style) => attribute(style, 'type') === 'paragraph' && /^(1|true|on)$/.test(attribute(style, 'default')),
  );
  return { lists: listsOf(root, styles), styles, usualStyle: usual && attribute(usual, 'styleId') };
}

const partOf = (zip: Zip, main: string, type: string): string =>
  relationshipsOf(zip, main).find((each) => each.type === type)?.target ??
  posix.join(posix.dirname(main), `${type}.xml`);

function styleOf(style: Element): WordStyle {
  const numbers = child(child(style, 'pPr'), 'numPr');
  return {
    basedOn: childValue(style, 'basedOn'),
    list: childValue(numbers, 'numId'),
    level: childValue(numbers, 'ilvl'),
  };
}

function listsOf(root: Element, styles: ReadonlyMap<string, WordStyle>): ReadonlyMap<string, WordList> {
  const forms = new Map(
    elementsOf(root, 'abstractNum').map((form) => [attribute(form, 'abstractNumId'), form]),
  );
  const nums = new Map(elementsOf(root, 'num').map((num) => [attribute(num, 'numId'), num]));
  const formOf = (num: Element | undefined) => childValue(num, 'abstractNumId') ?? '';
  return new Map(
    [...nums].map(([id, num]) => {
      const form = formOf(num);
      // A form may stand in for that of a style.
      const link = childValue(forms.get(form), 'numStyleLink');
      const linked = link === undefined ? undefined : nums.get(styles.get(link)?.list ?? '');
      const shown = linked ? formOf(linked) : form;
      return [id, listOf(num, shown, forms.get(shown))];
    }),
  );
}

function listOf(num: Element, form: string, element: Element | undefined): WordList {
  const overrides = childElements(num).filter(({ localName }) => localName === 'lvlOverride');
  const levels = [element, ...overrides].flatMap((each) =>
    each ? childElements(each).filter(({ localName }) => localName === 'lvl') : [],
  );
  const starts = overrides.flatMap((each): (readonly [number, number])[] => {
    const start = childValue(each, 'startOverride');
    return start === undefined ? [] : [[Number(attribute(each, 'ilvl')), wholeNumber(start)]];
  });
  return {
    form,
    levels: new Map(levels.map((level) => [Number(attribute(level, 'ilvl')), levelOf(level)])),
    starts: new Map(starts),
  };
}

function levelOf(level: Element): ListLevel {
  const restart = childValue(level, 'lvlRestart');
  return {
    // Zero when none is stated (17.9.25).
    start: wholeNumber(childValue(level, 'start')),
    format: childValue(level, 'numFmt') ?? 'decimal',
    text: childValue(level, 'lvlText') ?? '',
    restart: restart === undefined ? undefined : wholeNumber(restart),
    isLegal: isOn(level, 'isLgl'),
    style: childValue(level, 'pStyle'),
  };
}

const wholeNumber = (text: string | undefined): number => Math.trunc(Number(text ?? 0)) || 0;
