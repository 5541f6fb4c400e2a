import { formatRanges, mergeRanges, type PageRange } from '../src/readers/page-ranges.ts';
import { type DocumentPart, namePlaces } from './document-parts.ts';
import { isNotHere } from './is-not-here.ts';
import type { LoadedDocument } from './load-document.ts';

/** What the model made of a part: its answer, or why there is none. */
export type AskedPart = { readonly part: DocumentPart } & (
  | { readonly answer: string }
  | { readonly problem: string }
);

/** Room for the sentence about what is not shown. */
const NOTE_CHARACTERS = 400;

/** The answers of all parts, equal ones once; how many parts there were, how many say nothing, and which were not read. */
export function documentFindings(
  asked: readonly AskedPart[],
  { unit, count, notes }: LoadedDocument,
  maxCharacters: number,
): string {
  const groups = groupParts(asked, (one) =>
    'answer' in one && !isNotHere(one.answer) ? oneLine(one.answer) : undefined,
  );
  const failures = groupParts(asked, (one) => ('problem' in one ? oneLine(one.problem) : undefined));
  const failed = asked.filter((one) => 'problem' in one).length;
  const found = groups.reduce((sum, { parts }) => sum + parts.length, 0);
  const silent = asked.length - found - failed;
  const places = (parts: readonly PlacedPart[]) => name(parts, unit);
  const inParts = plural(asked.length, 'part');
  const how = failed === 0 ? `Read all of it in ${inParts}` : `Read ${asked.length - failed} of ${inParts}`;
  const head = [
    `${how} (${plural(count, unit)}).${silence(silent, asked.length)}`,
    ...failures.map(({ parts, text }) => `Not read: ${lowerFirst(places(parts))}. ${text}`),
    ...notes,
  ];
  const { shown, left } = fill(
    groups.map(({ parts, text }) => ({ parts, line: `${places(parts)}: ${text}` })),
    maxCharacters - NOTE_CHARACTERS - head.join('\n').length,
  );
  const parts = left.flatMap((finding) => finding.parts);
  return [...head, ...shown.map(({ line }) => line), ...leftNote(parts, unit)].join('\n');
}

function leftNote(parts: readonly PlacedPart[], unit: LoadedDocument['unit']): readonly string[] {
  if (parts.length === 0) return [];
  return [
    `[Not shown, since there is no room: what ${plural(parts.length, 'more part')} said. Ask a narrower question, or read there: ${lowerFirst(name(parts, unit))}.]`,
  ];
}

const silence = (silent: number, all: number): string => {
  if (silent === 0) return '';
  return silent === all ? ' Nothing about it was found.' : ` Nothing about it in ${plural(silent, 'part')}.`;
};

type PlacedPart = { readonly number: number; readonly place: PageRange };
type Group = { readonly text: string; readonly parts: readonly PlacedPart[] };

function groupParts(
  asked: readonly AskedPart[],
  textOf: (one: AskedPart) => string | undefined,
): readonly Group[] {
  const groups = new Map<string, PlacedPart[]>();
  for (const [index, one] of asked.entries()) {
    const text = textOf(one);
    if (text === undefined) continue;
    groups.set(text, [...(groups.get(text) ?? []), { number: index + 1, place: one.part.place }]);
  }
  return [...groups].map(([text, parts]) => ({ text, parts }));
}

/** Such as `Part 2 (lines 600-1210)`. */
function name(parts: readonly PlacedPart[], unit: LoadedDocument['unit']): string {
  const numbers = formatRanges(mergeRanges(parts.map(({ number }) => [number, number])));
  const places = namePlaces(
    parts.map(({ place }) => place),
    unit,
  );
  return `${parts.length === 1 ? 'Part' : 'Parts'} ${numbers} (${places})`;
}

type Finding = { readonly parts: readonly PlacedPart[]; readonly line: string };

/** One at least is shown; what is cut then, the executor says. */
function fill(findings: readonly Finding[], room: number) {
  let used = 0;
  const fitting = findings.findIndex(({ line }) => {
    used += line.length + 1;
    return used > room;
  });
  const count = fitting === -1 ? findings.length : Math.max(1, fitting);
  return { shown: findings.slice(0, count), left: findings.slice(count) };
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
