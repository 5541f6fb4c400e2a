import type { Page } from '../../../src/readers/document.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../src/readers/limits.ts';
import { readPdf } from '../../../src/readers/pdf/read-pdf.ts';
import type { OcrMode, Part, ReadJob, ReadOptions, Recognize } from '../../../src/readers/reader.ts';

/** A PDF of these objects, numbered from 1; the first is the catalog. A stream is written as its dictionary and data. */
export function rawPdf(
  objects: readonly (string | { readonly dict?: string; readonly data: string })[],
): Uint8Array {
  let file = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    const body =
      typeof object === 'string'
        ? object
        : `<</Length ${object.data.length} ${object.dict ?? ''}>>\nstream\n${object.data}\nendstream`;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<</Size ${offsets.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(
    `${file}xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${table}${trailer}`,
    'latin1',
  );
}

/** One page that shows `text`, written in the operators of PDF, in a font that is given as an object. */
export function pageInFont(font: string, text: string, more: readonly string[] = []): Uint8Array {
  return rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    { data: `BT /F1 20 Tf 20 100 Td ${text} Tj ET` },
    font,
    ...more,
  ]);
}

export type JobOptions = {
  readonly ocr?: OcrMode;
  readonly password?: string;
  readonly pages?: ReadOptions['pages'];
  readonly limits?: Partial<Limits>;
  readonly recognize?: Recognize;
  readonly signal?: AbortSignal;
};

export const noRecognize: Recognize = async () => {
  throw new Error('No picture is to be read here.');
};

export function jobOf({ ocr = 'off', password, pages, limits, recognize, signal }: JobOptions = {}): ReadJob {
  return {
    options: {
      name: 'a.pdf',
      ocr,
      languages: ['eng'],
      gps: false,
      ...(password !== undefined && { password }),
      ...(pages && { pages }),
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
    recognize: recognize ?? noRecognize,
    depth: 0,
    signal: signal ?? new AbortController().signal,
  };
}

export async function partsOf(bytes: Uint8Array, options?: JobOptions): Promise<readonly Part[]> {
  return Array.fromAsync(readPdf(bytes, jobOf(options)));
}

export async function pagesOf(bytes: Uint8Array, options?: JobOptions): Promise<readonly Page[]> {
  return (await partsOf(bytes, options)).flatMap((part) => (part.type === 'page' ? [part.page] : []));
}

/** The words of a picture, as OCR gives them. */
export const recognizes =
  (text: string, confidence = 90): Recognize =>
  async () => ({
    ok: true,
    text,
    spans: text
      .split(/\s+/)
      .map((word, index) => ({ text: word, box: [index * 10, 0, index * 10 + 8, 8], confidence })),
    confidence,
    rotation: 0,
    warnings: [],
  });
