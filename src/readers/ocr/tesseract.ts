import { gunzipSync } from 'node:zlib';
import Tesseract from 'tesseract.js';
import { languageData, languageFolder } from './languages.ts';

/** Tesseract in a thread of its own. One picture at a time; after a failure or an abort it is not used again. */
export type Program = {
  /** Where words seem to stand, without reading them: fast. */
  findLines(png: Uint8Array): Promise<Layout>;
  read(png: Uint8Array): Promise<Reading>;
  end(): Promise<void>;
};
export type Layout = {
  readonly lines: readonly Pick<Tesseract.Line, 'bbox' | 'words'>[];
  /** Clockwise, by which the picture has to be turned for its lines to be level. */
  readonly skewRadians: number;
};
export type Reading = {
  readonly blocks: readonly Tesseract.Block[];
  /** 0 to 100. */
  readonly confidence: number;
};

/** Rejects when Tesseract cannot start. The languages have to be installed. */
export async function startTesseract(languages: readonly string[]): Promise<Program> {
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => undefined);
  const worker = await Promise.race([createWorker(languages, fault.reject), fault.promise]);
  // A job that fails is told twice, by this and by its own promise; one whose thread ends, by this alone.
  const thread = threadOf(worker);
  thread.on('error', fault.reject).on('exit', () => fault.reject(new Error('the OCR program ended')));
  const recognize = async (png: Uint8Array, options: object, output: object) => {
    // A string would be opened as a path or fetched as a URL: only bytes are ever given.
    const job = worker.recognize(Buffer.from(png), options, output);
    return (await Promise.race([job, fault.promise])).data;
  };
  return {
    findLines: async (png) => {
      const found: LayoutResult = await recognize(png, { rotateAuto: true }, LAYOUT_OUTPUT);
      const blocks = found.layoutBlocks ?? [];
      const lines = blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
      return { lines, skewRadians: found.rotateRadians ?? 0 };
    },
    read: async (png) => {
      const { blocks, confidence } = await recognize(png, {}, { text: false, blocks: true });
      return { blocks: blocks ?? [], confidence };
    },
    end: async () => {
      await thread.terminate();
    },
  };
}

const LAYOUT_OUTPUT = { text: false, blocks: false, layoutBlocks: true };
type LayoutResult = Tesseract.Page & { readonly layoutBlocks?: Tesseract.Block[] | null };

async function createWorker(
  languages: readonly string[],
  onError: (error: unknown) => void,
): Promise<Tesseract.Worker> {
  const [first = 'eng', ...rest] = languages;
  const loaded = [first];
  const worker = await Tesseract.createWorker(loaded, Tesseract.OEM.LSTM_ONLY, {
    // Without it the data comes from a CDN.
    langPath: languageFolder(first) ?? '',
    gzip: true,
    // Else the working directory's eng.traineddata is used, and written.
    cacheMethod: 'none',
    // Without it a picture that cannot be read ends the process.
    errorHandler: (error: unknown) => onError(new Error(String(error))),
  });
  await addLanguages(worker, loaded, rest);
  // Columns in their order, and no notes about the picture on the terminal.
  await worker.setParameters({ tessedit_pageseg_mode: Tesseract.PSM.AUTO, debug_file: '/dev/null' });
  return worker;
}

/** Tesseract.js takes all languages from one folder, and each npm package has its own: the others are put into the
 * program's memory. It asks its list of what is loaded, which is the array that it was given. */
async function addLanguages(
  worker: Tesseract.Worker,
  loaded: string[],
  more: readonly string[],
): Promise<void> {
  if (more.length === 0) return;
  for (const code of more) {
    await worker.FS('writeFile', [`${code}.traineddata`, new Uint8Array(gunzipSync(languageData(code)))]);
    loaded.push(code);
  }
  await worker.reinitialize(loaded.join('+'), Tesseract.OEM.LSTM_ONLY);
}

const threadOf = (worker: Tesseract.Worker) =>
  (worker as unknown as { readonly worker: import('node:worker_threads').Worker }).worker;
