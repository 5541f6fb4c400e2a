/** Decides how a page is read, by what stands on it, and puts its layers together. */
import { type Box, type Page, type Picture, type Problem, problem, type Span } from '../document.ts';
import type { OcrMode, Recognized } from '../reader.ts';
import type { DrawnPicture } from './page-geometry.ts';
import type { PageOcr } from './page-ocr.ts';
import { classifyPage, notablePictures, type PageClass } from './page-signals.ts';
import type { PageLayers } from './read-page.ts';

type Reading = { readonly ocr: PageOcr; readonly mode: OcrMode };
type Found = Recognized & { readonly ok: true };

export async function composePage(layers: PageLayers, { ocr, mode }: Reading): Promise<Page> {
  const kind = layers.geometry ? classifyPage(layers.letters, layers.geometry) : 'text';
  if (mode === 'force') return forcePage(layers, { kind, ocr });
  if (kind === 'empty' || kind === 'text') return asItStands(layers);
  if (kind === 'ocr-layer') return { ...asItStands(layers, { read: true }), via: 'ocr-layer' };
  if (kind === 'mixed') return withPictures(layers, ocr);
  if (kind === 'garbled') return readGarbled(layers, ocr);
  if (!(await ocr.hasInk(layers.number, layers.size))) return asItStands(layers, { read: true });
  const found = await ocr.read(layers.number);
  return found.ok ? besideText(layers, found) : asItStands(layers, { why: found.problem });
}

async function forcePage(
  layers: PageLayers,
  { kind, ocr }: { kind: PageClass; ocr: PageOcr },
): Promise<Page> {
  const isBlank = kind === 'empty' || !(await ocr.hasInk(layers.number, layers.size));
  if (isBlank) return asItStands(layers, { read: true });
  const found = await ocr.read(layers.number);
  if (found.ok) return fromPicture(layers, found);
  const page = asItStands(layers, { why: found.problem });
  return kind === 'ocr-layer' ? { ...page, via: 'ocr-layer' } : page;
}

async function readGarbled(layers: PageLayers, ocr: PageOcr): Promise<Page> {
  const found = await ocr.read(layers.number);
  const garbled = problem(
    'garbled',
    found.ok
      ? 'The letters of this page are not stored as text: it was read from its picture.'
      : 'The letters of this page are not stored as text: what is given is mostly wrong.',
  );
  const marked = { ...layers, warnings: [garbled, ...layers.warnings] };
  return found.ok ? fromPicture(marked, found) : asItStands(marked, { why: found.problem });
}

/** `read`: its pictures hold nothing more. `why`: the page is a picture for the most part, and was not read as such. */
function asItStands(layers: PageLayers, { read = false, why }: { read?: boolean; why?: Problem } = {}): Page {
  const { number, size, letters, text, annotations, tables, warnings } = layers;
  const pictures = picturesOf(layers).map((picture) => toPicture(picture, read));
  const hasText = text.text.trim() !== '';
  const reason = why ?? (hasText ? undefined : whyEmpty(layers));
  const left = why || read ? 0 : pictures.length;
  return {
    number,
    size,
    text: text.text,
    spans: text.spans,
    tables,
    fields: annotations.fields,
    pictures,
    via: !hasText ? 'none' : letters.count === 0 ? 'form' : 'text',
    warnings: [...(reason ? [reason] : []), ...warnings, ...(left > 0 ? [notRead(left)] : [])],
  };
}

function fromPicture(layers: PageLayers, found: Found): Page {
  const { number, size, annotations, warnings } = layers;
  return {
    number,
    size,
    text: found.text,
    spans: found.spans,
    tables: [],
    fields: annotations.fields,
    pictures: picturesOf(layers).map((picture) => toPicture(picture, true)),
    via: 'ocr',
    confidence: found.confidence,
    warnings: [...warnings, ...found.warnings],
  };
}

/** What stands on the page as text is exact: it comes first, and OCR adds the words that are not there. */
function besideText(layers: PageLayers, found: Found): Page {
  const page = fromPicture(layers, found);
  const { text, spans } = layers.text;
  if (text.trim() === '') return page;
  const words = missingWords(found, spans);
  return {
    ...page,
    text: [text, ...(words.length > 0 ? [linesOf(words)] : [])].join('\n'),
    spans: [...spans, ...words],
    warnings: [OWN_TEXT, ...page.warnings],
  };
}

const OWN_TEXT = problem('mixed', 'It also has text of its own, which stands first.');
const READ_PICTURES = problem('mixed', 'The words in its pictures were read by OCR.');

/** Text, and pictures that may hold words: both are read, and the words of pictures follow the text. */
async function withPictures(layers: PageLayers, ocr: PageOcr): Promise<Page> {
  const page = asItStands(layers, { read: true });
  const texts = [page.text];
  const spans = [...page.spans];
  const pictures: Picture[] = [];
  const warnings = new Map(page.warnings.map((warning) => [warning.sentence, warning]));
  for (const picture of picturesOf(layers)) {
    const found = await ocr.read(layers.number, picture.box);
    pictures.push(toPicture(picture, found.ok));
    if (!found.ok) continue;
    const words = missingWords(found, page.spans);
    texts.push(words.length === found.spans.length ? found.text : linesOf(words));
    spans.push(...words);
    for (const warning of [READ_PICTURES, ...found.warnings]) warnings.set(warning.sentence, warning);
  }
  const left = pictures.filter(({ read }) => !read).length;
  return {
    ...page,
    text: texts.filter((text) => text.trim() !== '').join('\n'),
    spans,
    pictures,
    warnings: [...warnings.values(), ...(left > 0 ? [notRead(left)] : [])],
  };
}

const missingWords = (found: Found, own: readonly Span[]): readonly Span[] =>
  found.spans.filter(({ box }) => !box || !isCovered(box, own));

/** Words in reading order; one that stands below the one before it begins a line. */
function linesOf(words: readonly Span[]): string {
  return words
    .map(({ text, box }, at) => {
      const before = words[at - 1]?.box;
      if (at === 0) return text;
      const isLower = !before || !box || (box[1] + box[3]) / 2 > before[3] || box[3] < before[1];
      return (isLower ? '\n' : ' ') + text;
    })
    .join('');
}

/** Whether the text of the page already stands there. */
function isCovered([x0, y0, x1, y1]: Box, spans: readonly Span[]): boolean {
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return spans.some(({ box }) => box && box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3]);
}

const picturesOf = ({ geometry }: PageLayers): readonly DrawnPicture[] =>
  geometry ? notablePictures(geometry) : [];

const toPicture = ({ box, width, height }: DrawnPicture, read: boolean): Picture => ({
  box,
  width,
  height,
  read,
});

/** A page that lost its content looks as a blank one does. */
const whyEmpty = ({ isDamaged }: PageLayers): Problem =>
  isDamaged
    ? problem(
        'page-failed',
        'Nothing is to be seen on this page: the file is damaged, and its content may be lost.',
      )
    : problem('blank', 'This page is blank.');

const notRead = (count: number): Problem =>
  problem(
    'picture-not-read',
    `${count === 1 ? 'A picture was' : `${count} pictures were`} not read: beside so much text only forced OCR reads them.`,
  );
