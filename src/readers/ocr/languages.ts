import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Problem, problem } from '../document.ts';

/** Codes of the languages whose data is installed, such as `eng`, in alphabetical order. */
export function installedLanguages(): readonly string[] {
  const codes = packageFolders().flatMap(readNames);
  return [...new Set(codes)].filter((code) => languageFolder(code) !== undefined).sort();
}

/** Says which package to install, where a language has no data. */
export function missingLanguage(languages: readonly string[]): Problem | undefined {
  const missing = languages.filter((code) => languageFolder(code) === undefined);
  const [first] = missing;
  if (languages.length === 0) return problem('ocr-language', 'No language was given for reading pictures.');
  if (first === undefined) return undefined;
  if (!CODE.test(first)) {
    return problem('ocr-language', 'A language is written as its code of three letters, such as eng or deu.');
  }
  const packages = missing.filter((code) => CODE.test(code)).map((code) => `${SCOPE}/${code}`);
  const sentence = `Pictures cannot be read in ${missing.join(', ')}: install it with "npm install ${packages.join(' ')}".`;
  return problem('ocr-language', sentence);
}

/** The folder that holds `<code>.traineddata.gz`, or undefined where it is not installed. */
export function languageFolder(code: string): string | undefined {
  if (!CODE.test(code)) return undefined;
  return packageFolders()
    .flatMap((folder) => VARIANTS.map((variant) => join(folder, code, variant)))
    .find((folder) => existsSync(join(folder, fileOf(code))));
}

/** Packed as it is in its package. */
export const languageData = (code: string): Uint8Array =>
  readFileSync(join(languageFolder(code) ?? '', fileOf(code)));

const SCOPE = '@tesseract.js-data';
const CODE = /^[a-z]{3}(_[a-z]+)*$/i;
const fileOf = (code: string): string => `${code}.traineddata.gz`;
/** The first is a quarter of the second's size and reads as well (facts). */
const VARIANTS = ['4.0.0_best_int', '4.0.0'];

/** Where Node would look for the packages from Sotto's own place, and from the folder that it was started in. */
function packageFolders(): readonly string[] {
  const places = [import.meta.url, join(process.cwd(), 'any.js')];
  const folders = places.flatMap((place) => createRequire(place).resolve.paths(SCOPE) ?? []);
  return [...new Set(folders)].map((folder) => join(folder, SCOPE));
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
