/**
 * A job in `.sotto/jobs/<id>`: what it is about, and every fact about its documents in a ledger that only grows.
 *
 * Contract: `append` returns once the fact is on the disk. One process at a time writes; reading needs no lock.
 */
import { join } from 'node:path';
import { JobError, LockError } from '../../errors.ts';
import { acquireLock, type Lock } from '../../memory/lock.ts';
import { foldFacts, type JobFact, type JobState } from './job-facts.ts';
import { type JobFile, jobFolder, noSuchJob, putAside, readJobFile, writeJobFile } from './job-file.ts';
import { jobIdOf } from './job-id.ts';
import { readLedger, writeLedger } from './ledger-file.ts';

export type OpenJob = Disposable & {
  readonly id: string;
  readonly file: JobFile;
  /** Lines of the ledger that could not be read. */
  readonly damaged: number;
  /** As it is after the facts that were appended. */
  state(): JobState;
  /** Throws `JobError` where it cannot be written; the job is over then. */
  append(fact: JobFact): void;
};

type OpenOptions = {
  /** The `.sotto` folder. */
  readonly home: string;
  readonly job: Omit<JobFile, 'started'>;
  /** Something that the person should know, in one sentence. */
  readonly onNotice?: (sentence: string) => void;
};

/** Opens the job of this id, or begins it. Throws `LockError` where another process works on it, `JobError` where it
 * cannot be read or written. */
export function openJob({ home, job, onNotice = () => {} }: OpenOptions): OpenJob {
  const id = jobIdOf(job);
  return lockJob(home, id, onNotice, (folder) => {
    const known = readOrPutAside(folder, onNotice);
    const file: JobFile = { ...job, started: known?.started ?? new Date().toISOString() };
    if (JSON.stringify(known) !== JSON.stringify(file)) writeJobFile(folder, file);
    return file;
  });
}

/** Opens a job that is there, to add to it. Throws as `openJob`, and `JobError` where there is none. */
export function reopenJob(
  home: string,
  id: string,
  onNotice: (sentence: string) => void = () => {},
): OpenJob {
  if (!readJobFile(jobFolder(home, id))) throw noSuchJob(home, id);
  return lockJob(home, id, onNotice, (folder) => {
    const file = readJobFile(folder);
    if (!file) throw noSuchJob(home, id);
    return file;
  });
}

/** What a job's folder says, without its lock: a job that runs may be behind it. Throws `JobError`. */
export function peekJob(home: string, id: string): { readonly file: JobFile; readonly state: JobState } {
  const folder = jobFolder(home, id);
  const file = readJobFile(folder);
  if (!file) throw noSuchJob(home, id);
  return { file, state: foldFacts(readLedger(ledgerPath(folder)).facts).state };
}

const ledgerPath = (folder: string): string => join(folder, 'ledger.jsonl');

function lockJob(
  home: string,
  id: string,
  onNotice: (sentence: string) => void,
  readFile: (folder: string) => JobFile,
): OpenJob {
  const folder = jobFolder(home, id);
  const lock = lockFolder(folder, id);
  try {
    const file = readFile(folder);
    const { facts, damaged } = readLedger(ledgerPath(folder));
    const fold = foldFacts(facts);
    const ledger = writeLedger(ledgerPath(folder), facts.at(-1)?.seq ?? 0);
    const append = (fact: JobFact) => {
      ledger.append(fact);
      fold.add(fact);
    };
    if (damaged > fold.state.damageTold) {
      onNotice(damageSentence(damaged - fold.state.damageTold));
      append({ type: 'damage-told', lines: damaged });
    }
    return {
      id,
      file,
      damaged,
      state: () => fold.state,
      append,
      [Symbol.dispose]: () => {
        ledger.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Throws `LockError` where another process has it, `JobError` where the folder cannot be written. */
export function lockFolder(folder: string, id: string): Lock {
  try {
    return acquireLock({ folder: join(folder, 'lock'), what: `The job ${id}` });
  } catch (cause) {
    if (cause instanceof LockError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobError({
      path: folder,
      problem: `cannot be written (${code}), so nothing was begun.`,
      cause,
    });
  }
}

function damageSentence(lines: number): string {
  const [what, they] = lines === 1 ? ['One line', 'it'] : [`${lines} lines`, 'they'];
  return (
    `${what} of the job's ledger cannot be read, as after a crash while ${they} ${lines === 1 ? 'was' : 'were'} ` +
    'written. Everything else is kept; a document that was noted there is done again, and a decision of yours that ' +
    'was noted there has to be made again.'
  );
}

function readOrPutAside(folder: string, onNotice: (sentence: string) => void): JobFile | undefined {
  try {
    return readJobFile(folder);
  } catch (error) {
    // What the system refuses to read may be whole.
    if (error instanceof Error && error.cause !== undefined) throw error;
    const aside = putAside(folder);
    onNotice(`The job's job.json was damaged. It was put aside as ${aside}, and written anew.`);
    return undefined;
  }
}
