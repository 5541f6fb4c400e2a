import { describe, expect, test } from 'vitest';
import { toPageText } from '../../../src/readers/pdf/layout/page-text.ts';
import type { TextItem } from '../../../src/readers/pdf/text-items.ts';

/** Letters are half as wide as the font is large. */
function item(text: string, x: number, y: number, more: Partial<TextItem> = {}): TextItem {
  const size = more.size ?? 10;
  return {
    text,
    box: [x, y - 0.8 * size, x + text.length * 0.5 * size, y + 0.2 * size],
    baseline: y,
    size,
    angle: 0,
    vertical: false,
    direction: 'ltr',
    endsLine: false,
    ...more,
  };
}

const textOf = (...items: readonly TextItem[]) => toPageText(items).text;
const prose = (word: string, x: number) =>
  [0, 1, 2, 3].map((line) => item(`${word} line ${line} of a column of prose`, x, 100 + line * 12));

describe('the text of a page', () => {
  test('reads one column after the other', () => {
    const rows = prose('left', 50).flatMap((left, line) => [left, prose('right', 350)[line] ?? left]);
    const { text } = toPageText(rows);
    expect(text.indexOf('left line 3')).toBeLessThan(text.indexOf('right line 0'));
  });

  test('reads the columns of a table by rows', () => {
    const rows = [0, 1, 2, 3].flatMap((row) => [
      item(`name ${row}`, 50, 100 + row * 12),
      item(`${row}.50`, 300, 100 + row * 12),
    ]);
    expect(textOf(...rows)).toBe('name 0  0.50\nname 1  1.50\nname 2  2.50\nname 3  3.50');
  });

  test('joins what is one word, and parts what is two', () => {
    const { text, spans } = toPageText([item('Hel', 50, 100), item('lo', 65, 100), item('there', 80, 100)]);
    expect(text).toBe('Hello there');
    expect(spans.map((span) => span.text)).toEqual(['Hello', 'there']);
    expect(spans[0]?.box).toEqual([50, 92, 75, 102]);
  });

  test('has its spans in the text, in their order', () => {
    const { text, spans } = toPageText([
      ...prose('left', 50),
      ...prose('right', 350),
      item(' end ', 50, 300),
    ]);
    let at = 0;
    for (const span of spans) {
      const found = text.indexOf(span.text, at);
      expect(found).toBeGreaterThanOrEqual(at);
      at = found + span.text.length;
    }
  });

  test('has no span across a column', () => {
    const { spans } = toPageText([item('left          right', 50, 100)]);
    expect(spans.map((span) => span.text)).toEqual(['left', 'right']);
  });

  test('drops what is drawn twice to look bold, and keeps double letters', () => {
    expect(textOf(item('Total', 50, 100), item('Total', 50.4, 100.2))).toBe('Total');
    expect(
      textOf(item('a', 50, 100), item('l', 55, 100), item('l', 57.4, 100, { box: [57.4, 92, 59.8, 102] })),
    ).toBe('all');
  });

  test('joins a raised letter to its line', () => {
    expect(textOf(item('Area (km', 50, 100), item('2', 90, 96, { size: 6 }), item(')', 93, 100))).toBe(
      'Area (km2)',
    );
  });

  test('joins what is raised or lowered to the text that it touches, wherever on the line that is', () => {
    const small = { size: 8 };
    const { text, spans } = toPageText([
      item('Leukocytes:', 50, 100),
      item('4.5 x 10', 108, 100),
      item('-', 148, 96, small),
      item('1', 152, 96, small),
      item('2', 156, 96, small),
      item('/l,', 160, 100),
      item('CO', 180, 100),
      item('2', 190, 103.2, small),
      item('1.9 m', 200, 100),
      item('2', 225, 96, small),
    ]);
    expect(text).toBe('Leukocytes: 4.5 x 10-12/l, CO2 1.9 m2');
    expect(spans.map((span) => span.text)).toContain('4.5 x 10-12/l,');
  });

  test('keeps small text apart that stands close to larger text and does not belong to it', () => {
    const small = { size: 8 };
    const name = item('Name', 50, 100);
    expect(textOf(item('above', 70, 92, small), name)).toBe('above\nName');
    expect(textOf(name, item('below', 70, 104, small))).toBe('Name\nbelow');
    expect(textOf(item('beside', 90, 96, small), name)).toBe('beside\nName');
  });

  test('keeps the first lines beside a drop cap in their order', () => {
    const lines = ['nce upon', 'a time in', 'a land'].map((line, at) => item(line, 68, 100 + at * 12));
    expect(textOf(...lines, item('O', 50, 124, { size: 36 }))).toBe('nce upon\na time in\nOa land');
  });

  test('reads Hebrew and Arabic from right to left, with Latin words and numbers in their own order', () => {
    const rtl = { direction: 'rtl' } as const;
    const page = toPageText([
      item('שלום לכולם', 150, 100, rtl),
      item('John', 100, 100),
      item('Smith', 123, 100),
      item('עולם', 70, 100, rtl),
    ]);
    expect(page.text.replace(/ +/g, ' ')).toBe('שלום לכולם John Smith עולם');
    expect(page.isRightToLeft).toBe(true);
  });

  test('keeps numbers apart in a line of Hebrew', () => {
    const label = item('סך הכל', 300, 100, { direction: 'rtl' });
    expect(textOf(item('2.6', 50, 100), item('3.2', 100, 100), label)).toBe('סך הכל  3.2  2.6');
  });

  test('gives Arabic letters in the form in which one searches for them', () => {
    expect(textOf(item('\uFEE3\uFEAE\uFEA3\uFE92\uFE8E', 50, 100, { direction: 'rtl' }))).toBe('مرحبا');
  });

  test('reads vertical text from top to bottom, the right column first', () => {
    const down = (text: string, x: number) =>
      item(text, x, 50, { vertical: true, direction: 'ttb', box: [x - 5, 50, x + 5, 50 + text.length * 10] });
    expect(textOf(down('左の列', 100), down('右の列', 120))).toBe('右の列\n左の列');
  });

  test.each([
    [
      1,
      [
        item('first', 0, 0, { angle: 1, baseline: 120, box: [118, 50, 128, 75] }),
        item('second', 0, 0, { angle: 1, baseline: 100, box: [98, 50, 108, 80] }),
      ],
    ],
    [
      2,
      [
        item('first', 0, 0, { angle: 2, baseline: 120, box: [50, 118, 75, 128] }),
        item('second', 0, 0, { angle: 2, baseline: 100, box: [50, 98, 80, 108] }),
      ],
    ],
    [
      3,
      [
        item('first', 0, 0, { angle: 3, baseline: 100, box: [92, 50, 102, 75] }),
        item('second', 0, 0, { angle: 3, baseline: 120, box: [112, 50, 122, 80] }),
      ],
    ],
  ])('reads text that is turned by %i quarters in its own lines', (_, items) => {
    expect(textOf(...[...items].reverse())).toBe('first\nsecond');
  });

  test('is empty where there is none', () => {
    expect(toPageText([item(' ', 50, 100)])).toMatchObject({ text: '', spans: [], linesWithGaps: 0 });
  });
});
