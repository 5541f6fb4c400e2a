import { type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { officeMetadata } from './office-metadata.ts';
import { openZip, type Zip } from './open-zip.ts';
import { mainPart, relationshipsOf } from './relationships.ts';
import { slidePage } from './slide-page.ts';
import { type attribute, elementsOf, readXmlPart } from './zip-xml.ts';

/** A PowerPoint presentation: each slide a page, its notes below its text. */
export async function* readPptx(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const opened = openZip(bytes, job.limits);
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  const { zip } = opened;
  const slides = slideParts(zip);
  if (!slides) {
    yield { type: 'refused', problem: problem('damaged', DAMAGED) };
    return;
  }
  yield { type: 'start', pageCount: slides.length, metadata: officeMetadata(zip) };
  for (const [index, part] of slides.slice(0, job.limits.pages).entries()) {
    if (isWanted(index + 1, job.options.pages)) yield { type: 'page', page: slidePage(zip, part, index + 1) };
  }
  if (slides.length > job.limits.pages) yield { type: 'limit', problem: tooMany(job.limits.pages) };
}

const DAMAGED = 'This PowerPoint presentation is damaged and could not be opened. Download or copy it again.';

const tooMany = (pages: number): Problem =>
  problem('too-many-pages', `Only the first ${pages} slides were read.`);

/** In the order of the presentation, which is not that of their numbers. */
function slideParts(zip: Zip): readonly string[] | undefined {
  const main = mainPart(zip, 'ppt/presentation.xml');
  const root = readXmlPart(zip, main);
  if (!root) return undefined;
  const parts = new Map(relationshipsOf(zip, main).map(({ id, target }) => [id, target]));
  return elementsOf(root, 'sldId').map((slide) => parts.get(relationshipId(slide)) ?? '');
}

/** `r:id` beside an `id` of its own. */
const relationshipId = (slide: Parameters<typeof attribute>[0]): string =>
  Array.from(slide.attributes).find(({ name }) => /:id$/.test(name))?.value ?? '';
