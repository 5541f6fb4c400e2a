import type { Element } from '@xmldom/xmldom';
import { type Page, type Picture, type Problem, problem } from '../document.ts';
import { buildTable } from '../text/build-table.ts';
import { type Block, flowPage, tableBlock, textBlock } from '../text/flow-page.ts';
import { drawingText } from './drawing-text.ts';
import type { Zip } from './open-zip.ts';
import { relationshipsOf } from './relationships.ts';
import { placeholderOf, placesOf, type Shape, shapesOf } from './slide-shapes.ts';
import { attribute, elementsOf, readXmlPart } from './zip-xml.ts';

/** A slide: its shapes from top to bottom and left to right, then its notes and comments. */
export function slidePage(zip: Zip, part: string, number: number): Page {
  const root = readXmlPart(zip, part);
  if (!root)
    return {
      ...flowPage({ number }, []),
      warnings: [problem('page-failed', `Slide ${number} is damaged and could not be read.`)],
    };
  const related = relationshipsOf(zip, part);
  const layout = readXmlPart(zip, related.find(({ type }) => type === 'slideLayout')?.target ?? '');
  const shapes = shapesOf(root, layout ? placesOf(layout) : new Map());
  const notes = readXmlPart(zip, related.find(({ type }) => type === 'notesSlide')?.target ?? '');
  const blocks = [...shapes.flatMap(blocksOf), ...(notes ? notesOf(notes) : []), ...commentsOf(zip, related)];
  const pictures = shapes
    .filter(({ type }) => type === 'pic')
    .map((): Picture => ({ width: 0, height: 0, read: false }));
  return flowPage({ number, pictures, warnings: warningsOf(root, shapes) }, blocks);
}

function blocksOf({ type, element }: Shape): readonly Block[] {
  if (type === 'table') return [tableBlock(tableOf(element))];
  const text = type === 'pic' ? '' : drawingText(element);
  const description = type === 'pic' ? descriptionOf(element) : '';
  return [text, description].filter((each) => each !== '').map(textBlock);
}

/** Alternative text, as people write it; names such as `picture.png` say nothing. */
function descriptionOf(picture: Element): string {
  const words = attribute(elementsOf(picture, 'cNvPr')[0] ?? picture, 'descr').trim();
  return words === '' || /^\S+\.\w{3,4}$/.test(words) ? '' : `[${words}]`;
}

function tableOf(table: Element) {
  return buildTable(
    elementsOf(table, 'tr').map((row) =>
      elementsOf(row, 'tc')
        .filter((cell) => attribute(cell, 'hMerge') !== '1' && attribute(cell, 'vMerge') !== '1')
        .map((cell) => ({
          text: drawingText(cell),
          rowSpan: Number(attribute(cell, 'rowSpan')) || 1,
          columnSpan: Number(attribute(cell, 'gridSpan')) || 1,
        })),
    ),
  );
}

/** Of a page of notes only the notes: it repeats the slide, its number and its date. */
function notesOf(notes: Element): readonly Block[] {
  const bodies = elementsOf(notes, 'sp').filter((shape) =>
    /^(body|)$/.test(placeholderOf(shape)?.type ?? 'none'),
  );
  const text = bodies
    .map(drawingText)
    .filter((each) => each !== '')
    .join('\n');
  return text === '' ? [] : [textBlock(`Notes: ${text}`)];
}

function commentsOf(zip: Zip, related: ReturnType<typeof relationshipsOf>): readonly Block[] {
  const parts = related.filter(({ type }) => type === 'comments');
  return parts.flatMap(({ target = '' }) => {
    const root = readXmlPart(zip, target);
    const found = root ? elementsOf(root, 'cm') : [];
    return found.map((comment) => textBlock(`Comment: ${commentText(comment)}`));
  });
}

/** Older comments hold a plain text, newer ones paragraphs as shapes do. */
const commentText = (comment: Element): string =>
  drawingText(comment) ||
  elementsOf(comment, 'text')
    .map((each) => each.textContent ?? '')
    .join('\n');

function warningsOf(root: Element, shapes: readonly Shape[]): readonly Problem[] {
  const isHidden = attribute(root, 'show') === '0';
  return [
    ...(isHidden
      ? [problem('hidden', 'This slide is hidden when the presentation is shown; it was read all the same.')]
      : []),
    ...(shapes.some(({ type }) => type === 'other')
      ? [problem('part-not-read', 'A chart or diagram of this slide was not read.')]
      : []),
  ];
}
