import type { PageRange } from '../../readers/reader.ts';
import { UsageError } from '../command.ts';

/** `1-3,7` or `12-`: ranges of 1-based page numbers, ascending, those that touch as one. */
export function parsePages(value: string): readonly PageRange[] {
  const ranges = value.split(',').map((part) => parseRange(part.trim(), value));
  const merged: PageRange[] = [];
  for (const [first, last] of ranges.sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}

function parseRange(part: string, value: string): PageRange {
  const [, from, hyphen, to] = /^(\d{1,9})(?:(-)(\d{1,9})?)?$/.exec(part) ?? [];
  const first = Number(from);
  const last = hyphen ? Number(to ?? Number.MAX_SAFE_INTEGER) : first;
  if (first >= 1 && last >= first) return [first, last];
  throw new UsageError(
    `--pages takes page numbers from 1 on, as in 1-3,7 or 12-, not ${JSON.stringify(value)}.`,
  );
}
