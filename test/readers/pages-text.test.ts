import { describe, expect, test } from 'vitest';
import { createCollector } from '../../src/readers/collect-document.ts';
import { type Document, type Kind, type Page, problem } from '../../src/readers/document.ts';
import type { PageRange } from '../../src/readers/page-ranges.ts';
import { pagesText } from '../../src/readers/pages-text.ts';
import type { Part } from '../../src/readers/reader.ts';
import { makePage } from '../helpers/page.ts';

const page = (number: number, text: string, more: Partial<Page> = {}): Page =>
  makePage(number, { text, ...more });

type Made = {
  readonly kind?: Kind;
  readonly pageCount?: number;
  readonly asked?: readonly PageRange[];
  readonly parts?: readonly Part[];
  readonly metadata?: Readonly<Record<string, string>>;
};

/** A document as its reader's parts make it. */
function made(pages: readonly Page[], options: Made = {}): Document {
  const { kind = 'pdf', pageCount = pages.length, asked, parts = [], metadata = {} } = options;
  const collector = createCollector({ sha256: '', byteLength: 0 }, asked);
  collector.setKind(kind);
  collector.add({ type: 'start', pageCount, metadata });
  for (const read of pages) collector.add({ type: 'page', page: read });
  for (const part of parts) collector.add(part);
  return collector.document();
}

const show = (document: Document, maxCharacters = 4000) => pagesText(document, { maxCharacters });
/** 20 characters a line with its end. */
const lines = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => `line ${String(from + at).padStart(5, '0')} of text`).join('\n');

describe('pagesText', () => {
  test('gives the pages behind their numbers', () => {
    expect(show(made([page(1, 'One.\n\nTwo.\n'), page(2, 'Three.')]))).toBe(
      '[Page 1 of 2]\nOne.\n\nTwo.\n[Page 2 of 2]\nThree.',
    );
  });

  test.each<[Partial<Page>, string]>([
    [{ via: 'ocr', confidence: 91.4 }, '[Page 1 of 1, read by OCR, confidence 91 of 100]'],
    [{ via: 'ocr-layer' }, '[Page 1 of 1, a scan with text that another program read]'],
    [{ via: 'vision' }, '[Page 1 of 1, read by a vision model]'],
    [{ via: 'form' }, '[Page 1 of 1, values of its form only]'],
    [{ label: 'iv\n]' }, '[Page 1 of 1, "iv ]"]'],
    [{ label: '1' }, '[Page 1 of 1]'],
  ])('says of a page %j how it was read', (more, marker) => {
    expect(show(made([page(1, 'Text.', more)]))).toBe(`${marker}\nText.`);
  });

  test('numbers no page of a file that has none', () => {
    expect(show(made([page(1, 'Text.')], { kind: 'docx' }))).toBe('Text.');
    expect(show(made([page(1, 'Text.')], { kind: 'xlsx' }))).toBe('[Page 1 of 1]\nText.');
  });

  test('says once of all pages that could not be read why not', () => {
    const why = { via: 'none', warnings: [problem('ocr-off', 'It is a picture.')] } as const;
    const blank = { via: 'none', warnings: [problem('blank', 'This page is blank.')] } as const;
    const pages = [page(1, '', blank), page(2, '', why), page(3, '', why), page(4, 'Text.')];
    expect(show(made(pages))).toBe(
      '[Page 1 of 4 has no text: This page is blank.]\n[Pages 2 to 3 of 4 could not be read: It is a picture.]\n[Page 4 of 4]\nText.',
    );
  });

  test('is never empty', () => {
    expect(show(made([page(1, '  \n')], { kind: 'docx' }))).toBe('[It has no text.]');
    expect(show(made([page(1, '')]))).toBe('[Page 1 of 1]\n[It has no text.]');
  });

  test('says in a line what to know of a page, and which pictures were not read', () => {
    const picture = { width: 9, height: 9, read: false };
    const warnings = [problem('garbled', 'Some letters are wrong.')];
    expect(
      show(made([page(1, 'Text.', { warnings, pictures: [picture, picture, { ...picture, read: true }] })])),
    ).toBe('[Page 1 of 1]\n[Some letters are wrong.]\n[2 pictures on this page were not read.]\nText.');
    const said = [problem('picture-not-read', 'A picture on it was not read.')];
    expect(show(made([page(1, 'Text.', { warnings: said, pictures: [picture] })]))).toBe(
      '[Page 1 of 1]\n[A picture on it was not read.]\nText.',
    );
  });

  test('gives the fields of a form by name', () => {
    const fields = [
      { name: 'Name', value: 'Mira\nStone' },
      { name: 'Empty', value: ' ' },
    ];
    expect(show(made([page(1, 'Form', { fields })]))).toBe(
      '[Page 1 of 1]\nForm\n[Form fields]\nName: Mira Stone',
    );
  });

  test('begins with what is to be known of the file', () => {
    const invoice = {
      name: 'factur-x.xml',
      profile: '',
      number: 'R-1',
      total: '12.00',
      seller: 'A\nB',
      xml: '<x/>',
    };
    const document = made([page(1, 'Text.')], {
      metadata: { title: 'T' },
      parts: [
        { type: 'warning', problem: problem('wrong-name', 'This is named .txt.') },
        { type: 'invoice', invoice },
        { type: 'attachment', attachment: { name: 'factur-x.xml', byteLength: 1, read: true } },
        { type: 'attachment', attachment: { name: 'b.bin', byteLength: 1, read: false } },
      ],
    });
    expect(show(document)).toBe(
      '[This is named .txt.]\n[Electronic invoice in this file, factur-x.xml]\nNumber: R-1\nSeller: A B\nTotal: 12.00\n[Attachments: factur-x.xml, b.bin (not read)]\n[Page 1 of 1]\nText.',
    );
    const photo = made([page(1, 'Text.')], { kind: 'jpeg', metadata: { date: '2020-01-02' } });
    expect(show(photo)).toContain('[The picture says of itself: date: 2020-01-02]\n[Page 1 of 1]');
  });

  test('begins so only where it shows the start', () => {
    const parts: readonly Part[] = [
      { type: 'warning', problem: problem('wrong-name', 'This is named .txt.') },
    ];
    const pages: readonly PageRange[] = [[2, 2]];
    const document = made([page(2, 'Two.')], { pageCount: 2, asked: pages, parts });
    expect(pagesText(document, { maxCharacters: 4000, pages })).toBe('[Page 2 of 2]\nTwo.');
  });
});

