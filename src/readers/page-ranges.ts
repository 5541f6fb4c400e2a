/** Ranges of 1-based page numbers, both ends included. */
export type PageRange = readonly [first: number, last: number];

/** Ascending; those that touch or overlap are one. */
export function mergeRanges(ranges: readonly PageRange[]): readonly PageRange[] {
  const merged: PageRange[] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) {
      merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    } else merged.push([first, last]);
  }
  return merged;
}

/** As they are asked for: `3,7-9`. */
export const formatRanges = (ranges: readonly PageRange[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');

export const isWanted = (page: number, ranges: readonly PageRange[] | undefined): boolean =>
  !ranges || ranges.some(([first, last]) => first <= page && page <= last);
