import type { Page, Via } from '../../readers/document.ts';
import type { EvidenceEntry } from '../table/evidence-of.ts';
import { escapeName, escapeText, shorten } from './html.ts';
import { cropPicture, type DrawnPage } from './picture-part.ts';
import { quoteContext } from './quote-context.ts';
import { shownStatus, shownValue, statusChip, statusSign, valueNotes } from './status-words.ts';
import { valueAnchor } from './value-anchor.ts';

/** Where the evidence of a document can be looked up. */
export type Places = {
  readonly drawn: ReadonlyMap<number, DrawnPage>;
  readonly page: (number: number) => Page | undefined;
};

/** A field, its value with what is to be said of it, and the place it came from. */
export function fieldRow(entry: EvidenceEntry, places: Places): string {
  const { field, name, value, document } = entry;
  const { name: status } = shownStatus(value);
  return (
    `<tr id="${valueAnchor(document, name)}" class="${status}"><th scope="row">${escapeName(name)}</th>` +
    `<td><div class="value">${shownValue(value, field)}</div>${statusChip(value)}${valueNotes(value, field)}</td>` +
    `<td>${figure([entry], places)}</td></tr>\n`
  );
}

/** A line of a list, and below it the places that its values came from: mostly one picture for all. */
export function listRow(number: number, entries: readonly EvidenceEntry[], places: Places): string {
  const cells = entries.map(
    ({ document, name, value, field }) =>
      `<td id="${valueAnchor(document, name)}" class="${field.type}">${statusSign(value)} ${shownValue(value, field)}</td>`,
  );
  const notes = entries.map(({ name, value, field }) => {
    const said = valueNotes(value, field);
    return said && `<div class="said"><b>${escapeName(name)}</b>${said}</div>`;
  });
  const byPage = Map.groupBy(
    entries.filter(({ value }) => value.quote !== undefined),
    ({ value }) => value.page,
  );
  const figures = [...byPage.values()].map((sharing) => figure(sharing, places));
  const proof = notes.join('') + figures.join('');
  return (
    `<tbody><tr><th scope="row">${number}</th>${cells.join('')}</tr>` +
    `${proof && `<tr class="proof"><td></td><td colspan="${entries.length}">${proof}</td></tr>`}</tbody>\n`
  );
}

/** Values of one page: a picture of the place where there is one, and the words. */
function figure(entries: readonly EvidenceEntry[], { drawn, page }: Places): string {
  const [first] = entries;
  if (!first || first.value.quote === undefined) return '';
  const { page: number, via } = first.value;
  const picture = number === undefined ? undefined : drawn.get(number);
  const boxed = entries.filter(({ value }) => value.box);
  const crop = picture && boxed.length > 0 ? cropPicture(picture, boxed) : '';
  const quotes = [...Map.groupBy(entries, ({ value }) => value.quote ?? '').values()].map((sharing) =>
    quoteText(sharing[0] ?? first, crop === '' && number !== undefined ? page(number) : undefined),
  );
  const place = number === undefined ? 'As the model gave it; not found' : `Page ${number}${readBy(via)}`;
  return `<figure>${crop}<figcaption><span class="place">${place}</span> ${quotes.join(' ')}</figcaption></figure>`;
}

const LONGEST_PART = 400;

function quoteText({ value }: EvidenceEntry, page: Page | undefined): string {
  const { quote = '', original } = value;
  const {
    before,
    quote: parts,
    behind,
  } = quoteContext({ quote, ...(original !== undefined && { original }) }, page);
  const [start, marked, end] = parts.map((part) => escapeText(shorten(part, LONGEST_PART)));
  const around = (text: string) => (text === '' ? '' : `<span class="around">${escapeText(text)}</span>`);
  const mark = marked === '' ? '' : `<mark>${marked}</mark>`;
  return `<bdi class="quote">${around(before)}<q>${start}${mark}${end}</q>${around(behind)}</bdi>`;
}

function readBy(via: Via | undefined): string {
  if (via === 'ocr') return ', read by OCR';
  if (via === 'ocr-layer') return ', a scan’s own text layer';
  if (via === 'vision') return ', read by a vision model';
  return via === 'form' ? ', a form’s value' : '';
}
