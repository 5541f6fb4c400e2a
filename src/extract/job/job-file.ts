/** What a job is about: `.sotto/jobs/<id>/job.json`, written when it begins. */
import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JobError, StoreError, VaultError } from '../../errors.ts';
import { codeOf, readWhole, writeWhole } from '../../memory/durable-file.ts';
import { vaultOf } from '../../memory/vault.ts';
import type { JsonObject } from '../../messages.ts';
import { isJobId, type JobKey, jobIdOf } from './job-id.ts';

export type JobFile = JobKey & {
  readonly modelName: string;
  /** What the program that runs the job wants to find again, such as where the table goes. */
  readonly note?: JsonObject;
  /** ISO 8601. */
  readonly started: string;
};

/** The `.sotto` folder that a job's folder lies in. */
export const homeOf = (folder: string): string => dirname(dirname(folder));
export const jobsFolder = (home: string): string => join(home, 'jobs');

/** Throws `JobError` where the id is none. */
export function jobFolder(home: string, id: string): string {
  const folder = join(jobsFolder(home), id);
  if (!isJobId(id)) throw new JobError({ path: folder, problem: `is not a job's. ${HOW_TO_LIST}` });
  return folder;
}

const HOW_TO_LIST = '`sotto extract jobs` lists the jobs.';

/** `undefined` where there is none. Throws `JobError` where it is not what was written, `VaultError` where it is encrypted
 * and was not unlocked. */
export function readJobFile(folder: string): JobFile | undefined {
  const path = join(folder, 'job.json');
  const vault = vaultOf(homeOf(folder));
  let job: JobFile | undefined;
  try {
    const bytes = readWhole(path);
    if (bytes === undefined) return undefined;
    job = parseJobFile(Buffer.from(vault.openFile(bytes)).toString('utf8'));
  } catch (cause) {
    if (cause instanceof StoreError) {
      throw new JobError({
        path,
        problem: `cannot be read (${codeOf(cause)}). It was left as it is.`,
        cause,
      });
    }
    if (!(cause instanceof VaultError)) throw cause;
  }
  // The id is made of what stands in the file: another one means that other bytes stand there.
  if (!job || jobIdOf(job) !== folder.slice(-12)) {
    const problem = 'is damaged. It was left as it is. Start the job again as before: what is done is kept.';
    throw new JobError({ path, problem });
  }
  return job;
}

/** Whole or not at all. Throws `JobError` where the disk refuses, `VaultError` where the folder is encrypted and was not
 * unlocked. */
export function writeJobFile(folder: string, job: JobFile): void {
  const path = join(folder, 'job.json');
  const text = `${JSON.stringify(job, undefined, 2)}\n`;
  const sealed = vaultOf(homeOf(folder)).sealFile(Buffer.from(text));
  try {
    writeWhole(path, sealed);
  } catch (cause) {
    const problem = `cannot be written (${codeOf(cause)}), so the job was not begun.`;
    throw new JobError({ path, problem, cause });
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
