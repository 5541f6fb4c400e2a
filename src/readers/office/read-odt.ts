import type { Element } from '@xmldom/xmldom';
import { problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { type Block, flowPage, textBlock } from '../text/flow-page.ts';
import { UNCOUNTED } from './number-text.ts';
import { odtContent } from './odt-content.ts';
import { odtListStyles } from './odt-list-styles.ts';
import { officeMetadata } from './office-metadata.ts';
import { openZip, type Zip } from './open-zip.ts';
import { elementsOf, readTextPart, readXmlPart } from './zip-xml.ts';

/** A text of OpenDocument (LibreOffice), as one page: headers, text, footers. */
export async function* readOdt(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const opened = openZip(bytes, job.limits);
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  const { zip } = opened;
  if (/<manifest:encryption-data\b/.test(readTextPart(zip, 'META-INF/manifest.xml') ?? '')) {
    yield { type: 'refused', problem: problem('password-needed', ENCRYPTED) };
    return;
  }
  const root = readXmlPart(zip, 'content.xml');
  const [body] = root ? elementsOf(root, 'body') : [];
  const text = body && elementsOf(body, 'text')[0];
  if (!text) {
    yield { type: 'refused', problem: problem('damaged', DAMAGED) };
    return;
  }
  const styles = odtListStyles([root, readXmlPart(zip, 'styles.xml')]);
  const { blocks, headings, pictures, hasObjects, hasUnknownNumbers } = odtContent(text, styles);
  if (hasObjects) yield { type: 'warning', problem: problem('part-not-read', OBJECTS) };
  if (hasUnknownNumbers) yield { type: 'warning', problem: problem('part-not-read', UNCOUNTED) };
  yield { type: 'start', pageCount: 1, outline: headings, metadata: officeMetadata(zip) };
  const all = [...sideText(zip, 'header'), ...blocks, ...sideText(zip, 'footer')];
  if (isWanted(1, job.options.pages)) yield { type: 'page', page: flowPage({ number: 1, pictures }, all) };
}

const ENCRYPTED =
  'This document is protected with a password, which is not supported. Save it without one and try again.';
const DAMAGED = 'This OpenDocument text is damaged and could not be opened. Download or copy it again.';
const OBJECTS = 'The formulas, charts or other objects in this document were not read.';

/** Headers or footers of the pages' styles, each text once. */
function sideText(zip: Zip, type: 'header' | 'footer'): readonly Block[] {
  const styles = readXmlPart(zip, 'styles.xml');
  if (!styles) return [];
  const pages = elementsOf(styles, 'master-page');
  const texts = pages.flatMap((page) =>
    SIDES.flatMap((side) => elementsOf(page, `${type}${side}`).map(plainText)),
  );
  const title = type === 'header' ? 'Header' : 'Footer';
  return [...new Set(texts)].filter((text) => text !== '').map((text) => textBlock(`${title}: ${text}`));
}

/** Of left pages and of first ones. */
const SIDES = ['', '-left', '-first'];

const plainText = (element: Element): string =>
  flowPage({ number: 1 }, odtContent(element).blocks).text.trim();
