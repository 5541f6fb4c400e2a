import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findFiles } from '../../readers/find-files.ts';
import { isUnfinished } from './find-documents.ts';
import { looksOf } from './hash-file.ts';
import { filesBeingWritten } from './open-files.ts';

export type WatchOptions = {
  /** Files and folders. */
  readonly inputs: readonly string[];
  /** Folders that are not looked into, absolute. */
  readonly except: readonly string[];
  /** Files that are no documents. Default: none. */
  readonly isLeftOut?: (path: string) => boolean;
  /** Milliseconds from look to look. Default: 1000. */
  readonly everyMs?: number;
  /** Ends the watch at once: rejects with its reason. */
  readonly signal: AbortSignal;
  /** Ends the watch: no other file comes. */
  readonly finish: AbortSignal;
  /** What is not looked at, and why: once each. */
  readonly onProblem?: (path: string, sentence: string) => void;
};

export const DEFAULT_EVERY_MS = 1000;
/** So many of these long a file has to be at rest: copies over a network make pauses of seconds. */
const QUIET_LOOKS = 5;

/**
 * The absolute paths of files as they arrive, those that are there already first; a file that changes comes again.
 *
 * A file has arrived when looks found it the same in size, times of change and identity for five seconds (five times
 * `everyMs`), nobody is known to have it open for writing, and it has no name of an unfinished download. Its time is not held against the clock: those
 * of network folders differ.
 */
export async function* watchFiles(options: WatchOptions): AsyncGenerator<string> {
  const { inputs, except, everyMs = DEFAULT_EVERY_MS, signal, finish } = options;
  const { isLeftOut = () => false, onProblem = () => {} } = options;
  const taken = new Map<string, string>();
  const told = new Set<string>();
  let before = new Map<string, Rest>();
  const stop = AbortSignal.any([signal, finish]);
  while (!finish.aborted) {
    const { files, problems } = await findFiles(inputs, signal, { except });
    for (const { path, sentence } of problems) {
      if (!told.has(path)) onProblem(path, sentence);
      told.add(path);
    }
    const now = new Map<string, Rest>();
    for (const { path } of files) {
      const looks = isUnfinished(path) || isLeftOut(path) ? undefined : await looksOf(path);
      if (looks === undefined) continue;
      const known = before.get(resolve(path));
      const since = known?.looks === looks ? known.since : performance.now();
      now.set(resolve(path), { looks, since });
    }
    const isQuiet = ({ since }: Rest) => performance.now() - since >= QUIET_LOOKS * everyMs;
    const quiet = [...now].filter(([path, rest]) => isQuiet(rest) && taken.get(path) !== rest.looks);
    const written = quiet.length > 0 ? filesBeingWritten() : new Set();
    for (const [path, { looks }] of quiet) {
      if (finish.aborted) return;
      if (written.has(await realpath(path).catch(() => path))) continue;
      // Other files may have been worked on since the look.
      if ((await looksOf(path)) !== looks) continue;
      taken.set(path, looks);
      yield path;
    }
    for (const path of taken.keys()) if (!now.has(path)) taken.delete(path);
    before = now;
    await setTimeout(everyMs, undefined, { signal: stop }).catch(() => signal.throwIfAborted());
  }
}

/** How a file that is at rest looks, and since when: by the clock of this program. */
type Rest = { readonly looks: string; readonly since: number };
