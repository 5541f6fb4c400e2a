import type { Element } from '@xmldom/xmldom';
import { numberText } from './number-text.ts';
import type { OdtLevel, OdtLevels, OdtListStyles } from './odt-list-styles.ts';
import { attribute } from './zip-xml.ts';

/** Counts the lists and headings of an OpenDocument text, which is read in order. */
export type OdtLists = {
  readonly openList: (list: Element) => void;
  readonly closeList: () => void;
  /** Undefined: what comes has no mark, such as the header of a list. */
  readonly openItem: (item: Element | undefined) => void;
  /** Lists in a cell are not those around the table. */
  readonly openCell: () => void;
  readonly closeCell: () => void;
  /** What stands before a paragraph or heading that begins: `2. `, `- ` or nothing, with the list's indent. */
  readonly markOf: (paragraph: Element) => string;
  /** Whether a number was in a format that is not known; it is then shown like a bullet. */
  readonly hasUnknown: () => boolean;
};

/** Values by level, from 1. */
type Values = Map<number, number>;
type OpenList = { readonly style: string; readonly values: Values };

export const BULLET = '- ';

export function createOdtLists({ lists, outline }: OdtListStyles): OdtLists {
  const stacks: OpenList[][] = [[]];
  const stack = () => stacks.at(-1) ?? [];
  const valuesOf = createValueStore();
  const ofHeadings: Values = new Map();
  let item: Element | undefined;
  let hasUnknown = false;
  const shown = (levels: OdtLevels | undefined, level: number, values: Values) => {
    const mark = shownNumber(levels, level, values);
    hasUnknown ||= mark === undefined;
    return mark ?? BULLET;
  };
  const markOfItem = ({ style, values }: OpenList): string => {
    if (!item) return '';
    const level = stack().length;
    const levels = lists.get(style);
    const startOf = (at: number) => levels?.get(at)?.start ?? 1;
    // A level that was passed over counts as begun.
    for (let above = 1; above < level; above += 1) if (!values.has(above)) values.set(above, startOf(above));
    count(values, level, startValue(item) ?? { first: startOf(level) });
    item = undefined;
    return '  '.repeat(Math.min(level - 1, 20)) + shown(levels, level, values);
  };
  const markOfHeading = (heading: Element): string => {
    const level = Number(attribute(heading, 'outline-level'));
    const form = heading.localName === 'h' ? outline.get(level) : undefined;
    if (!form || form.format === 'none' || attribute(heading, 'is-list-header') === 'true') return '';
    count(ofHeadings, level, startValue(heading) ?? { first: form.start });
    return shown(outline, level, ofHeadings);
  };
  return {
    openList: (list) => {
      stack().push(valuesOf(list, stack()));
    },
    closeList: () => {
      stack().pop();
    },
    openItem: (opened) => {
      item = opened;
    },
    openCell: () => {
      stacks.push([]);
      item = undefined;
    },
    closeCell: () => {
      stacks.pop();
    },
    markOf: (paragraph) => {
      const list = stack().at(-1);
      return list ? markOfItem(list) : markOfHeading(paragraph);
    },
    hasUnknown: () => hasUnknown,
  };
}

/**
 * A list begins anew unless it says that it goes on: as the one before of its style, or as one that it names. Lists in
 * it need not say so, as LibreOffice counts: they begin anew after an item of the list around them.
 */
function createValueStore(): (list: Element, around: readonly OpenList[]) => OpenList {
  const ofStyle = new Map<string, Values>();
  const ofId = new Map<string, Values>();
  return (list, around) => {
    const above = around.at(-1);
    const style = attribute(list, 'style-name') || (above?.style ?? '');
    const goesOn = attribute(list, 'continue-numbering') === 'true';
    const before = ofId.get(attribute(list, 'continue-list')) ?? (goesOn ? ofStyle.get(style) : undefined);
    const values = above?.values ?? before ?? new Map();
    ofStyle.set(style, values);
    const id = attribute(list, 'id');
    if (id !== '') ofId.set(id, values);
    return { style, values };
  };
}

function startValue(element: Element): number | undefined {
  const text = attribute(element, 'start-value');
  return text === '' ? undefined : Math.trunc(Number(text)) || 0;
}

/** `next`: the value itself, or that of the first when none went before. */
function count(values: Values, level: number, next: number | { readonly first: number }): void {
  const before = values.get(level);
  const counted = typeof next === 'number' ? next : before === undefined ? next.first : before + 1;
  values.set(level, counted);
  for (const deeper of values.keys()) if (deeper > level) values.delete(deeper);
}

function shownNumber(levels: OdtLevels | undefined, level: number, values: Values): string | undefined {
  const own = levels?.get(level);
  if (!own || own.format === 'bullet') return BULLET;
  const number = (at: number): string | undefined => {
    const form = levels?.get(at);
    if (form?.format === undefined) return undefined;
    return numberText(values.get(at) ?? form.start, form.format === 'bullet' ? 'none' : form.format);
  };
  const text = own.pattern === '' ? joined(own, level, number) : filled(own.pattern, number);
  return text?.trim() === '' ? '' : text && `${text.trim()} `;
}

type NumberAt = (level: number) => string | undefined;

function joined({ prefix, suffix, shown }: OdtLevel, level: number, number: NumberAt): string | undefined {
  const first = Math.max(1, level - shown + 1);
  const numbers = Array.from({ length: level - first + 1 }, (_, at) => number(first + at));
  if (numbers.includes(undefined)) return undefined;
  return prefix + numbers.filter((each) => each !== '').join('.') + suffix;
}

function filled(pattern: string, number: NumberAt): string | undefined {
  let isKnown = true;
  const text = pattern.replace(/%(\d{1,2})%/g, (_, level: string) => {
    const shown = number(Number(level));
    isKnown &&= shown !== undefined;
    return shown ?? '';
  });
  return isKnown ? text : undefined;
}
