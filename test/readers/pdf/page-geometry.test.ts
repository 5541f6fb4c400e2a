import { degrees, PDFDocument, PDFName } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/readers/limits.ts';
import { openPdf } from '../../../src/readers/pdf/open-pdf.ts';
import { type PageGeometry, pageGeometry, type RulingLine } from '../../../src/readers/pdf/page-geometry.ts';

type Made = { readonly rotation?: number; readonly most?: number; readonly annotated?: boolean };

/** A page of 200 by 300 points with the operators `content`. */
async function geometryOf(
  content: string,
  { rotation = 0, most, annotated = false }: Made = {},
): Promise<PageGeometry> {
  const document = await PDFDocument.create();
  const page = document.addPage([200, 300]);
  const { context } = document;
  const font = context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' });
  const form = context.register(
    context.stream('10 10 m 60 10 l S', {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, 50, 50],
      Matrix: [1, 0, 0, 1, 100, 0],
    }),
  );
  const picture = context.register(
    context.stream(new Uint8Array(12 * 9), {
      Type: 'XObject',
      Subtype: 'Image',
      Width: 12,
      Height: 9,
      ColorSpace: 'DeviceGray',
      BitsPerComponent: 8,
    }),
  );
  const resources = context.obj({ Font: { F: font }, XObject: { Form: form, Picture: picture } });
  page.node.set(PDFName.of('Resources'), resources);
  page.node.set(PDFName.of('Contents'), context.register(context.stream(content)));
  const mark = { Type: 'Annot', Subtype: 'Square', Rect: [0, 0, 50, 50], F: 4, AP: { N: form } };
  if (annotated) page.node.set(PDFName.of('Annots'), context.obj([mark]));
  page.setRotation(degrees(rotation));
  const opened = await openPdf(await document.save(), { purpose: 'text', limits: DEFAULT_LIMITS });
  if (!opened.ok) throw new Error(opened.problem.sentence);
  try {
    return await pageGeometry(await opened.pdf.getPage(1), most);
  } finally {
    await opened.close();
  }
}

const across = (at: number, from: number, to: number, drawn = true): RulingLine => ({
  vertical: false,
  at,
  from,
  to,
  drawn,
});
const down = (at: number, from: number, to: number, drawn = true): RulingLine => ({
  vertical: true,
  at,
  from,
  to,
  drawn,
});

describe('pageGeometry finds ruling lines', () => {
  test.each<readonly [name: string, content: string, lines: readonly RulingLine[]]>([
    ['strokes', '10 290 m 110 290 l S 20 100 m 20 200 l S', [across(10, 10, 110), down(20, 100, 200)]],
    ['thin areas of colour', '10 200 100 2 re f', [across(99, 10, 110)]],
    [
      'the edges of an area of colour',
      '0.8 g 10 200 100 50 re f',
      [
        across(50, 10, 110, false),
        across(100, 10, 110, false),
        down(10, 50, 100, false),
        down(110, 50, 100, false),
      ],
    ],
    [
      'the edges of a stroke as broad as a row',
      '20 w 10 200 m 110 200 l S',
      [
        across(90, 10, 110, false),
        across(110, 10, 110, false),
        down(10, 90, 110, false),
        down(110, 90, 110, false),
      ],
    ],
    ['no white areas', '1 g 10 200 100 50 re f 1 G 10 10 m 99 10 l S', []],
    ['no sloping strokes and no curves', '10 10 m 90 60 l S 10 10 m 10 90 90 90 90 10 c S', []],
    ['no path that only clips', '10 10 50 50 re W n', []],
    ['what is moved and scaled', '2 0 0 2 10 20 cm 0 0 m 50 0 l S', [across(280, 10, 110)]],
    ['nothing moved that was restored', 'q 1 0 0 1 50 50 cm Q 10 10 m 90 10 l S', [across(290, 10, 90)]],
    ['no more of a line than its clip shows', '30 0 40 300 re W n 10 10 m 110 10 l S', [across(290, 30, 70)]],
    ['no line outside of its clip', '0 0 40 40 re W n 10 90 m 30 90 l S', []],
    ['what a form draws, within its box', '/Form Do', [across(290, 110, 150)]],
    ['no more of a line than the page shows', '-50 10 m 900 10 l S', [across(290, 0, 200)]],
  ])('%s', async (_, content, lines) => {
    expect((await geometryOf(content)).lines).toEqual(lines);
  });

  test('not in marks that are laid over the page', async () => {
    expect((await geometryOf('5 5 m 90 5 l S', { annotated: true })).lines).toEqual([across(295, 5, 90)]);
  });

  test('as the page is shown, when it is turned', async () => {
    const { lines, width, height } = await geometryOf('10 280 m 110 280 l S', { rotation: 90 });
    expect([width, height]).toEqual([300, 200]);
    expect(lines).toEqual([down(280, 10, 110)]);
  });
});

describe('pageGeometry counts', () => {
  test('pictures, with the box that is shown and the size in pixels', async () => {
    const { pictures } = await geometryOf('q 0 0 40 300 re W n 80 0 0 60 10 200 cm /Picture Do Q');
    expect(pictures).toEqual([{ box: [10, 40, 40, 100], width: 12, height: 9 }]);
  });

  test('a strip of a scan as a picture, however thin it is', async () => {
    const geometry = await geometryOf('q 200 0 0 3 0 100 cm /Picture Do Q');
    expect(geometry.pictures).toHaveLength(1);
    expect(geometry.lines).toEqual([]);
  });

  test('paths, curves and text, and the share of letters that cannot be seen', async () => {
    const text = 'BT /F 12 Tf 10 100 Td (abc) Tj 3 Tr (hidden!!!) Tj ET';
    const geometry = await geometryOf(`${text} 10 10 m 10 90 90 90 90 10 c S 5 5 m 50 5 l S`);
    expect(geometry).toMatchObject({ paths: 2, curves: 1, textOperators: 2, complete: true });
    expect(geometry.invisibleText).toBeCloseTo(0.75, 2);
  });
});

test('pageGeometry stops where a page has too many operators, and says so', async () => {
  const content = '10 10 m 90 10 l S\n'.repeat(50_000);
  const geometry = await geometryOf(content, { most: 1500 });
  expect(geometry.complete).toBe(false);
  expect(geometry.lines.length).toBeLessThan(5000);
});

test('pageGeometry counts the points of a path as operators', async () => {
  const content = `0 0 m ${'90 10 l 10 10 l '.repeat(20_000)} S 10 10 m 90 10 l S ${'q Q '.repeat(2000)}`;
  expect((await geometryOf(content, { most: 10_000 })).complete).toBe(false);
});
