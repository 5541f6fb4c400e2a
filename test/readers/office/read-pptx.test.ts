import { describe, expect, test } from 'vitest';
import { readPptx } from '../../../src/readers/office/read-pptx.ts';
import { readAll } from '../text/read-all.ts';
import { pptx, relationships, zip } from './zip-files.ts';

const text = (words: string): string => `<a:p><a:r><a:t>${words}</a:t></a:r></a:p>`;
const at = (x: number, y: number): string =>
  `<a:xfrm><a:off x="${x}" y="${y}"/><a:ext cx="10" cy="10"/></a:xfrm>`;
const shape = (words: string, place = '', placeholder = ''): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="1" name="a"/><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:spPr>${place}</p:spPr><p:txBody>${text(words)}</p:txBody></p:sp>`;
const INCH = 914_400;

describe('readPptx', () => {
  test('gives the slides in the order of the presentation', async () => {
    const { pages } = await readAll(readPptx, pptx([shape('first'), shape('second')]));
    expect(pages.map((page) => [page.number, page.text])).toEqual([
      [1, 'first'],
      [2, 'second'],
    ]);
  });

  test('reads shapes from top to bottom and left to right, groups too', async () => {
    const group = `<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="${2 * INCH}"/><a:ext cx="${INCH}" cy="${INCH}"/><a:chOff x="0" y="0"/><a:chExt cx="${INCH}" cy="${INCH}"/></a:xfrm></p:grpSpPr>${shape('in the group', at(0, 0))}</p:grpSp>`;
    const slide =
      shape('below', at(0, 4 * INCH)) +
      shape('right', at(5 * INCH, INCH)) +
      group +
      shape('left', at(0, INCH + 1000)) +
      shape('title', '', '<p:ph type="title"/>');
    expect((await readAll(readPptx, pptx([slide]))).text).toBe('title\nleft\nright\nin the group\nbelow');
  });

  test('takes the place of a placeholder from its layout', async () => {
    const layout = `<p:sldLayout xmlns:p="p" xmlns:a="a">${shape('click to edit', at(0, 5 * INCH), '<p:ph idx="7"/>')}</p:sldLayout>`;
    const { text } = await readAll(
      readPptx,
      pptx([shape('low', '', '<p:ph idx="7"/>') + shape('high', at(0, INCH))], {
        'ppt/slides/_rels/slide9.xml.rels': relationships(['l', 'slideLayout', '../slideLayouts/a.xml']),
        'ppt/slideLayouts/a.xml': layout,
      }),
    );
    expect(text).toBe('high\nlow');
  });

  test('reads tables with merged cells', async () => {
    const cell = (words: string, more = '') => `<a:tc${more}><a:txBody>${text(words)}</a:txBody></a:tc>`;
    const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>${cell('a', ' gridSpan="2"')}${cell('', ' hMerge="1"')}</a:tr><a:tr>${cell('b')}${cell('c')}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
    const { pages } = await readAll(readPptx, pptx([table]));
    expect(pages[0]).toMatchObject({
      text: 'a\nb | c',
      tables: [
        {
          rows: [
            ['a', ''],
            ['b', 'c'],
          ],
        },
      ],
    });
  });

  test('reads notes, and says what is hidden or not read', async () => {
    const notes = `<p:notes xmlns:p="p" xmlns:a="a">${shape('Say hello.', '', '<p:ph type="body" idx="1"/>')}${shape('4', '', '<p:ph type="sldNum"/>')}</p:notes>`;
    const slide = `<p:sld xmlns:p="p" xmlns:a="a" show="0"><p:cSld>${shape('Hi')}<p:pic><p:nvPicPr><p:cNvPr id="2" name="x" descr="A red duck"/></p:nvPicPr></p:pic><p:graphicFrame/></p:cSld></p:sld>`;
    const { pages } = await readAll(
      readPptx,
      pptx([''], {
        'ppt/slides/slide9.xml': slide,
        'ppt/slides/_rels/slide9.xml.rels': relationships(['n', 'notesSlide', '../notesSlides/a.xml']),
        'ppt/notesSlides/a.xml': notes,
      }),
    );
    expect(pages[0]?.text).toBe('Hi\n[A red duck]\nNotes: Say hello.');
    expect(pages[0]?.pictures).toHaveLength(1);
    expect(pages[0]?.warnings.map(({ code }) => code)).toEqual(['hidden', 'part-not-read']);
  });

  test('keeps the other slides when one is damaged', async () => {
    const { pages } = await readAll(
      readPptx,
      pptx([shape('good'), ''], { 'ppt/slides/slide8.xml': '<p:sld' }),
    );
    expect(pages.map(({ via, warnings }) => [via, warnings[0]?.code])).toEqual([
      ['text', undefined],
      ['none', 'page-failed'],
    ]);
  });

  test('says that a slide is blank, and that there are more than it reads', async () => {
    const { pages, limits, start } = await readAll(readPptx, pptx(['', shape('b')]), {
      limits: { pages: 1 },
    });
    expect(pages).toMatchObject([{ via: 'none', warnings: [{ code: 'blank' }] }]);
    expect(start?.pageCount).toBe(2);
    expect(limits).toMatchObject([{ code: 'too-many-pages' }]);
  });

  test('refuses what is no presentation', async () => {
    expect((await readAll(readPptx, zip({ a: 'b' }))).refused).toMatchObject({ code: 'damaged' });
  });
});
