import mammoth from 'mammoth';
import { type Problem, problem } from '../document.ts';
import type { Block } from '../text/flow-page.ts';
import { type HtmlContent, htmlBlocks } from '../text/html-blocks.ts';
import { UNCOUNTED } from './number-text.ts';
import { packAgain, type Zip } from './open-zip.ts';
import { type ReadyPart, readyForMammoth } from './ready-for-mammoth.ts';
import { relationshipsOf } from './relationships.ts';
import { numberingPart, wordNumbering } from './word-numbering.ts';
import { KEPT_SPACE } from './word-numbers.ts';
import { elementsOf, parseXml, readTextPart } from './zip-xml.ts';

export type WordBody = Pick<HtmlContent, 'blocks' | 'headings' | 'pictures'> & {
  readonly warnings: readonly Problem[];
};

/** The text of a Word document with its notes, without headers and footers. Throws when mammoth cannot open it. */
export async function wordBody(zip: Zip, main: string): Promise<WordBody | { readonly problem: Problem }> {
  const numbering = wordNumbering(zip, main);
  const ready = new Map<string, ReadyPart>();
  for (const part of [main, ...notesOf(zip, main)]) {
    const changed = readyForMammoth(readTextPart(zip, part) ?? '', numbering);
    if (changed) ready.set(part, changed);
  }
  // The numbers of paragraphs are in their text by now: mammoth would count on its own, and differently.
  const counts = numberingPart(zip, main);
  const packed = packAgain(
    zip,
    (name) => isNeeded(name) && name !== counts,
    new Map([...ready].map(([name, { xml }]) => [name, xml])),
  );
  if (!packed.ok) return packed;
  const { value, messages } = await mammoth.convertToHtml(
    { buffer: Buffer.from(packed.bytes.buffer) },
    { convertImage: NO_PICTURE },
  );
  const { blocks, headings, pictures } = htmlBlocks(value);
  const isUncounted = [...ready.values()].some(({ hasUnknownNumbers }) => hasUnknownNumbers);
  const xml = ready.get(main)?.xml ?? readTextPart(zip, main) ?? '';
  const warnings = [
    ...(isUncounted ? [problem('part-not-read', UNCOUNTED)] : []),
    ...lossesOf(
      messages.map(({ message }) => message),
      xml,
    ),
  ];
  return { blocks: blocks.map(withPlainSpaces), headings, pictures, warnings };
}

const notesOf = (zip: Zip, main: string): readonly string[] =>
  relationshipsOf(zip, main).flatMap(({ type, target }) =>
    target !== undefined && /^(foot|end)notes$/.test(type) ? [target] : [],
  );

/** The bytes of pictures are not needed to know that there is one. */
const NO_PICTURE = mammoth.images.imgElement(async () => ({ src: '' }));

const isNeeded = (name: string): boolean =>
  /\.(xml|rels)$/.test(name) &&
  !/(^|\/)(theme|media|embeddings|charts|diagrams|glossary|customXml)\/|\/(header|footer)\d*\.xml$/.test(
    name,
  );

const withPlainSpaces = (block: Block): Block =>
  block.type === 'text'
    ? { ...block, text: block.text.replace(LEADING, (spaces) => ' '.repeat(spaces.length)) }
    : block;

const LEADING = new RegExp(`^${KEPT_SPACE}+`, 'gm');

/** What mammoth says it left out, where that is text. */
function lossesOf(messages: readonly string[], xml: string): readonly Problem[] {
  const names = new Set(
    messages.flatMap((each) => /^An unrecognised element was ignored: \w+:(\w+)/.exec(each)?.[1] ?? []),
  );
  const root = names.size === 0 ? undefined : parseXml(xml);
  const hasLost = [...names].some(
    (name) => root && elementsOf(root, name).some((each) => elementsOf(each, 't').length > 0),
  );
  return [
    ...(hasLost ? [problem('part-not-read', 'A part of the text of this document was not read.')] : []),
    ...(messages.some((each) => each.startsWith('A w:sym element'))
      ? [problem('part-not-read', 'Some symbols in this document could not be read.')]
      : []),
  ];
}
