import {
  change,
  clipTo,
  type Drawing,
  drawPath,
  drawPicture,
  drawUnit,
  move,
  restore,
  save,
  startDrawing,
} from './drawing.ts';
import type { PageGeometry } from './page-geometry.ts';
import { pdfjs } from './pdf-library.ts';

export type OperatorChunk = {
  readonly length: number;
  readonly fnArray: readonly number[];
  readonly argsArray: readonly (readonly unknown[] | null)[];
};

export type OperatorWalk = {
  take(chunk: OperatorChunk): void;
  /** Operators until now, and the coordinates of their paths in eights. */
  readonly cost: number;
  result(): Omit<PageGeometry, 'width' | 'height' | 'complete'>;
};

export function startWalk(viewport: Parameters<typeof startDrawing>[0]): OperatorWalk {
  const drawing = startDrawing(viewport);
  return {
    take(chunk) {
      for (let at = 0; at < chunk.length; at++) {
        drawing.cost += 1;
        STEPS[chunk.fnArray[at] ?? 0]?.(drawing, chunk.argsArray[at] ?? []);
      }
    },
    get cost() {
      return drawing.cost;
    },
    result: () => ({
      lines: drawing.lines,
      pictures: drawing.pictures,
      paths: drawing.counts.paths,
      curves: drawing.counts.curves,
      textOperators: drawing.counts.shows,
      invisibleText: drawing.counts.letters ? drawing.counts.hidden / drawing.counts.letters : 0,
    }),
  };
}

/** What an operator does; those that are not here draw nothing that is looked for. */
type Step = (drawing: Drawing, args: readonly unknown[]) => void;

const { OPS } = pdfjs;
const STEPS: Readonly<Record<number, Step>> = {
  [OPS.save]: save,
  [OPS.restore]: restore,
  [OPS.transform]: move,
  [OPS.clip]: (drawing) => {
    drawing.clipsNext = true;
  },
  [OPS.eoClip]: (drawing) => {
    drawing.clipsNext = true;
  },
  [OPS.setLineWidth]: (drawing, [width]) => change(drawing, { lineWidth: Number(width) }),
  [OPS.setFillRGBColor]: (drawing, [color]) => change(drawing, { whiteFill: isWhite(color) }),
  [OPS.setFillTransparent]: (drawing) => change(drawing, { whiteFill: true }),
  [OPS.setFillColorN]: (drawing) => change(drawing, { whiteFill: false }),
  [OPS.setStrokeRGBColor]: (drawing, [color]) => change(drawing, { whiteStroke: isWhite(color) }),
  [OPS.setStrokeTransparent]: (drawing) => change(drawing, { whiteStroke: true }),
  [OPS.setStrokeColorN]: (drawing) => change(drawing, { whiteStroke: false }),
  [OPS.setTextRenderingMode]: (drawing, [mode]) => change(drawing, { hiddenText: mode === 3 || mode === 7 }),
  [OPS.showText]: (drawing, [glyphs]) => {
    const letters = Array.isArray(glyphs) ? glyphs.length : 0;
    drawing.counts.shows += 1;
    drawing.counts.letters += letters;
    if (drawing.graphics.hiddenText) drawing.counts.hidden += letters;
  },
  [OPS.constructPath]: drawPath,
  [OPS.paintFormXObjectBegin]: (drawing, [matrix, box]) => {
    save(drawing);
    move(drawing, matrix);
    clipTo(drawing, box);
  },
  [OPS.paintFormXObjectEnd]: restore,
  [OPS.beginAnnotation]: (drawing, [, , transform, matrix]) => {
    Object.assign(drawing, { graphics: drawing.start, saved: [], inAnnotation: true });
    move(drawing, transform);
    move(drawing, matrix);
  },
  [OPS.endAnnotation]: (drawing) => {
    Object.assign(drawing, { graphics: drawing.start, saved: [], inAnnotation: false });
  },
  [OPS.paintImageXObject]: (drawing, [, width, height]) => drawPicture(drawing, { width, height }),
  [OPS.paintInlineImageXObject]: (drawing, [image]) => drawPicture(drawing, image),
  [OPS.paintImageMaskXObject]: (drawing, [image]) => drawPicture(drawing, image),
  [OPS.paintSolidColorImageMask]: drawUnit,
};

const isWhite = (color: unknown): boolean =>
  typeof color === 'string' && /^#f[c-f]f[c-f]f[c-f]$/i.test(color);
