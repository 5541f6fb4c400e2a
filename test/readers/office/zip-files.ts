import { strToU8, zipSync } from 'fflate';

export type Parts = Readonly<Record<string, string | Uint8Array>>;

export const zip = (parts: Parts): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, toBytes(part)])));

const toBytes = (part: string | Uint8Array): Uint8Array => (typeof part === 'string' ? strToU8(part) : part);

const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A part that lists what another refers to: `[id, type, target]`. */
export const relationships = (...all: readonly (readonly [string, string, string])[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
    .map(
      ([id, type, target]) => `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

const contentTypes = (part: string, type: string): string =>
  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;

const office = (main: string, type: string): Parts => ({
  '[Content_Types].xml': contentTypes(main, type),
  '_rels/.rels': relationships(['r1', 'officeDocument', main]),
});

const WORD =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"';

/** A Word document whose body is `body`; `head` stands before its root element. */
export const docx = (
  body: string,
  { head = '', ...parts }: Parts & { readonly head?: string } = {},
): Uint8Array =>
  zip({
    ...office('word/document.xml', 'wordprocessingml.document'),
    'word/document.xml': `${head}<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    ...parts,
  });

export type Sheet = { readonly name: string; readonly xml: string; readonly state?: string };

/** An Excel workbook of sheets, each given by what stands in its `worksheet` element. */
export function xlsx(sheets: readonly Sheet[], parts: Parts = {}): Uint8Array {
  const names = sheets.map(({ name, state }, at) => {
    const hidden = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${name}" sheetId="${at + 1}"${hidden} r:id="s${at}"/>`;
  });
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const related = sheets.map((_, at) => [`s${at}`, 'worksheet', `worksheets/sheet${at}.xml`] as const);
  return zip({
    ...office('xl/workbook.xml', 'spreadsheetml.sheet'),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${RELATIONSHIPS}"><sheets>${names.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...related,
      ['st', 'styles', 'styles.xml'],
      ['ss', 'sharedStrings', 'sharedStrings.xml'],
    ),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}"><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r></si></sst>`,
    ...Object.fromEntries(
      sheets.map(({ xml }, at) => [
        `xl/worksheets/sheet${at}.xml`,
        `<worksheet xmlns="${main}">${xml}</worksheet>`,
      ]),
    ),
    ...parts,
  });
}

/** A PowerPoint presentation of slides, each given by what stands in its tree of shapes. */
export function pptx(slides: readonly string[], parts: Parts = {}): Uint8Array {
  const names = 'http://schemas.openxmlformats.org/presentationml/2006/main';
  const spaces = `xmlns:p="${names}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${RELATIONSHIPS}"`;
  const ids = slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="r${at}"/>`).join('');
  return zip({
    ...office('ppt/presentation.xml', 'presentationml.presentation'),
    'ppt/presentation.xml': `<p:presentation ${spaces}><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      ...slides.map((_, at) => [`r${at}`, 'slide', `slides/slide${9 - at}.xml`] as const),
    ),
    ...Object.fromEntries(
      slides.map((tree, at) => [
        `ppt/slides/slide${9 - at}.xml`,
        `<p:sld ${spaces}><p:cSld><p:spTree>${tree}</p:spTree></p:cSld></p:sld>`,
      ]),
    ),
    ...parts,
  });
}

const ODF =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"';

export const odt = (body: string, parts: Parts = {}): Uint8Array =>
  zip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `<office:document-content ${ODF}><office:automatic-styles><number:text>no text</number:text></office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    ...parts,
  });

export const odtStyles = (header: string): string =>
  `<office:document-styles ${ODF}><office:master-styles><style:master-page><style:header>${header}</style:header></style:master-page></office:master-styles></office:document-styles>`;

/** An EPUB book of chapters in XHTML, with a navigation of EPUB 3. */
export function epub(chapters: readonly string[], parts: Parts = {}): Uint8Array {
  const items = chapters.map(
    (_, at) => `<item id="c${at}" href="text/c%20${at}.xhtml" media-type="application/xhtml+xml"/>`,
  );
  const links = chapters.map((_, at) => `<li><a href="text/c%20${at}.xhtml#top">Chapter ${at}</a></li>`);
  return zip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf': `<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>A book</dc:title></metadata><manifest>${items.join('')}<item id="nav" href="nav.xhtml" properties="nav"/></manifest><spine>${chapters
      .map((_, at) => `<itemref idref="c${chapters.length - 1 - at}"/>`)
      .join('')}</spine></package>`,
    'OEBPS/nav.xhtml': `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>${links.join('')}</ol></nav></body></html>`,
    ...Object.fromEntries(
      chapters.map((body, at) => [
        `OEBPS/text/c ${at}.xhtml`,
        `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`,
      ]),
    ),
    ...parts,
  });
}
