import { describe, expect, test } from 'vitest';
import { halvePassage, passagePages, passagesOf, passageText } from '../../src/extract/ask/passages.ts';
import type { Document, Page } from '../../src/readers/document.ts';
import { unreadPage } from '../../src/readers/document.ts';

const pageOf = (number: number, text: string, more: Partial<Page> = {}): Page => ({
  ...unreadPage(number, []),
  via: 'text',
  text,
  ...more,
});
const documentOf = (...pages: readonly Page[]) => ({ pages, pageCount: pages.length }) as unknown as Document;
const linesText = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `word${from + at}`).join('\n');

/** A token a word. */
async function split(document: Document, roomTokens: number) {
  let calls = 0;
  const measure = async (text: string) => {
    calls++;
    return text.split(/\s+/).length;
  };
  const passages = await passagesOf(document, { roomTokens, measure });
  return { passages, calls, texts: passages.map((passage) => passageText(passage, document)) };
}

describe('a document', () => {
  test('that fits is one passage, its pages behind markers, measured once', async () => {
    const document = documentOf(
      pageOf(1, 'one\ntwo'),
      unreadPage(2, []),
      pageOf(3, ' '),
      pageOf(4, 'four', { label: 'Sheet\n"A"', fields: [{ name: 'Name', value: 'Ann' }] }),
    );
    const { texts, calls } = await split(document, 100);
    expect(texts).toEqual([
      '[Page 1 of 4]\none\ntwo\n[Page 4 of 4, "Sheet "A""]\nfour\n[Form fields]\nName: Ann',
    ]);
    expect(calls).toBe(1);
  });

  test('without text has no passage', async () => {
    expect((await split(documentOf(unreadPage(1, []), pageOf(2, '')), 100)).passages).toEqual([]);
  });

  test('that does not fit goes page by page, as many as fit, each page measured once', async () => {
    const document = documentOf(...[1, 2, 3, 4, 5].map((number) => pageOf(number, linesText(0, 6))));
    const { passages, calls } = await split(document, 20);
    expect(passages.map(passagePages)).toEqual([[[1, 2]], [[3, 4]], [[5, 5]]]);
    expect(calls).toBe(6);
  });

  test('has a page that is too large in pieces of whole lines that fit, none lost or twice', async () => {
    const document = documentOf(pageOf(1, 'first'), pageOf(2, linesText(0, 100)), pageOf(3, 'last'));
    const { passages, texts } = await split(document, 30);
    expect(texts.every((text) => text.split(/\s+/).length <= 30)).toBe(true);
    const shown = texts.flatMap((text) => text.split('\n').filter((line) => !line.startsWith('[')));
    expect(shown).toEqual(['first', ...linesText(0, 100).split('\n'), 'last']);
    expect(passages.map(passagePages).slice(0, 2)).toEqual([[[1, 1]], [[2, 2]]]);
    expect(texts[1]).toMatch(/^\[Page 2 of 3, lines 1 to \d+ of 100\]\n/);
  });

  test('has a line that is too long by itself as a passage of its own', async () => {
    const long = Array.from({ length: 50 }, () => 'x').join(' ');
    const { texts } = await split(documentOf(pageOf(1, `a\n${long}\nb`)), 12);
    expect(texts.map((text) => text.split('\n').slice(1).join('\n'))).toEqual(['a', long, 'b']);
  });
});

describe('a table that is cut', () => {
  const HEAD = 'item | price';
  const AGAIN = `[The table's head again:] ${HEAD}`;
  const row = (at: number) => `thing${at} | ${at}.00`;
  const rows = Array.from({ length: 60 }, (_, at) => row(at));

  test('has its head again where a passage begins within it, and its lines once', async () => {
    const document = documentOf(
      pageOf(
        1,
        [...linesText(0, 8).split('\n'), HEAD, ...rows, '', ...linesText(8, 40).split('\n')].join('\n'),
      ),
    );
    const { passages, texts } = await split(document, 60);
    const starts = texts.map((text) => text.split('\n')[1] ?? '');
    expect(passages.flatMap(({ lines }) => lines.map(({ line }) => line))).toEqual(
      Array.from({ length: 8 + 1 + 60 + 1 + 40 }, (_, at) => at + 1),
    );
    for (const [index, { lines }] of passages.entries()) {
      const isWithin = rows.includes(lines[0]?.text ?? '');
      expect(starts[index] === AGAIN).toBe(isWithin);
      expect(texts[index]?.split(AGAIN).length).toBe(isWithin ? 2 : 1);
      expect(texts[index]?.split(/\s+/).length).toBeLessThanOrEqual(60);
    }
    expect(starts.filter((start) => start === AGAIN).length).toBeGreaterThan(3);
    const [half] = halvePassage(passages[3] ?? { lines: [] })?.slice(1) ?? [];
    expect(passageText(half ?? { lines: [] }, document)).toContain(AGAIN);
  });

  test('does not have it where it is as long as what a passage holds', async () => {
    const long = Array.from({ length: 50 }, (_, at) => `column${at}`).join(' | ');
    const { texts } = await split(documentOf(pageOf(1, [long, ...rows].join('\n'))), 60);
    expect(texts.join('\n')).not.toContain('again');
    expect(texts.length).toBeLessThan(10);
  });
});

describe('half a passage', () => {
  const lineOf = (page: number, line: number) => ({ page, line, lineCount: 9, text: 'abcdefgh' });

  test('ends with a page where one ends near the middle', () => {
    const lines = [lineOf(1, 1), lineOf(1, 2), lineOf(1, 3), lineOf(2, 1), lineOf(2, 2)];
    expect(halvePassage({ lines })?.map((half) => half.lines.length)).toEqual([3, 2]);
  });

  test('ends in the middle of a page where none does', () => {
    const lines = [lineOf(1, 1), ...[1, 2, 3, 4, 5, 6, 7].map((line) => lineOf(2, line))];
    expect(halvePassage({ lines })?.map((half) => half.lines.length)).toEqual([4, 4]);
  });

  test('is not to be had of one line', () => {
    expect(halvePassage({ lines: [lineOf(1, 1)] })).toBeUndefined();
  });
});
