/**
 * Runs: text items in a frame in which they read from left to right and from top to bottom, so that text which runs
 * down, up or in vertical columns goes through the same steps as upright text.
 */
import type { Box } from '../../document.ts';
import type { TextItem } from '../text-items.ts';

export type Run = {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly baseline: number;
  readonly size: number;
  readonly isRtl: boolean;
  /** On the page. */
  readonly box: Box;
};

/** One list for each way that text runs on the page: upright first. */
export function toFrames(items: readonly TextItem[]): readonly (readonly Run[])[] {
  const frames: [Run[], Run[], Run[], Run[]] = [[], [], [], []];
  for (const item of items) {
    if (item.text.trim() === '') continue;
    // A column of vertical text is as a line that was turned by a quarter.
    const turns = item.vertical ? 1 : item.angle;
    for (const part of splitAtWideSpaces(item)) frames[turns].push(toRun(part, turns));
  }
  return frames.filter((frame) => frame.length > 0).map(dropDuplicates);
}

function toRun({ text, box, baseline, size, direction, vertical }: TextItem, turns: number): Run {
  const [x0, y0, x1, y1] = turn(box, turns);
  const line = vertical ? (y0 + y1) / 2 : turns === 0 || turns === 3 ? baseline : -baseline;
  return {
    text: toPlainLetters(text),
    x0,
    x1,
    y0,
    y1,
    baseline: line,
    size,
    isRtl: direction === 'rtl',
    box,
  };
}

/** The box as it stands after the page was turned so that text of this angle is upright. */
function turn([x0, y0, x1, y1]: Box, turns: number): Box {
  if (turns === 1) return [y0, -x1, y1, -x0];
  if (turns === 2) return [-x1, -y1, -x0, -y0];
  return turns === 3 ? [-y1, x0, -y0, x1] : [x0, y0, x1, y1];
}

const PRESENTATION_FORMS = /[\uFB50-\uFDFF\uFE70-\uFEFC]+/g;

/** Arabic letters may be stored in the form that they take within a word: one would not find them. */
const toPlainLetters = (text: string): string =>
  text.replace(PRESENTATION_FORMS, (letters) => letters.normalize('NFKC'));

/** Some programs move to the next column by many spaces. Letters are taken to be of one width. */
function splitAtWideSpaces(item: TextItem): readonly TextItem[] {
  const { text, box, angle, vertical, direction } = item;
  if (!/\s{3}/.test(text) || angle !== 0 || vertical || direction === 'rtl') return [item];
  const width = (box[2] - box[0]) / text.length;
  return [...text.matchAll(/\S+(?:\s{1,2}\S+)*/g)].map((found) => ({
    ...item,
    text: found[0],
    box: [box[0] + width * found.index, box[1], box[0] + width * (found.index + found[0].length), box[3]],
  }));
}

/** Bold that is made by drawing twice, and shadows: the same text nearly at the same place counts once. */
function dropDuplicates(runs: readonly Run[]): readonly Run[] {
  const placed = new Map<string, Run[]>();
  return runs.filter((run) => {
    const [column, row] = [Math.round(run.x0 / 4), Math.round(run.baseline / 4)];
    for (let dx = -1; dx <= 1; dx += 1)
      for (let dy = -1; dy <= 1; dy += 1)
        if (placed.get(`${column + dx} ${row + dy} ${run.text}`)?.some((other) => isSame(run, other)))
          return false;
    const key = `${column} ${row} ${run.text}`;
    const others = placed.get(key);
    if (others) others.push(run);
    else placed.set(key, [run]);
    return true;
  });
}

/** Two letters l beside each other are as near as that, for their size: so their width counts too. */
function isSame(a: Run, b: Run): boolean {
  const near = Math.min(0.3 * a.size, 0.5 * (a.x1 - a.x0), 4);
  return Math.abs(a.x0 - b.x0) < near && Math.abs(a.baseline - b.baseline) < Math.min(0.3 * a.size, 4);
}
