import type { Box, Span } from '../../readers/document.ts';
import type { EvidenceEntry } from '../table/evidence-of.ts';
import { cropAround, type Size } from './crop.ts';
import { escapeName, escapeText } from './html.ts';
import { labelBoxes } from './label-boxes.ts';
import type { PagePicture } from './page-source.ts';
import { shownStatus } from './status-words.ts';
import { valueAnchor } from './value-anchor.ts';

/** A page whose picture stands in the report, to be shown by its id. */
export type DrawnPage = {
  readonly id: string;
  readonly number: number;
  readonly size: Size;
  /** Empty where the page was read by OCR. */
  readonly spans: readonly Span[];
};

/** The picture itself, once: every crop shows a part of it. */
export function storedPicture({ id, size }: DrawnPage, { png }: PagePicture): string {
  const data = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64');
  const [width, height] = size;
  return (
    '<svg class="store" width="0" height="0" aria-hidden="true"><defs>' +
    `<image id="${id}" width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/png;base64,${data}"/>` +
    '</defs></svg>\n'
  );
}

/** The part of the page around these values, each framed. */
export function cropPicture(page: DrawnPage, entries: readonly EvidenceEntry[]): string {
  const boxes = entries.flatMap(({ value: { box } }) => (box ? [box] : []));
  if (boxes.length === 0) return '';
  const view = cropAround([...boxes, ...entries.flatMap((entry) => labelBoxes(entry, page))], page.size);
  const [, , width, height] = view;
  const label = `Page ${page.number} around ${entries.map(({ name }) => name).join(', ')}`;
  return (
    `<svg class="crop" role="img" aria-label="${escapeName(label)}" viewBox="${view.join(' ')}" ` +
    `style="aspect-ratio:${width}/${height}"><use href="#${page.id}"/>${entries.map(frame).join('')}</svg>`
  );
}

/** All of the page, closed until somebody wants it; each frame leads back to its value. */
export function wholePage(page: DrawnPage, entries: readonly EvidenceEntry[]): string {
  const [width, height] = page.size;
  const frames = entries.map(
    (entry) =>
      `<a href="#${valueAnchor(entry.document, entry.name)}"><title>${escapeText(entry.name)}</title>${frame(entry)}</a>`,
  );
  return (
    `<details class="whole"><summary>All of page ${page.number}</summary>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Page ${page.number}"><use href="#${page.id}"/>` +
    `${frames.join('')}</svg></details>\n`
  );
}

/** In points: the frame does not touch the letters. */
const AIR = 2;

function frame({ value }: EvidenceEntry): string {
  if (!value.box) return '';
  const [x0, y0, x1, y1] = airy(value.box);
  const { name } = shownStatus(value);
  return `<rect class="frame ${name}" x="${x0}" y="${y0}" width="${round(x1 - x0)}" height="${round(y1 - y0)}" rx="1.5"/>`;
}

function airy([x0, y0, x1, y1]: Box): Box {
  const air = Math.max(AIR, (y1 - y0) * 0.15);
  return [round(x0 - air), round(y0 - air), round(x1 + air), round(y1 + air)];
}

const round = (points: number): number => Math.round(points * 100) / 100;
