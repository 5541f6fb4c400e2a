import { join } from 'node:path';
import { JournalError } from '../errors.ts';

/** Of a run or a thread, since it is part of a file's name. */
const ID = /^[A-Za-z0-9._-]{1,100}$/;
const END = '.jsonl';
/** How the name of a damaged file goes on that was put aside. */
const ASIDE = /\.damaged-\d{4}-\d\d-\d\dT[\d-]+Z(-\d+)?\.jsonl?$/;

/** Of a file that was not written to its end. */
const PART = /\.[0-9a-f]+\.part$/;

/** No name of a file that was put aside is one: it would be deleted with another. */
export const isId = (text: string): boolean => ID.test(text) && !ASIDE.test(`${text}${END}`);

/** Throws `JournalError` where that is no name of a run. */
export function journalPath(home: string, runId: string): string {
  const path = join(home, 'runs', `${runId}${END}`);
  if (!isId(runId)) throw new JournalError({ path, problem: 'is not a run. `sotto runs` lists the runs.' });
  return path;
}

/** The ids that the files of a folder are named for, sorted; what was put aside is none of them. */
export const runNamesIn = (files: readonly string[]): readonly string[] =>
  files
    .filter((name) => name.endsWith(END) && !ASIDE.test(name))
    .map((name) => name.slice(0, -END.length))
    .filter(isId)
    .sort();

/** Where a damaged journal is kept: no colons, Windows has none in names. */
export const asidePath = (path: string, now = new Date()): string =>
  `${path.slice(0, -END.length)}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}${END}`;

/** Those of the files that were put aside of this run or thread. */
export const asideNames = (files: readonly string[], id: string): readonly string[] =>
  files.filter((name) => isAside(name, id));

/** Those that are left of it when its own files are gone: what was put aside, and what killed writers left. */
export const leftNames = (files: readonly string[], id: string): readonly string[] =>
  files.filter((name) => {
    const whole = name.replace(PART, '');
    return isAside(whole, id) || (whole !== name && (whole === `${id}${END}` || whole === `${id}.json`));
  });

const isAside = (name: string, id: string): boolean => ASIDE.test(name) && name.replace(ASIDE, '') === id;
