import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { JsonObject } from '../messages.ts';
import { type OutputSchema, readAnswerSchema } from '../qwen/answer-schema.ts';
import type { Thinking } from '../qwen/thinking.ts';
import { promptFingerprint } from './ask/prompt-fingerprint.ts';
import { extractDocument } from './extract-document.ts';
import type { ExtractEvent, Extraction, FieldPlan } from './extraction.ts';
import { createFileNames, type FileNames } from './job/file-names.ts';
import { type FoundDocuments, findDocuments, isOneOf } from './job/find-documents.ts';
import { lookAt, type Sight } from './job/hash-file.ts';
import { EVIDENCE_VERSION } from './job/job-id.ts';
import { type OpenJob, openJob } from './job/job-ledger.ts';
import { makeTable } from './job/job-table.ts';
import { createTableKeeper } from './job/keep-table.ts';
import { createMover, type MoveFolders, moveTargets } from './job/move-documents.ts';
import { findLostMoves, recoverMoves, unknownMoved } from './job/recover-moves.ts';
import { type Extractor, runJob } from './job/run-job.ts';
import { DEFAULT_EVERY_MS, watchFiles } from './job/watch-files.ts';
import { isWritten } from './job/written-files.ts';
import { readFieldPlan } from './plan/field-plan.ts';
import { type TypedExtraction, toTypedRow } from './plan/typed-row.ts';

export type { TypedExtraction, TypedRow } from './plan/typed-row.ts';

export type ExtractOptions<Output = unknown> = {
  /** Files and folders. */
  readonly files: readonly string[];
  readonly schema: OutputSchema<Output>;
  readonly engine: Engine;
  /** The `.sotto` folder, where the job is kept. */
  readonly home: string;
  readonly instructions?: string;
  readonly thinking?: Thinking;
  /** Of scanned pages, codes of Tesseract. Default: `eng`. */
  readonly languages?: readonly string[];
  /** Documents in the model at once, at least 1; more than the engine works on at once bring nothing. Default: 1. */
  readonly parallel?: number;
  /** Stops at once: rejects with its reason. What is done is kept. */
  readonly signal?: AbortSignal;
  /** Begins no other document, and returns once those in hand are done. */
  readonly finish?: AbortSignal;
  /** Takes files as they arrive, until it is finished or stopped. */
  readonly watch?: {
    /** How often it looks; default 1000. */
    readonly everyMs?: number;
    /** Called with what is known after documents were done, at most once in three looks, one call at a time. What it
     * throws is told as a notice. */
    readonly onTable?: (extraction: Extraction) => Promise<void>;
  };
  /** Moves documents away once they are noted. */
  readonly move?: MoveFolders;
  /** Paths of files that are never taken as documents, such as the table that is written into a folder that is read. */
  readonly leaveOut?: readonly string[];
  /** Kept with the job, for whoever runs it: `readJob` gives it back. */
  readonly note?: JsonObject;
  readonly onEvent?: (event: ExtractEvent) => void;
  /** What takes the values out of a document. Default: the model, with code that holds its words against the pages. */
  readonly extractor?: Extractor;
};

/**
 * Takes what a schema asks for out of documents: a row each, every value with its evidence. What was done before for the
 * same content, schema, model and instructions is not done again. What goes wrong with a document is one of the
 * `failures`. Rejects with the signal's reason, `ConfigError` for the schema, `LockError` where the job runs elsewhere,
 * `JobError` where its ledger cannot be written: what was noted before is kept.
 */
export async function extract<Output>(options: ExtractOptions<Output>): Promise<TypedExtraction<Output>> {
  const { home, schema, engine, signal = NEVER, onEvent = () => {} } = options;
  signal.throwIfAborted();
  const plan = readFieldPlan(schema);
  const answer = readAnswerSchema(schema);
  const notice = (sentence: string) => onEvent({ type: 'notice', sentence });
  using job = openJob({ home, job: toJobFile(options, plan), onNotice: notice });
  const roots = foldersOf(options.files);
  const context: Context = {
    ...options,
    plan,
    job,
    names: createFileNames(options.files),
    except: [resolve(home), ...(options.move ? moveTargets(roots, options.move) : [])],
    signal,
    finish: options.finish ?? NEVER,
    onEvent,
    engine,
    seen: new Map(),
  };
  await recoverMoves(job, notice);
  if (options.move && job.damaged > 0) await findLostMoves(job, { roots, move: options.move, signal });
  const begun = await begin(context);
  await work(context, begun);
  const found = options.watch ? await find(context) : begun;
  for (const sentence of found.leftOut) notice(sentence);
  const here = job.state().files;
  // What was moved away is in the table as such.
  const files = options.watch ? found.paths : found.paths.filter((path) => here.has(path));
  const table = makeTable({ state: job.state(), plan, names: context.names, files });
  const left = [...new Set([...table.left, ...(await changedSince(context, files))])];
  job.append({ type: 'run-end', left: left.length });
  return {
    jobId: job.id,
    plan,
    ...table,
    left,
    rows: table.rows.map((row) => toTypedRow<Output>(row, plan, answer)),
  };
}

