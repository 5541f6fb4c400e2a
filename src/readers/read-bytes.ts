import { firstLine, LETTERS_OF_FAILURE } from '../errors.ts';
import { detectKind } from './detect-kind.ts';
import { type Kind, problem } from './document.ts';
import type { Part, ReadFormat, ReadJob } from './reader.ts';

/** A format's libraries are loaded when the first file of it comes. */
const READERS: Readonly<Record<Kind, () => Promise<ReadFormat>>> = {
  pdf: async () => (await import('./pdf/read-pdf.ts')).readPdf,
  png: readImage,
  jpeg: readImage,
  webp: readImage,
  gif: readImage,
  tiff: readImage,
  avif: readImage,
  heic: readImage,
  docx: async () => (await import('./office/read-docx.ts')).readDocx,
  xlsx: async () => (await import('./office/read-xlsx.ts')).readXlsx,
  pptx: async () => (await import('./office/read-pptx.ts')).readPptx,
  odt: async () => (await import('./office/read-odt.ts')).readOdt,
  epub: async () => (await import('./office/read-epub.ts')).readEpub,
  csv: async () => (await import('./text/read-csv.ts')).readCsv,
  tsv: async () => (await import('./text/read-csv.ts')).readCsv,
  html: async () => (await import('./text/read-html.ts')).readHtml,
  eml: async () => (await import('./text/read-eml.ts')).readEml,
  json: async () => (await import('./text/read-json.ts')).readJson,
  xml: async () => (await import('./text/read-xml.ts')).readXml,
  markdown: async () => (await import('./text/read-text.ts')).readText,
  text: async () => (await import('./text/read-text.ts')).readText,
};

async function readImage(): Promise<ReadFormat> {
  return (await import('./image/read-image.ts')).readImage;
}

/**
 * Reads a file of any kind. What a reader throws ends here: as `refused` when nothing came before it, else as a
 * `limit`. `onKind` is told the kind before the first part.
 */
export async function* readBytes(
  bytes: Uint8Array,
  job: ReadJob,
  onKind: (kind: Kind) => void = () => {},
): AsyncGenerator<Part> {
  let started = false;
  try {
    const detected = detectKind(bytes, job.options.name);
    if ('problem' in detected) {
      yield { type: 'refused', problem: detected.problem };
      return;
    }
    onKind(detected.kind);
    for (const warning of detected.warnings) yield { type: 'warning', problem: warning };
    const read = await READERS[detected.kind]();
    for await (const part of read(bytes, job)) {
      started ||= part.type === 'start';
      yield part;
    }
  } catch (error) {
    const failed = problem(
      'reader-failed',
      `This file could not be read${started ? ' to its end' : ''}: its reader failed (${firstLine(error, LETTERS_OF_FAILURE)}).`,
    );
    yield { type: started ? 'limit' : 'refused', problem: failed };
  }
}
