import { escapeLine } from '../terminal-text.ts';
import type { Folder } from './open-folder.ts';
import { readNames } from './read-names.ts';

const MAX_NAMES_SHOWN = 10;

/**
 * The name in a folder that was meant by one that does not exist to the byte: the other Unicode normal form (macOS
 * writes é as two characters), or a name with hidden characters as it is shown, escaped.
 */
export async function findOtherSpelling(folder: Folder, name: string): Promise<string | undefined> {
  const names = (await readNames(folder)).map((entry) => entry.name);
  return (
    names.find((other) => other.normalize('NFC') === name.normalize('NFC')) ??
    names.find((other) => escapeLine(other) === name)
  );
}

/** Says that a name does not exist, and the most similar names that do. */
export async function missingProblem(folder: Folder, name: string, kind: 'file' | 'folder'): Promise<string> {
  const missing =
    kind === 'folder' ? `does not exist: there is no folder ${escapeLine(name)}.` : 'does not exist.';
  const place = folder.path === '.' ? 'the workspace' : `${escapeLine(folder.path)}/`;
  const names = (await readNames(folder))
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => ({
      shown: escapeLine(entry.name) + (entry.isDirectory() ? '/' : ''),
      likeness: likeness(name, entry.name),
    }))
    .sort((a, b) => b.likeness - a.likeness || (a.shown < b.shown ? -1 : 1))
    .map((entry) => entry.shown);
  if (names.length === 0) return `${missing} There are no files in ${place}.`;
  const more = names.length > MAX_NAMES_SHOWN ? ` and ${names.length - MAX_NAMES_SHOWN} more` : '';
  return `${missing} In ${place} there are: ${names.slice(0, MAX_NAMES_SHOWN).join(', ')}${more}.`;
}

/** Share of letter pairs in common, 0 to 1: linear in the length of the names, unlike an edit distance. */
function likeness(one: string, other: string): number {
  const [pairs, others] = [letterPairs(one), letterPairs(other)];
  return (2 * pairs.intersection(others).size) / (pairs.size + others.size);
}

function letterPairs(name: string): Set<string> {
  const letters = ` ${name.normalize('NFC').toLowerCase()}`;
  return new Set([...letters].map((_, at) => letters.slice(at, at + 2)));
}
