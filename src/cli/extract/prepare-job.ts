import { resolve } from 'node:path';
import { findAgent, type LoadedConfig } from '../../config.ts';
import { ConfigError } from '../../errors.ts';
import { fromHere } from '../../extract/job/file-names.ts';
import { listJobs, readJob } from '../../extract/job/jobs.ts';
import { readFieldPlan } from '../../extract/plan/field-plan.ts';
import { tablePaths } from '../../extract/table/write-table.ts';
import type { JsonObject } from '../../messages.ts';
import type { Thinking } from '../../qwen/thinking.ts';
import { checkLanguages } from '../check-languages.ts';
import { loadSchema } from '../load-schema.ts';
import { loadUnlocked } from '../unlock-project.ts';
import { checkPaths } from './check-paths.ts';
import { type JobNote, readNote } from './job-note.ts';
import type { ExtractRequest } from './parse-request.ts';

/** A job whose every argument was looked at. */
export type PreparedJob = {
  readonly config: LoadedConfig;
  readonly paths: readonly string[];
  readonly schema: JsonObject;
  readonly instructions?: string;
  readonly thinking?: Thinking;
  readonly languages?: readonly string[];
  /** What the job writes or is told by, which is no document: it may lie in a folder that is read. */
  readonly leaveOut: readonly string[];
  readonly note: JobNote;
};

/** Throws `ConfigError` or a UsageError for what cannot be done, before a model is loaded. */
export async function prepareJob(request: ExtractRequest): Promise<PreparedJob> {
  const isResumed = request.resume && request.paths.length === 0;
  const job = isResumed ? await resumed(request) : await begun(request);
  await checkLanguages(job.languages);
  const plan = readFieldPlan(job.schema);
  await checkPaths({ ...job.note, paths: job.paths });
  const { out, report, schema } = job.note;
  const leaveOut = [...tablePaths(out, plan), report, schema].filter((path) => path !== undefined);
  return { ...job, leaveOut };
}

type GivenJob = Omit<PreparedJob, 'leaveOut'>;

async function begun(request: ExtractRequest): Promise<GivenJob> {
  const {
    schema: schemaPath = '',
    out = '',
    report,
    parallel,
    move,
    watch,
    model,
    config: configPath,
  } = request;
  const config = await load(request);
  const agent = request.agent === undefined ? undefined : findAgent(config, request.agent);
  const instructions = [agent?.instructions, request.instructions].filter(Boolean).join('\n\n');
  const thinking = request.thinking ?? agent?.thinking;
  return {
    config,
    paths: request.paths,
    schema: await loadSchema(schemaPath),
    ...(instructions && { instructions }),
    ...(thinking !== undefined && { thinking }),
    ...(request.languages && { languages: request.languages }),
    note: {
      paths: request.paths,
      out: resolve(out),
      watch,
      schema: resolve(schemaPath),
      ...(report !== undefined && { report: resolve(report) }),
      ...(parallel !== undefined && { parallel }),
      ...(move && { move }),
      ...(model !== undefined && { model: resolve(model) }),
      ...(configPath !== undefined && { config: resolve(configPath) }),
    },
  };
}

/** The newest job that was not finished, as it was begun; where its table goes may be said anew. */
async function resumed(request: ExtractRequest): Promise<GivenJob> {
  const { home } = await load(request);
  const id = await newestUnfinished(home);
  const { inputs, schema, instructions, thinking, languages, note: begun } = await readJob(home, id);
  const known = readNote(id, begun);
  const { out, report, parallel, move, model } = request;
  const note: JobNote = {
    ...known,
    watch: request.watch || known.watch,
    ...(out !== undefined && { out: resolve(out) }),
    ...(report !== undefined && { report: resolve(report) }),
    ...(parallel !== undefined && { parallel }),
    ...(move && { move }),
    ...(model !== undefined && { model: resolve(model) }),
  };
  const config = await load({
    ...(note.config && { config: note.config }),
    ...(note.model && { model: note.model }),
  });
  return {
    config,
    // As they were named, so that the table names them so again.
    paths: inputs.map((input, at) =>
      resolve(known.paths[at] ?? '') === input ? (known.paths[at] ?? input) : fromHere(input),
    ),
    schema,
    ...(instructions !== undefined && { instructions }),
    ...(thinking !== undefined && { thinking }),
    ...(languages && { languages }),
    note,
  };
}

const load = ({ config, model }: Pick<ExtractRequest, 'config' | 'model'>): Promise<LoadedConfig> =>
  loadUnlocked({
    ...(config !== undefined && { configPath: config }),
    ...(model !== undefined && { modelPath: model }),
  });

async function newestUnfinished(home: string): Promise<string> {
  for (const job of await listJobs(home)) if ('isFinished' in job && !job.isFinished) return job.id;
  throw new ConfigError(
    'There is no job to go on with: all are finished. `sotto extract jobs` lists them; the same command again tries what failed.',
  );
}
