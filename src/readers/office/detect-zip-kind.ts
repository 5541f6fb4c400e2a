import { type Kind, type Problem, problem } from '../document.ts';
import { listZip } from './list-zip.ts';
import { makeZip, type Zip } from './open-zip.ts';

/** What kind of document a ZIP archive is, by the files in it. Whether it is harmless is seen when it is read. */
export function detectZipKind(bytes: Uint8Array): Kind | Problem {
  const listed = listZip(bytes);
  if (!listed.ok) return listed.problem;
  const zip = makeZip(bytes, listed.entries, MOST_BYTES);
  const words = textOf(zip, 'mimetype').trim();
  if (words !== '') return kindOf(MEDIA_TYPES, words) ?? notSupported(words);
  const types = textOf(zip, '[Content_Types].xml');
  const kind = types === '' ? kindByParts(zip) : (kindOf(MAIN_PARTS, types) ?? kindByParts(zip));
  return kind ?? problem('unsupported', archiveSentence(types));
}

/** What the parts that say the kind may unpack to. */
const MOST_BYTES = 2_000_000;

const archiveSentence = (types: string): string =>
  types === ''
    ? 'This is a ZIP archive, which is not supported. Unpack it and give the files in it.'
    : 'This is an Office document of a kind that is not supported.';

/** Listed in the mimetype of OpenDocument and EPUB. */
const MEDIA_TYPES: readonly (readonly [string, Kind])[] = [
  ['application/epub+zip', 'epub'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
];

/** Parts of the content types that Office gives the main part, also with macros and as a template. */
const MAIN_PARTS: readonly (readonly [string, Kind])[] = [
  ['wordprocessingml.document.main+xml', 'docx'],
  ['wordprocessingml.template.main+xml', 'docx'],
  ['application/vnd.ms-word.document.macroEnabled', 'docx'],
  ['application/vnd.ms-word.template.macroEnabled', 'docx'],
  ['spreadsheetml.sheet.main+xml', 'xlsx'],
  ['spreadsheetml.template.main+xml', 'xlsx'],
  ['application/vnd.ms-excel.sheet.macroEnabled', 'xlsx'],
  ['application/vnd.ms-excel.template.macroEnabled', 'xlsx'],
  ['presentationml.presentation.main+xml', 'pptx'],
  ['presentationml.slideshow.main+xml', 'pptx'],
  ['presentationml.template.main+xml', 'pptx'],
  ['application/vnd.ms-powerpoint.presentation.macroEnabled', 'pptx'],
  ['application/vnd.ms-powerpoint.slideshow.macroEnabled', 'pptx'],
];

const PARTS: readonly (readonly [string, Kind])[] = [
  ['word/document.xml', 'docx'],
  ['xl/workbook.xml', 'xlsx'],
  ['ppt/presentation.xml', 'pptx'],
  ['META-INF/container.xml', 'epub'],
];

const kindOf = (table: readonly (readonly [string, Kind])[], text: string): Kind | undefined =>
  table.find(([part]) => text.includes(part))?.[1];

const kindByParts = (zip: Zip): Kind | undefined => PARTS.find(([part]) => zip.names.has(part))?.[1];

function notSupported(mediaType: string): Problem {
  const words =
    [...UNSUPPORTED].find(([part]) => mediaType.includes(part))?.[1] ?? 'a document of an unknown kind';
  return problem('unsupported', `This is ${words}, which is not supported. Save it as PDF and try again.`);
}

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['opendocument.spreadsheet', 'an OpenDocument spreadsheet'],
  ['opendocument.presentation', 'an OpenDocument presentation'],
  ['opendocument.graphics', 'an OpenDocument drawing'],
]);

function textOf(zip: Zip, name: string): string {
  const content = zip.read(name);
  return content.ok ? new TextDecoder().decode(content.bytes) : '';
}
