/** What was found, in words. Whatever a passage says stays between quotation marks, on one line, escaped. */
import type { FileSource } from '../messages.ts';
import { escapeLine } from '../terminal-text.ts';
import type { Fact } from '../tool/fact-store.ts';
import type { Passage } from './recall-hit.ts';

/** So many names of files are said. */
const MOST_NAMES = 3;

/** Text or a name, so that it cannot end its quotation marks or its line. */
export const quote = (text: string): string =>
  `"${escapeLine(text.trim().replaceAll(/\s+/g, ' ').replaceAll(/["\\]/g, '\\$&'))}"`;

/** Whose words a passage has: `the user`, `agent desk`, `document "letters/a.txt", page 2`; of a fact that was taken from
 * a document, `agent desk, from document "letters/a.txt"`. */
export function sayWhose({ by, agent, sources = [], page }: Speaker): string {
  const files = `${sayFiles(sources)}${page === undefined ? '' : `, page ${page}`}`;
  if (by === 'document') return files;
  const who = by === 'user' ? 'the user' : agent === undefined ? 'an agent' : `agent ${escapeLine(agent)}`;
  return sources.length === 0 ? who : `${who}, from ${files}`;
}

type Speaker = Pick<Passage, 'by' | 'agent' | 'sources' | 'page'>;

/** Of a fact. */
export function speakerOfFact({ by, source = {} }: Pick<Fact, 'by' | 'source'>): Speaker {
  const { agent, path, sha256 = '', page } = source;
  return {
    by,
    ...(agent !== undefined && { agent }),
    ...(path !== undefined && { sources: [{ path, sha256 }] }),
    ...(page !== undefined && { page }),
  };
}

/** The day of a time, as far as it is one. */
export const dayOf = (at: string): string => escapeLine(at.slice(0, 10));

function sayFiles(sources: readonly FileSource[]): string {
  const names = sources.map(({ path }) => quote(path));
  if (names.length <= 1) return `document ${names[0] ?? 'without a name'}`;
  const more = names.length - MOST_NAMES;
  const others = more > 0 ? ` and ${more} more` : '';
  return `one of the documents ${names.slice(0, MOST_NAMES).join(', ')}${others}`;
}
