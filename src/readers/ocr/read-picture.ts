import { type Problem, problem } from '../document.ts';
import type { Raster, Recognized } from '../reader.ts';
import { isSideways, probingScale, readingScale } from './line-shape.ts';
import { type RecognizedText, toRecognizedText } from './recognized-text.ts';
import type { Layout, Program } from './tesseract.ts';
import { type GreyPicture, hasInk, toGrey, turnPicture } from './turned-picture.ts';

type Quarter = 0 | 90 | 180 | 270;

/** Reads a picture's words: as it stands, or else turned by quarters. Rejects when Tesseract fails. */
export async function readPicture(program: Program, raster: Raster): Promise<Recognized> {
  const picture = await toGrey(raster, MOST_PIXELS);
  if (!hasInk(picture)) return { ok: false, problem: BLANK };
  const layout = await findLines(program, picture, 0);
  if (layout.lines.length === 0) return { ok: false, problem: NO_WORDS };
  const pointsPerPixel = (raster.pointsPerPixel * raster.width) / picture.width;
  const asGiven = isSideways(layout)
    ? undefined
    : await readTurned(program, picture, { rotation: 0, pointsPerPixel, layout });
  if (asGiven && asGiven.confidence >= SURE) return recognized(asGiven, 0);
  const rotation = await probeRotations(program, picture, { layout, asGiven });
  if (rotation === 0 && asGiven) return recognized(asGiven, 0);
  return recognized(await readTurned(program, picture, { rotation, pointsPerPixel }), rotation);
}

/** A page of 9 million pixels is A4 at 300 dpi. */
const MOST_PIXELS = 9_000_000;
/** From here on nothing else is tried: a page that stands on its head has 25 to 45. */
const SURE = 70;
/** Below it, words are wrong more often than right. */
const LEAST = 60;

const BLANK: Problem = problem('blank', 'This picture is blank.');
const NO_WORDS: Problem = problem('ocr-unsure', 'No words were found in this picture.');

function recognized(
  { text, spans, confidence, droppedWords }: RecognizedText,
  rotation: Quarter,
): Recognized {
  if (spans.length === 0 || confidence < LEAST) {
    const sentence = 'The words in this picture could not be read reliably; none of them are given.';
    return { ok: false, problem: problem('ocr-unsure', sentence) };
  }
  const sentence =
    'Parts of this picture look like words that could not be read reliably; they are left out.';
  const warnings = droppedWords > 0 ? [problem('ocr-unsure', sentence)] : [];
  return { ok: true, text, spans, confidence, rotation, warnings };
}

type TurnedReading = {
  readonly rotation: Quarter;
  readonly pointsPerPixel: number;
  /** Of the picture so turned, where it is known. */
  readonly layout?: Layout;
};

async function readTurned(
  program: Program,
  picture: GreyPicture,
  { rotation, pointsPerPixel, layout: known }: TurnedReading,
): Promise<RecognizedText> {
  const layout = known ?? (await findLines(program, picture, rotation));
  const turned = await turnPicture(picture, {
    degrees: rotation + (layout.skewRadians * 180) / Math.PI,
    scale: readingScale(layout, picture),
  });
  return toRecognizedText(await program.read(turned.png), (box) => {
    const [x0, y0, x1, y1] = turned.toOriginal(box);
    const toPoints = (pixels: number) => pixels * pointsPerPixel;
    return [toPoints(x0), toPoints(y0), toPoints(x1), toPoints(y1)];
  });
}

type Seen = { readonly layout: Layout; readonly asGiven: RecognizedText | undefined };

/** Which way up the words are, tried on a small picture. */
async function probeRotations(
  program: Program,
  picture: GreyPicture,
  { layout, asGiven }: Seen,
): Promise<Quarter> {
  // Tesseract reads some pages that lie on their side as they are, and loses how they lie: these are tried turned first.
  const order: readonly Quarter[] = asGiven ? [180, 90, 270] : [90, 270, 0, 180];
  const scale = probingScale(layout);
  let best: { rotation: Quarter; confidence: number } = { rotation: 0, confidence: asGiven?.confidence ?? 0 };
  for (const rotation of order) {
    const { png } = await turnPicture(picture, { degrees: rotation, scale });
    const { confidence } = await program.read(png);
    if (confidence >= SURE) return rotation;
    if (confidence > best.confidence) best = { rotation, confidence };
  }
  return best.rotation;
}

async function findLines(program: Program, picture: GreyPicture, rotation: Quarter): Promise<Layout> {
  const { png } = await turnPicture(picture, { degrees: rotation, scale: 1 });
  return program.findLines(png);
}
