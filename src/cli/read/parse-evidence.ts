import type { Box } from '../../readers/document.ts';
import { UsageError } from '../command.ts';

export type Evidence = {
  /** 1-based. */
  readonly page: number;
  /** In points from the top left. Default: the whole page. */
  readonly box?: Box;
  /** The PNG file to be written. */
  readonly out: string;
};

/** `2,72,90,300,140` or `2`, and the file to write. */
export function parseEvidence(place: string, out: string | undefined): Evidence {
  const parts = place.split(',').map((part) => part.trim());
  const isNumbers = parts.every((part) => /^-?\d{1,6}(\.\d{1,6})?$/.test(part));
  const [page = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0] = parts.map(Number);
  const isBox = parts.length === 5 && x0 < x1 && y0 < y1;
  if (!isNumbers || !Number.isInteger(page) || page < 1 || !(isBox || parts.length === 1)) {
    throw new UsageError(
      '--evidence takes a page, or a page and a box in points from its top left as in ' +
        `2,72,90,300,140, not ${JSON.stringify(place)}.`,
    );
  }
  // Anything else may be a document whose name was meant to be read.
  if (!out?.toLowerCase().endsWith('.png')) {
    throw new UsageError(
      '--evidence needs the picture to write behind it: --evidence 2,72,90,300,140 out.png.',
    );
  }
  return { page, out, ...(isBox && { box: [x0, y0, x1, y1] as const }) };
}
