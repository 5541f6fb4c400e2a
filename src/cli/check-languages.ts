import { UsageError } from './command.ts';

/** Throws a UsageError for the first language of OCR that is not installed. */
export async function checkLanguages(languages: readonly string[] | undefined): Promise<void> {
  if (!languages) return;
  const { installedLanguages } = await import('../readers/ocr/languages.ts');
  const installed = installedLanguages();
  const missing = languages.find((language) => !installed.includes(language));
  if (missing === undefined) return;
  throw new UsageError(
    `The OCR language ${missing} is not installed, but ${installed.join(', ')}: \`npm install @tesseract.js-data/${missing}\` adds it.`,
  );
}
