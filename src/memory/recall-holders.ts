/** Where words still stand that are to be forgotten. */
import { join } from 'node:path';
import { SottoError, VaultError } from '../errors.ts';
import { readWhole } from './durable-file.ts';
import { journalPath } from './journal-path.ts';
import { readEntries } from './journal-read.ts';
import { asideFiles } from './put-aside.ts';
import { type FindPassage, passageFinder, textsOf } from './recall-match.ts';
import { decodeLine, parseObject, splitLines } from './sealed-lines.ts';
import { startOf } from './thread-fold.ts';
import { filesIn, runFiles } from './thread-scan.ts';
import { listThreads } from './thread-summaries.ts';
import { vaultOf } from './vault.ts';

/** A run that holds words. */
export type Holder = {
  readonly runId: string;
  /** Nothing where its journal does not tell any more. */
  readonly threadId?: string;
  /** The first that has them, as it stands there. */
  readonly passage: string;
};

export type HeldFile = {
  readonly path: string;
  /** Nothing where the file cannot be read, and so may have the words. */
  readonly passage?: string;
};

export type Holders = {
  readonly runs: readonly Holder[];
  /** Other files: damaged ones that were put aside, those of earlier, of writers that were killed, and what was typed in the
   * chat. */
  readonly files: readonly HeldFile[];
  /** Extraction jobs, which are deleted by themselves. */
  readonly jobs: readonly { readonly jobId: string; readonly passage: string }[];
};

/** The name of a file of a run or a thread: its id, whether it was put aside, its kind, whether a killed writer left it. */
const NAME = /^(.+?)(\.damaged-[^.]*)?\.(jsonl?)(\.[0-9a-f]{12}\.part)?$/;
const PART = /^(facts(\.previous)?\.json|chat-history)\..*\.part$/;

/**
 * The runs, files and jobs that have the words of a text: as they stand, or all of them in one passage, whoever said them and
 * wherever, thoughts and calls too, behind a damage too. What cannot be read is told; a file that was put aside and cannot be
 * read is listed, since it may have them. Throws `VaultError` where the folder is locked.
 */
export async function findHolders(
  home: string,
  text: string,
  tell: (sentence: string) => void,
): Promise<Holders> {
  const find = passageFinder(text);
  const threads = await listThreads(home);
  const threadOf = new Map(
    threads.flatMap(({ threadId, runs }) => runs.map(({ runId }) => [runId, threadId])),
  );
  const passages = new Map<string, string>();
  const add = (runId: string, passage: string | undefined) => {
    if (passage !== undefined && !passages.has(runId)) passages.set(runId, passage);
  };
  const journals = runFiles(home);
  for (const runId of journals) add(runId, lookInRun(home, runId, { find, threadOf, tell }));
  for (const { runs } of threads) for (const { runId, task = '' } of runs) add(runId, find(task));
  const files: HeldFile[] = [];
  for (const { id: runId, path } of asideIn(join(home, 'runs'))) {
    const found = lookInFile(home, path, find);
    const isKnown = journals.includes(runId) || threadOf.has(runId);
    if (found?.passage !== undefined && isKnown) add(runId, found.passage);
    else if (found) files.push({ path, ...found });
  }
  const runs = [...passages].map(([runId, passage]): Holder => {
    const threadId = threadOf.get(runId);
    return { runId, ...(threadId !== undefined && { threadId }), passage };
  });
  // Those of a thread that goes in whole go with it.
  const held = new Set(runs.map(({ threadId }) => threadId));
  const others = [
    ...asideIn(join(home, 'threads')).flatMap(({ id, path }) => (held.has(id) ? [] : [path])),
    ...asideFiles(join(home, 'facts.json')),
    ...filesIn(home).flatMap((name) =>
      name === 'chat-history' || PART.test(name) ? [join(home, name)] : [],
    ),
  ];
  for (const path of others) {
    const found = lookInFile(home, path, find);
    if (found) files.push({ path, ...found });
  }
  return { runs, files, jobs: lookInJobs(home, find) };
}

