import { formatRanges, mergeRanges, type PageRange } from '../src/readers/page-ranges.ts';

export type PlacedLine = {
  readonly text: string;
  /** 1-based: its line in the file, or its page. */
  readonly at: number;
};

export type DocumentPart = { readonly lines: readonly PlacedLine[]; readonly place: PageRange };

/** Parts of whole lines with so many characters at most; a longer line is broken. */
export function documentParts(lines: readonly PlacedLine[], mostCharacters: number): readonly DocumentPart[] {
  const parts: PlacedLine[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const line of lines.flatMap((whole) => breakLine(whole, mostCharacters))) {
    characters += line.text.length + 1;
    if (characters > mostCharacters) {
      parts.push([]);
      characters = line.text.length + 1;
    }
    parts.at(-1)?.push(line);
  }
  return parts.map((part) => ({ lines: part, place: [part[0]?.at ?? 1, part.at(-1)?.at ?? 1] }));
}

/** Such as `lines 1-48,97-144` or `page 2`. */
export function namePlaces(places: readonly PageRange[], unit: 'line' | 'page'): string {
  const ranges = formatRanges(mergeRanges(places));
  return `${unit}${/^\d+$/.test(ranges) ? '' : 's'} ${ranges}`;
}

/** Never between the halves of a surrogate pair. */
function breakLine({ text, at }: PlacedLine, mostCharacters: number): readonly PlacedLine[] {
  const pieces: PlacedLine[] = [];
  let rest = text;
  while (rest.length >= mostCharacters) {
    const piece = rest.slice(0, mostCharacters - 1).replace(/[\ud800-\udbff]$/, '');
    pieces.push({ text: piece, at });
    rest = rest.slice(piece.length);
  }
  return [...pieces, { text: rest, at }];
}
