import { type Problem, problem } from '../document.ts';
import type { Limits } from '../limits.ts';
import { libraryFolder, type PDFDocumentProxy, pdfjs } from './pdf-library.ts';
import { collectWarnings } from './pdf-warnings.ts';

export type OpenPdfOptions = {
  readonly password?: string | undefined;
  /** Text and drawing want different fonts: a document that was opened for the one is wrong for the other. */
  readonly purpose: 'text' | 'drawing';
  readonly limits: Pick<Limits, 'picturePixels'>;
};
export type OpenPdf = {
  readonly ok: true;
  readonly pdf: PDFDocumentProxy;
  /** What pdf.js found wrong until now, each once. */
  warnings(): readonly string[];
  /** Those since it was last called. */
  takeWarnings(): readonly string[];
  /** May be called twice. */
  close(): Promise<void>;
};

/** The bytes are copied: the caller keeps his. */
export async function openPdf(
  bytes: Uint8Array,
  options: OpenPdfOptions,
): Promise<OpenPdf | { readonly ok: false; readonly problem: Problem }> {
  if (bytes.length === 0) return { ok: false, problem: problem('empty', 'This file is empty.') };
  const warnings = collectWarnings();
  // pdf.js takes the array away, and refuses a Buffer.
  const task = pdfjs.getDocument({ ...pdfOptions(options), data: new Uint8Array(bytes) });
  const close = async () => {
    await task.destroy().catch(() => undefined);
    warnings.stop();
  };
  try {
    const pdf = await task.promise;
    return { ok: true, pdf, warnings: () => [...warnings.seen], takeWarnings: warnings.take, close };
  } catch (error) {
    await close();
    // A file that needs none refuses a wrong one, such as that of the file before it.
    const open = isWrongPassword(error)
      ? await openPdf(bytes, { ...options, password: undefined })
      : undefined;
    return open?.ok ? open : { ok: false, problem: whyNotOpened(error, bytes) };
  }
}

/** What `getDocument` is given, but for the data. */
export function pdfOptions({ password, purpose, limits }: OpenPdfOptions) {
  return {
    ...(password ? { password } : {}),
    // Without them Chinese, Japanese and Korean text is lost in silence.
    cMapUrl: libraryFolder('cmaps'),
    cMapPacked: true,
    wasmUrl: libraryFolder('wasm'),
    iccUrl: libraryFolder('iccs'),
    standardFontDataUrl: libraryFolder('standard_fonts'),
    // Without it the letters of fonts that are not embedded are wrong; with it they are drawn in whatever is installed.
    useSystemFonts: purpose === 'text',
    // Without it a form of Adobe LiveCycle is one page that says "Please wait".
    enableXfa: true,
    maxImageSize: limits.picturePixels,
    stopAtErrors: false,
    // Else a font does not tell its name.
    fontExtraProperties: purpose === 'text',
    verbosity: pdfjs.VerbosityLevel.WARNINGS,
  };
}

const isWrongPassword = (error: unknown): boolean =>
  error instanceof pdfjs.PasswordException && error.code === pdfjs.PasswordResponses.INCORRECT_PASSWORD;

function whyNotOpened(error: unknown, bytes: Uint8Array): Problem {
  if (error instanceof pdfjs.PasswordException) {
    return isWrongPassword(error)
      ? problem('password-wrong', 'This PDF is protected, and the password is wrong.')
      : problem('password-needed', 'This PDF is protected: it needs a password.');
  }
  return hasEnd(bytes)
    ? problem('damaged', 'This PDF is damaged and could not be opened. Get it again from where it came from.')
    : problem('cut-off', 'This PDF is cut off: its end is missing. Download or copy it again.');
}

/** pdf.js had to look for the file's parts, since the table that says where they are is missing or wrong. */
export const isRebuilt = (opened: OpenPdf): boolean =>
  opened.warnings().some((message) => message.includes('Indexing all PDF objects'));

/** A whole PDF has its end mark in its last KB. */
export function hasEnd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(-1024)).includes('%%EOF');
}