type RunOptions = {
  readonly find: FindPassage;
  readonly threadOf: Map<string, string>;
  readonly tell: (sentence: string) => void;
};

function lookInRun(home: string, runId: string, { find, threadOf, tell }: RunOptions): string | undefined {
  const path = journalPath(home, runId);
  try {
    const { entries, problem } = readEntries(home, runId);
    if (problem !== undefined) tell(problem);
    const threadId = startOf(entries)?.threadId;
    if (threadId !== undefined) threadOf.set(runId, threadId);
    const passage = firstOf(textsOf(entries), find);
    if (passage !== undefined || countLines(path) === entries.length) return passage;
  } catch (error) {
    if (!(error instanceof SottoError) || error instanceof VaultError) throw error;
    tell(error.message);
  }
  // There are lines behind a damage, or some that a crash cut off.
  return lookInFile(home, path, find)?.passage;
}

const countLines = (path: string): number => splitLines(readWhole(path) ?? Buffer.alloc(0)).toArray().length;

function firstOf(texts: readonly string[], find: FindPassage): string | undefined {
  for (const text of texts) {
    const passage = find(text);
    if (passage !== undefined) return passage;
  }
  return undefined;
}

/** All files of runs or threads in a folder but journals and lists themselves. */
const asideIn = (folder: string): readonly { readonly id: string; readonly path: string }[] =>
  filesIn(folder).flatMap((name) => {
    const [, id, aside, kind, part] = NAME.exec(name) ?? [];
    if (id === undefined || (kind === 'jsonl' && aside === undefined && part === undefined)) return [];
    return [{ id, path: join(folder, name) }];
  });

/** By its lines, where those are encrypted one by one, else as a whole. Without a passage where nothing can be read. */
function lookInFile(
  home: string,
  path: string,
  find: FindPassage,
  areKeysSaid = false,
): Pick<HeldFile, 'passage'> | undefined {
  try {
    const vault = vaultOf(home);
    const bytes = readWhole(path) ?? Buffer.alloc(0);
    if (bytes.length === 0) return undefined;
    const whole = attempt(() => decodeLine(vault.openFile(bytes)));
    const isOne = whole !== undefined && parseObject(whole) !== undefined;
    const lines = isOne
      ? [whole]
      : (whole?.split('\n') ??
        [...splitLines(bytes)].map((line) =>
          attempt(() => vault.openLine(Buffer.from(line).toString('utf8'))),
        ));
    const readable = lines.filter((line) => line !== undefined);
    if (readable.length === 0) return {};
    const texts = readable.flatMap((line) => {
      const value = parseObject(line);
      return value ? textsOf(value, areKeysSaid) : [withoutEscapes(line)];
    });
    const passage = firstOf(texts, find);
    return passage === undefined ? undefined : { passage };
  } catch (error) {
    if (error instanceof VaultError) throw error;
    return {};
  }
}

function attempt(open: () => string | undefined): string | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

/** Half a line of JSON, so that no letter of an escape stands before a word. */
const withoutEscapes = (line: string): string =>
  line
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/\\[nrtbf]/g, ' ');

/** What cannot be read of them is left out: they are not deleted here. */
const lookInJobs = (home: string, find: FindPassage): Holders['jobs'] =>
  filesIn(join(home, 'jobs')).flatMap((jobId) => {
    const folder = join(home, 'jobs', jobId);
    const paths = attemptFiles(folder).map((name) => join(folder, name));
    const found = paths.map((path) => lookInFile(home, path, find, true)?.passage);
    const passage = found.find((one) => one !== undefined);
    return passage === undefined ? [] : [{ jobId, passage }];
  });

function attemptFiles(folder: string): readonly string[] {
  try {
    return filesIn(folder);
  } catch {
    return [];
  }
}
