import { type Problem, problem } from '../document.ts';
import type { Raster, Recognize, Recognized } from '../reader.ts';
import { missingLanguage } from './languages.ts';
import { readPicture } from './read-picture.ts';
import { type Program, startTesseract } from './tesseract.ts';

export { installedLanguages } from './languages.ts';

export type OcrOptions = {
  /** Codes of Tesseract, such as `eng`; the first counts most. */
  readonly languages: readonly string[];
  /** Called each time that the OCR program is started: it takes about a second and 300 MB. */
  readonly onStart?: () => void;
};

export type Ocr = {
  /** One picture after the other. Rejects with the signal's reason when it is aborted, never else. */
  readonly recognize: Recognize;
  /** Ends the program. It is started again by the next picture. */
  end(): Promise<void>;
};

/** OCR by Tesseract, in a thread of its own that starts with the first picture and is kept. Uses no network. */
export function createOcr({ languages, onStart }: OcrOptions): Ocr {
  let running: Promise<Program> | undefined;
  let lastPicture: Promise<unknown> = Promise.resolve();

  const end = async () => {
    const program = await running?.catch(() => undefined);
    running = undefined;
    await program?.end();
  };

  const read = async (raster: Raster, signal: AbortSignal | undefined): Promise<Recognized> => {
    signal?.throwIfAborted();
    const missing = missingLanguage(languages);
    // Tesseract.js would wait for a language that is missing for ever.
    if (missing) return { ok: false, problem: missing };
    if (!running) onStart?.();
    running ??= startTesseract(languages);
    try {
      return await untilAborted(
        running.then((program) => readPicture(program, raster)),
        signal,
      );
    } catch {
      // Neither an aborted job nor one that failed lets go of the program.
      await end();
      signal?.throwIfAborted();
      return { ok: false, problem: FAILED };
    }
  };

  return {
    recognize: (raster, signal) => {
      const picture = lastPicture.then(() => read(raster, signal));
      lastPicture = picture.catch(() => undefined);
      return picture;
    },
    end,
  };
}

const FAILED: Problem = problem(
  'ocr-failed',
  'The words in this picture could not be read: the OCR program failed.',
);

/** A job of a program that was ended never settles. */
async function untilAborted<T>(job: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([job, aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
