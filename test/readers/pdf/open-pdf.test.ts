import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/readers/limits.ts';
import { openPdf, pdfOptions } from '../../../src/readers/pdf/open-pdf.ts';
import { pdfjs } from '../../../src/readers/pdf/pdf-library.ts';
import { makeLockedPdf } from '../../cli/read-locked-pdf.ts';
import { pageInFont, partsOf, rawPdf } from './made-pdf.ts';

const forText = { purpose: 'text', limits: DEFAULT_LIMITS } as const;
const options = pdfOptions(forText);

/** The text of the first page with these options of pdf.js. */
async function textWith(bytes: Uint8Array, changed: Record<string, unknown>): Promise<string> {
  const task = pdfjs.getDocument({ ...options, verbosity: 0, ...changed, data: new Uint8Array(bytes) });
  try {
    const { items } = await (await (await task.promise).getPage(1)).getTextContent();
    return items.map((item) => ('str' in item ? item.str : '')).join('');
  } finally {
    await task.destroy();
  }
}

const CHINESE = pageInFont(
  '<</Type/Font/Subtype/Type0/BaseFont/STSong/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>',
  '<4E2D65875B57>',
  [
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R>>',
    '<</Type/FontDescriptor/FontName/STSong/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
  ],
);
/** As old versions of Word wrote it: numbers of glyphs in Arial, which is not embedded. */
const NOT_EMBEDDED = pageInFont(
  '<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H/DescendantFonts[6 0 R]>>',
  '<0039 0052 004F 0058 0050 0048 0056>',
  [
    '<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial/CIDToGIDMap/Identity/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R>>',
    '<</Type/FontDescriptor/FontName/Arial/Flags 32/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
  ],
);

describe('the options of pdf.js', () => {
  test('cMapUrl: Chinese text is read, and is lost without it', async () => {
    expect(await textWith(CHINESE, {})).toBe('中文字');
    expect(await textWith(CHINESE, { cMapUrl: undefined })).not.toContain('中');
  });

  test('useSystemFonts: the letters of a font that is not embedded are right, and wrong without it', async () => {
    expect(await textWith(NOT_EMBEDDED, {})).toBe('Volumes');
    expect(await textWith(NOT_EMBEDDED, { useSystemFonts: false })).not.toBe('Volumes');
  });

  test('a document that is drawn takes no fonts of the system', () => {
    expect(pdfOptions({ ...forText, purpose: 'drawing' }).useSystemFonts).toBe(false);
  });

  test('folders are paths with a slash at the end, and never URLs', () => {
    for (const key of ['cMapUrl', 'wasmUrl', 'iccUrl', 'standardFontDataUrl'] as const) {
      expect(options[key]).toMatch(/^(?!\w{2,}:).*\/$/);
      expect(existsSync(options[key])).toBe(true);
    }
  });

  test('the legacy build: what Node lacks is there, or text is lost in silence', async () => {
    await expect(openPdf(pageInFont('<<>>', '(a)'), forText)).resolves.toBeDefined();
    expect((Math as { sumPrecise?: (values: number[]) => number }).sumPrecise?.([1, 2])).toBe(3);
  });
});

describe('openPdf', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('takes a Buffer, and leaves it as it was', async () => {
    const bytes = Buffer.from(await plainPdf());
    const before = Buffer.from(bytes);
    const opened = await openPdf(bytes, forText);
    expect(opened).toMatchObject({ ok: true, pdf: { numPages: 1 } });
    expect(bytes.equals(before)).toBe(true);
    if (opened.ok) await opened.close();
  });

  test.each([
    ['empty', async () => new Uint8Array()],
    ['cut-off', async () => (await plainPdf()).subarray(0, 300)],
    ['damaged', async () => Buffer.concat([Buffer.from('%PDF-1.7\nnothing'), Buffer.from('\n%%EOF\n')])],
  ])('says of a file that it is %s', async (code, bytes) => {
    expect(await openPdf(await bytes(), forText)).toMatchObject({ ok: false, problem: { code } });
  });

  test('keeps the warnings of pdf.js, and prints none', async () => {
    const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const file = Buffer.from(await plainPdf()).toString('latin1');
    const opened = await openPdf(
      Buffer.from(file.replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1'),
      forText,
    );
    expect(opened.ok && opened.warnings().join()).toContain('Indexing all PDF objects');
    expect(opened.ok && opened.takeWarnings()).not.toEqual([]);
    expect(opened.ok && opened.takeWarnings()).toEqual([]);
    expect(printed).not.toHaveBeenCalled();
    if (opened.ok) await opened.close();
  });
});

const corpora = process.env.SOTTO_CORPORA ?? resolve(import.meta.dirname, '../../../../shared/corpora');
const encrypted = join(corpora, 'pdf/pypdf');
const hasCorpora = existsSync(encrypted);

test('a file without a page is refused', async () => {
  const parts = await partsOf(rawPdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>']));
  expect(parts).toMatchObject([{ type: 'refused', problem: { code: 'damaged' } }]);
});

describe('passwords', () => {
  test('one that is not needed does no harm', async () => {
    const opened = await openPdf(makeLockedPdf('open', ''), { ...forText, password: 'of another file' });
    expect(opened.ok).toBe(true);
    if (opened.ok) await opened.close();
  });

  test.skipIf(hasCorpora)('are tested with the corpora, which are not here', () => undefined);

  test.runIf(hasCorpora).each([
    ['r2-user-password.pdf', 'asdfzxcv'],
    ['r3-user-password.pdf', 'asdfzxcv'],
    ['r4-user-password.pdf', 'asdfzxcv'],
    ['r4-aes-user-password.pdf', 'asdfzxcv'],
    ['libreoffice-writer-password.pdf', 'openpassword'],
  ])('%s: needed, wrong, right', async (name, password) => {
    const bytes = readFileSync(join(encrypted, name));
    expect(await openPdf(bytes, forText)).toMatchObject({ problem: { code: 'password-needed' } });
    const wrong = await openPdf(bytes, { ...forText, password: 'no-such-word' });
    expect(wrong).toMatchObject({ problem: { code: 'password-wrong' } });
    expect(JSON.stringify(wrong)).not.toContain('no-such-word');
    const right = await openPdf(bytes, { ...forText, password });
    expect(right.ok).toBe(true);
    if (right.ok) await right.close();
  });
});

async function plainPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText('Hello');
  return pdf.save({ useObjectStreams: false });
}
