/** What a job is about: `.sotto/jobs/<id>/job.json`, written when it begins. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JobError } from '../../errors.ts';
import type { JsonObject } from '../../messages.ts';
import { isJobId, type JobKey, jobIdOf } from './job-id.ts';

export type JobFile = JobKey & {
  readonly modelName: string;
  /** What the program that runs the job wants to find again, such as where the table goes. */
  readonly note?: JsonObject;
  /** ISO 8601. */
  readonly started: string;
};

export const jobsFolder = (home: string): string => join(home, 'jobs');

/** Throws `JobError` where the id is none. */
export function jobFolder(home: string, id: string): string {
  const folder = join(jobsFolder(home), id);
  if (!isJobId(id)) throw new JobError({ path: folder, problem: `is not a job's. ${HOW_TO_LIST}` });
  return folder;
}

const HOW_TO_LIST = '`sotto extract jobs` lists the jobs.';

/** `undefined` where there is none. Throws `JobError` where it is not what was written. */
export function readJobFile(folder: string): JobFile | undefined {
  const path = join(folder, 'job.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new JobError({ path, problem: `cannot be read (${code}). It was left as it is.`, cause });
  }
  const job = parseJobFile(text);
  // The id is made of what stands in the file: another one means that other bytes stand there.
  if (!job || jobIdOf(job) !== folder.slice(-12)) {
    const problem = 'is damaged. It was left as it is. Start the job again as before: what is done is kept.';
    throw new JobError({ path, problem });
  }
  return job;
}

/** Whole or not at all. Throws `JobError` where the disk refuses. */
export function writeJobFile(folder: string, job: JobFile): void {
  const path = join(folder, 'job.json');
  const part = `${path}.${randomUUID()}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(part, `${JSON.stringify(job, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobError({ path, problem: `cannot be written (${code}), so the job was not begun.`, cause });
  }
}

/** Out of the way, and kept. Returns where. */
export function putAside(folder: string): string {
  const path = join(folder, 'job.json');
  const aside = `${path}.damaged-${Date.now()}`;
  renameSync(path, aside);
  return aside;
}

export const noSuchJob = (home: string, id: string): JobError =>
  new JobError({ path: jobFolder(home, id), problem: `does not exist. ${HOW_TO_LIST}` });

function parseJobFile(text: string): JobFile | undefined {
  try {
    const job: Partial<JobFile> | null = JSON.parse(text);
    const isWhole =
      typeof job?.schema === 'object' &&
      job.schema !== null &&
      typeof job.fingerprint === 'string' &&
      typeof job.prompt === 'string' &&
      typeof job.evidence === 'number' &&
      typeof job.modelName === 'string' &&
      typeof job.started === 'string' &&
      Array.isArray(job.inputs) &&
      job.inputs.every((input) => typeof input === 'string');
    return isWhole ? (job as JobFile) : undefined;
  } catch {
    return undefined;
  }
}