describe('a document that is too long', () => {
  const text = lines(40);

  test('is given in whole pages, and says how to read on', () => {
    const document = made([1, 2, 3, 4].map((number) => page(number, text)));
    const shown = show(document, 2000);
    expect(shown).toBe(
      `[Page 1 of 4]\n${text}\n[Page 2 of 4]\n${text}\n[Pages 3 to 4 are not shown: read them with pages "3-4".]`,
    );
    expect(shown?.length).toBeLessThanOrEqual(2000);
    expect(show(made([page(1, text), page(2, text)]), 1100)).toContain(
      '[Page 2 is not shown: read it with pages "2".]',
    );
  });

  test('names the pages that were asked for and nobody has looked at', () => {
    const asked: readonly PageRange[] = [
      [1, 3],
      [7, 9],
    ];
    const stopped: Part = { type: 'limit', problem: problem('not-looked-at', 'Enough.') };
    const document = made([page(1, 'One.')], { pageCount: 9, asked, parts: [stopped] });
    expect(pagesText(document, { maxCharacters: 4000, pages: asked })).toBe(
      '[Page 1 of 9]\nOne.\n[Pages 2-3,7-9 are not shown: read them with pages "2-3,7-9".]',
    );
    const none = made([], { pageCount: 9, asked, parts: [stopped] });
    expect(pagesText(none, { maxCharacters: 4000, pages: asked })).toMatch(/^\[Pages 1-3,7-9 are not shown/);
  });

  test('cuts a page that is larger than the room at a line, and gives every line once when read on', () => {
    const document = made([page(1, lines(150)), page(2, 'Two.')]);
    let all = '';
    let fromLine = 1;
    for (let part = 0; part < 9; part += 1) {
      const shown = pagesText(document, { maxCharacters: 1200, fromLine }) ?? '';
      expect(shown.length).toBeLessThanOrEqual(1200);
      all += shown.replace(/^\[Page 1 of 2\]\n/, '').replace(/\[Page 1 is cut[^\]]*\]$/, '');
      const [, pages, next] =
        /\[Page 1 is cut after line \d+ of 150: read on with pages "([^"]*)" and from_line (\d+)\.\]$/.exec(
          shown,
        ) ?? [];
      if (!next) break;
      expect(pages).toBe('1-2');
      fromLine = Number(next);
    }
    expect(all).toBe(`${lines(150)}\n[Page 2 of 2]\nTwo.`);
    expect(pagesText(document, { maxCharacters: 1200, fromLine: 151 })).toBeUndefined();
  });

  test('breaks a line that is longer than the room', () => {
    const words = 'word '.repeat(1000).trim();
    const document = made([page(1, words)], { kind: 'docx' });
    let all = '';
    for (let fromLine = 1; ; ) {
      const shown = pagesText(document, { maxCharacters: 2500, fromLine }) ?? '';
      expect(shown.length).toBeLessThanOrEqual(2500);
      const [, part = shown, next] =
        /^(.*)\[It is cut after line \d+ of \d+: read on with from_line (\d+)\.\]$/s.exec(shown) ?? [];
      all += part;
      if (!next) break;
      fromLine = Number(next);
    }
    expect(all.split(/\s+/).join(' ')).toBe(words);
    expect(show(made([page(1, `x${'😀'.repeat(900)}`)]), 1400)?.isWellFormed()).toBe(true);
  });

  test('gives as many lines as were asked for', () => {
    const document = made([page(1, text), page(2, 'Two.')]);
    expect(pagesText(document, { maxCharacters: 4000, fromLine: 2, lineCount: 2 })).toBe(
      `[Page 1 of 2]\n${lines(2, 2)}\n[Page 1 is cut after line 3 of 40: read on with pages "1-2" and from_line 4.]`,
    );
  });
});