type Context = ExtractOptions & {
  readonly plan: FieldPlan;
  readonly job: OpenJob;
  readonly names: FileNames;
  readonly except: readonly string[];
  readonly signal: AbortSignal;
  readonly finish: AbortSignal;
  readonly onEvent: (event: ExtractEvent) => void;
  /** The files as they were when they were found, or taken. */
  readonly seen: Map<string, Sight>;
};

const NEVER = new AbortController().signal;

function toJobFile({ files, engine, ...options }: ExtractOptions, plan: FieldPlan) {
  const { instructions, thinking, languages, note } = options;
  return {
    schema: plan.schema,
    prompt: promptFingerprint(plan, instructions),
    evidence: EVIDENCE_VERSION,
    modelName: engine.model.name,
    fingerprint: engine.model.fingerprint,
    inputs: files.map((file) => resolve(file)),
    ...(instructions !== undefined && { instructions }),
    ...(thinking !== undefined && { thinking }),
    ...(languages && { languages }),
    ...(note && { note }),
  };
}

const isOutput = ({ home, signal }: Context, path: string) => isWritten(home, path, signal);
const find = (context: Context) => findDocuments({ ...context, isOutput: (path) => isOutput(context, path) });

/** Looks at all files, and notes which of them are known: a file of a known content is in the table, come what may. */
async function begin(context: Context): Promise<FoundDocuments> {
  const { job, signal, onEvent, seen } = context;
  const found = await find(context);
  if (!context.watch) {
    for (const { path, sentence } of found.problems)
      onEvent({ type: 'notice', sentence: `${path}: ${sentence}` });
  }
  const { paths } = found;
  const { done, contents } = job.state();
  const hashes = new Map<string, string>();
  for (const path of paths) {
    const sight = await lookAt(path, undefined, signal);
    seen.set(path, sight);
    if (sight.sha256 !== undefined) hashes.set(path, sight.sha256);
  }
  job.append({ type: 'run-start', files: paths });
  const known = [...hashes].filter(([, sha256]) => done.has(sha256));
  for (const [path, sha256] of known) {
    if (contents.get(path) !== sha256) job.append({ type: 'file-found', path, sha256 });
  }
  onEvent({ type: 'job-start', jobId: job.id, total: paths.length, known: known.length });
  return found;
}

async function* sourceOf(context: Context, { paths }: FoundDocuments): AsyncGenerator<string> {
  const { job, files, leaveOut, watch, onEvent } = context;
  yield* unknownMoved(job);
  if (!watch) return yield* paths;
  const onProblem = (path: string, sentence: string) =>
    onEvent({ type: 'notice', sentence: `${path}: ${sentence}` });
  const arrived = watchFiles({
    ...context,
    inputs: files,
    isLeftOut: isOneOf(leaveOut),
    ...watch,
    onProblem,
  });
  for await (const path of arrived) if (!(await isOutput(context, path))) yield path;
}

/** A watch has no end of its own: its table is kept up as it goes on. */
async function work(context: Context, begun: FoundDocuments): Promise<void> {
  const { job, plan, names, watch, onEvent } = context;
  const { onTable, everyMs = DEFAULT_EVERY_MS } = watch ?? {};
  if (!onTable) return runJob(sourceOf(context, begun), toRun(context));
  const keeper = createTableKeeper({
    write: () => {
      const files = [...job.state().files].filter((path) => existsSync(path));
      return onTable({ jobId: job.id, plan, ...makeTable({ state: job.state(), plan, names, files }) });
    },
    restMs: 3 * everyMs,
    onProblem: (sentence) => onEvent({ type: 'notice', sentence }),
  });
  const watched = (event: ExtractEvent) => {
    if (TABLE_EVENTS.includes(event.type)) keeper.change();
    onEvent(event);
  };
  try {
    await runJob(sourceOf(context, begun), toRun({ ...context, onEvent: watched }));
  } finally {
    await keeper.end();
  }
}

const TABLE_EVENTS: readonly ExtractEvent['type'][] = ['document-end', 'document-failed', 'file-moved'];

/** Files that hold other bytes than those that their row is of. Returns their names. */
async function changedSince(context: Context, paths: readonly string[]): Promise<readonly string[]> {
  const { job, names, seen, signal, onEvent } = context;
  const changed: string[] = [];
  for (const path of paths) {
    const content = job.state().contents.get(path);
    if (content === undefined) continue;
    const { sha256 } = await lookAt(path, seen.get(path), signal);
    if (sha256 === undefined || sha256 === content) continue;
    const file = names.nameOf(path);
    changed.push(file);
    job.append({ type: 'file-found', path, sha256 });
    const sentence = `${file}: It changed while the job ran. Its row is of what was read; the next run reads it again.`;
    onEvent({ type: 'notice', sentence });
  }
  return changed;
}

function toRun(context: Context) {
  const { move, parallel = 1, extractor = extractDocument } = context;
  const mover = move && createMover({ ...context, move });
  return {
    ...context,
    extractor,
    parallel: Math.max(1, Math.floor(parallel)),
    ...(mover && { mover }),
  };
}

/** The folders that move targets are relative to: those that were given, and those of files that were. */
const foldersOf = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) => [resolve(file), resolve(file, '..')]);
