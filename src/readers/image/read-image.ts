import { type Page, type Problem, problem, unreadPage } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, Raster, ReadJob } from '../reader.ts';
import { type DrawnImage, drawImage } from './draw-image.ts';
import { readPhotoFacts } from './photo-facts.ts';
import { openPictureFile, type PictureFile, whyNotRead } from './picture-file.ts';

/** Reads PNG, JPEG, WebP, GIF (its first frame), TIFF (every page), AVIF and HEIC: their words by OCR. */
export async function* readImage(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const file = await openPictureFile(bytes, job.limits.picturePixels);
  if ('problem' in file) {
    yield { type: 'refused', problem: file.problem };
    return;
  }
  const { exif, pageCount } = file;
  const first = pageCount === 1 ? await draw(file, 1, job) : undefined;
  if (first && 'code' in first) {
    yield { type: 'refused', problem: first };
    return;
  }
  const metadata = exif ? readPhotoFacts(exif, job.options.gps) : {};
  yield { type: 'start', pageCount, metadata };
  for (const warning of warningsOf(file, first)) yield { type: 'warning', problem: warning };
  yield* readPages(file, first, job);
}

async function* readPages(
  file: PictureFile,
  first: DrawnImage | undefined,
  job: ReadJob,
): AsyncGenerator<Part> {
  const { limits, options } = job;
  let [read, milliseconds] = [0, 0];
  for (let page = 1; page <= file.pageCount; page++) {
    job.signal.throwIfAborted();
    if (!isWanted(page, options.pages)) continue;
    const limit = limitReached({ page, read, milliseconds }, limits);
    if (limit) {
      yield { type: 'limit', problem: limit };
      return;
    }
    const raster = first ?? (await draw(file, page, job));
    const started = performance.now();
    yield {
      type: 'page',
      page: 'code' in raster ? unread(page, raster) : await readRaster(raster, page, job),
    };
    if (options.ocr === 'off') continue;
    read += 1;
    milliseconds += performance.now() - started;
  }
}

type Progress = { readonly page: number; readonly read: number; readonly milliseconds: number };

function limitReached(
  { page, read, milliseconds }: Progress,
  limits: ReadJob['limits'],
): Problem | undefined {
  if (page > limits.pages) {
    return problem('too-many-pages', `Only the first ${limits.pages} pages were looked at.`);
  }
  if (read >= limits.ocrPages || milliseconds >= limits.ocrMs) {
    const sentence = `The words of ${read} pages were read from their pictures, which is as many as are read at a time. Ask for the pages from ${page} on to read more.`;
    return problem('too-much-ocr', sentence);
  }
  return undefined;
}

const draw = async (file: PictureFile, page: number, { limits }: ReadJob): Promise<DrawnImage | Problem> => {
  try {
    return await drawImage(file, { page, maxPixels: limits.renderPixels, isGrey: true });
  } catch (error) {
    return whyNotRead(error, limits.picturePixels);
  }
};

async function readRaster(raster: Raster, number: number, job: ReadJob): Promise<Page> {
  const { width, height, pointsPerPixel } = raster;
  const page = unreadPage(number, []);
  const size = [width * pointsPerPixel, height * pointsPerPixel] as const;
  const picture = { box: [0, 0, ...size] as const, width, height, read: false };
  if (job.options.ocr === 'off') {
    return { ...page, size, pictures: [picture], warnings: [OCR_OFF] };
  }
  const result = await job.recognize(raster, job.signal);
  if (!result.ok) {
    const isBlank = result.problem.code === 'blank';
    return { ...page, size, pictures: [{ ...picture, read: isBlank }], warnings: [result.problem] };
  }
  const { text, spans, confidence, warnings } = result;
  return {
    ...page,
    size,
    text,
    spans,
    confidence,
    warnings,
    pictures: [{ ...picture, read: true }],
    via: 'ocr',
  };
}

const OCR_OFF = problem(
  'ocr-off',
  'This is a picture. Its words were not read, since reading pictures is turned off.',
);

const unread = (number: number, why: Problem): Page =>
  unreadPage(number, [
    problem('page-failed', `Page ${number} could not be read: ${lowerFirst(why.sentence)}`),
  ]);

const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

function warningsOf(
  { isCutOff, frameCount }: PictureFile,
  first: DrawnImage | undefined,
): readonly Problem[] {
  const warnings: Problem[] = [];
  if (isCutOff) warnings.push(problem('recovered', CUT_OFF));
  else if (first?.isRecovered) warnings.push(problem('recovered', DAMAGED));
  if (frameCount > 1) {
    warnings.push(
      problem('animation', `This is an animation of ${frameCount} pictures; only the first was read.`),
    );
  }
  return warnings;
}

const CUT_OFF = 'This picture is cut off: its end is missing. What is left of it was read.';
const DAMAGED =
  'This picture is damaged. What could be opened of it was read; parts may be missing or wrong.';
