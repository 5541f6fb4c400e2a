import { mergeRanges, type PageRange } from '../../readers/page-ranges.ts';
import { UsageError } from '../command.ts';

/** `1-3,7` or `12-`: ranges of 1-based page numbers, ascending, those that touch as one. */
export function parsePages(value: string): readonly PageRange[] {
  return mergeRanges(value.split(',').map((part) => parseRange(part.trim(), value)));
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
