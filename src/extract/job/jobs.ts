/** The jobs of a folder, looked at without a model. */
import { readdirSync, rmSync } from 'node:fs';
import { JobError } from '../../errors.ts';
import type { Extraction } from '../extraction.ts';
import { readFieldPlan } from '../plan/field-plan.ts';
import { createFileNames, fromHere } from './file-names.ts';
import { type JobFile, jobFolder, jobsFolder, noSuchJob } from './job-file.ts';
import { isJobId } from './job-id.ts';
import { lockFolder, peekJob } from './job-ledger.ts';
import { makeTable } from './job-table.ts';

export type Job = Extraction &
  JobFile & {
    /** Whether its last run came to its end and left nothing. */
    readonly isFinished: boolean;
  };

export type JobSummary =
  | {
      readonly id: string;
      readonly started: string;
      readonly modelName: string;
      readonly inputs: readonly string[];
      readonly note?: JobFile['note'];
      readonly done: number;
      readonly failed: number;
      /** Files of the last run, and those that were moved away. */
      readonly total: number;
      readonly isFinished: boolean;
    }
  /** A job whose files cannot be read: one sentence. */
  | { readonly id: string; readonly problem: string };

/** A job as its last run left it, with what was decided since. Files are named from the current folder. Throws `JobError`
 * where there is none, or it is damaged. */
export async function readJob(home: string, id: string): Promise<Job> {
  const { file, state } = peekJob(home, id);
  const plan = readFieldPlan(file.schema);
  const names = createFileNames(file.inputs.map(fromHere));
  const table = makeTable({ state, plan, names, files: state.files });
  return { jobId: id, plan, ...table, ...file, isFinished: state.isFinished };
}

/** All jobs, the newest first; those that cannot be read last. Throws `JobError` where the folder cannot be read. */
export async function listJobs(home: string): Promise<readonly JobSummary[]> {
  const summaries = idsOf(home).map((id) => summarize(home, id));
  const startOf = (job: JobSummary) => ('started' in job ? job.started : '');
  return summaries.sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
}

/** With all that was done in it. Throws `JobError` where there is none, `LockError` where it runs. */
export async function deleteJob(home: string, id: string): Promise<void> {
  const folder = jobFolder(home, id);
  if (!idsOf(home).includes(id)) throw noSuchJob(home, id);
  using _lock = lockFolder(folder, id);
  try {
    rmSync(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobError({ path: folder, problem: `cannot be deleted (${code}).`, cause });
  }
}

function summarize(home: string, id: string): JobSummary {
  try {
    const { file, state } = peekJob(home, id);
    const paths = new Set([...state.files, ...state.moved.keys()]);
    const isDone = (path: string) => state.done.has(state.contents.get(path) ?? '');
    const done = [...paths].filter(isDone).length;
    const failed = [...paths].filter((path) => !isDone(path) && state.failures.has(path)).length;
    const { started, modelName, inputs, note } = file;
    const { isFinished } = state;
    return {
      id,
      started,
      modelName,
      inputs,
      done,
      failed,
      total: paths.size,
      isFinished,
      ...(note && { note }),
    };
  } catch (error) {
    if (error instanceof JobError) return { id, problem: error.message };
    throw error;
  }
}

function idsOf(home: string): readonly string[] {
  const path = jobsFolder(home);
  try {
    return readdirSync(path).filter(isJobId);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new JobError({ path, problem: `cannot be listed (${code}).`, cause });
  }
}
