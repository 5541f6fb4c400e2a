import { extname } from 'node:path';
import { type Kind, type Problem, problem } from './document.ts';
import { detectZipKind } from './office/detect-zip-kind.ts';
import { oldOfficeProblem } from './office/old-office.ts';
import { readSignature } from './signatures.ts';
import { detectTextKind } from './text/detect-text-kind.ts';

export type Detected =
  | { readonly kind: Kind; readonly warnings: readonly Problem[] }
  | { readonly problem: Problem };

/** What a file is, told by its content. The name only decides between kinds of plain text, and is corrected where it
 * says something else. Never throws. */
export function detectKind(bytes: Uint8Array, name: string): Detected {
  if (bytes.length === 0) return { problem: problem('empty', 'This file is empty.') };
  const found = detectByContent(bytes, name);
  if (typeof found !== 'string') return { problem: found };
  return { kind: found, warnings: wrongName(found, name) };
}

function detectByContent(bytes: Uint8Array, name: string): Kind | Problem {
  const signature = readSignature(bytes);
  if (signature) return 'kind' in signature ? signature.kind : notSupported(signature.unsupported);
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return detectZipKind(bytes);
  if (start.endsWith('IHDR')) return problem('damaged', DAMAGED_PNG);
  if (start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return oldOfficeProblem(bytes);
  if (hasPdfInside(bytes)) return 'pdf';
  if (isBitmap(bytes)) return notSupported('a BMP image');
  if (start.startsWith('MZ') && bytes.subarray(0, 256).includes(0)) return notSupported('a program');
  const text = detectTextKind(bytes, endingOf(name));
  if (text === undefined)
    return problem('unsupported', 'This is binary data of a kind that is not known here.');
  return 'kind' in text ? text.kind : notSupported(text.unsupported);
}

const notSupported = (words: string): Problem => {
  const advice = ADVICE.find(([kinds]) => kinds.test(words))?.[1] ?? '';
  return problem('unsupported', `This is ${words}, which is not supported.${advice}`);
};

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/archive$/, ' Unpack it and give the files in it.'],
  [/ image( \(.*\))?$/, ' Save it as PNG or JPEG and try again.'],
  [/RTF|PostScript/, ' Save it as PDF or .docx and try again.'],
];

/** The signature of PNG is made to show what a transfer as text does to a file. */
const DAMAGED_PNG =
  'This PNG image is damaged: its first bytes were changed, as a transfer as text does. Copy it again.';

/** Readers of PDF take a file whose header stands in the first 1024 bytes, or even one without it, where the rest is of
 * a PDF; a text about PDF has no objects. */
function hasPdfInside(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (!/%PDF|(^|[\r\n])\d+ \d+ obj\b/.test(start)) return false;
  return /(^|\s)(endobj|trailer)\b/.test(Buffer.from(bytes.subarray(0, 65_536)).toString('latin1'));
}

/** `BM` begins words too: the size of the header that follows is one of a few. */
const isBitmap = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x42 &&
  bytes[1] === 0x4d &&
  [12, 40, 56, 64, 108, 124].includes(bytes[14] ?? 0) &&
  bytes[15] === 0;

function wrongName(found: Kind, name: string): readonly Problem[] {
  const ending = endingOf(name);
  const promised = KINDS_OF_ENDINGS.get(ending);
  if (!promised || promised.kinds.includes(found)) return [];
  const sentence = `This is named .${ending} but is not ${promised.words} (it looks like ${WORDS[found]}).`;
  return [problem('wrong-name', sentence)];
}

const endingOf = (name: string): string => extname(name).slice(1).toLowerCase();

const WORDS: Readonly<Record<Kind, string>> = {
  pdf: 'a PDF',
  png: 'a PNG image',
  jpeg: 'a JPEG image',
  webp: 'a WebP image',
  gif: 'a GIF image',
  tiff: 'a TIFF image',
  avif: 'an AVIF image',
  heic: 'a HEIC image',
  docx: 'a Word document',
  xlsx: 'an Excel workbook',
  pptx: 'a PowerPoint presentation',
  odt: 'an OpenDocument text',
  epub: 'an EPUB book',
  csv: 'a table of comma-separated values',
  tsv: 'a table of tab-separated values',
  html: 'an HTML page',
  eml: 'a mail message',
  json: 'JSON',
  xml: 'XML',
  markdown: 'a Markdown text',
  text: 'plain text',
};

const TEXTS: readonly Kind[] = ['text', 'markdown', 'csv', 'tsv', 'json', 'xml', 'html', 'eml'];

type Promised = { readonly words: string; readonly kinds: readonly Kind[] };
const promise = (...kinds: readonly [Kind, ...Kind[]]): Promised => ({ words: WORDS[kinds[0]], kinds });
const promises = (endings: string, ...kinds: readonly [Kind, ...Kind[]]): Record<string, Promised> =>
  Object.fromEntries(endings.split(' ').map((ending) => [ending, promise(...kinds)]));

/** What an ending promises; the first kind is named when the file is none of them. */
const KINDS_OF_ENDINGS: ReadonlyMap<string, Promised> = new Map(
  Object.entries<Promised>({
    ...promises('pdf', 'pdf'),
    ...promises('png', 'png'),
    ...promises('jpg jpeg jpe jfif', 'jpeg'),
    ...promises('webp', 'webp'),
    ...promises('gif', 'gif'),
    ...promises('tif tiff', 'tiff'),
    ...promises('avif', 'avif'),
    ...promises('heic heif hif', 'heic'),
    ...promises('docx docm dotx dotm', 'docx'),
    ...promises('xlsx xlsm xltx xltm', 'xlsx'),
    ...promises('pptx pptm ppsx ppsm potx', 'pptx'),
    ...promises('odt ott', 'odt'),
    ...promises('epub', 'epub'),
    ...promises('csv', 'csv'),
    ...promises('tsv', 'tsv'),
    ...promises('html htm xhtml', 'html'),
    ...promises('eml', 'eml'),
    ...promises('json', 'json'),
    ...promises('xml', 'xml', 'html'),
    ...promises('md markdown txt log', 'text', ...TEXTS),
    doc: { words: 'a Word document', kinds: [] },
    xls: { words: 'an Excel workbook', kinds: [] },
    ppt: { words: 'a PowerPoint presentation', kinds: [] },
  }),
);
