import { resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { JsonObject } from '../messages.ts';
import { type AnswerSchema, type OutputSchema, readAnswerSchema } from '../qwen/answer-schema.ts';
import type { Thinking } from '../qwen/thinking.ts';
import { type FoundFiles, findFiles } from '../readers/find-files.ts';
import { promptFingerprint } from './ask/prompt-fingerprint.ts';
import { extractDocument } from './extract-document.ts';
import type { ExtractEvent, Extraction, FieldPlan, Row } from './extraction.ts';
import { createFileNames, type FileNames } from './job/file-names.ts';
import { hashFile } from './job/hash-file.ts';
import { EVIDENCE_VERSION } from './job/job-id.ts';
import { type OpenJob, openJob } from './job/job-ledger.ts';
import { makeTable } from './job/job-table.ts';
import { createMover, type MoveFolders, moveTargets, noteEndedMoves } from './job/move-documents.ts';
import { type Extractor, runJob } from './job/run-job.ts';
import { watchFiles } from './job/watch-files.ts';
import { composeOutput } from './plan/compose-output.ts';
import { readFieldPlan } from './plan/field-plan.ts';

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
  /** Takes files as they arrive, until it is finished or stopped. `everyMs`: how often it looks; default 1000. */
  readonly watch?: { readonly everyMs?: number };
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

export type TypedRow<Output> = Row & {
  /** By the schema; absent where the values do not make what it wants. */
  readonly output?: Output;
  /** Why not, in plain words. */
  readonly outputProblem?: string;
};
export type TypedExtraction<Output> = Omit<Extraction, 'rows'> & {
  readonly rows: readonly TypedRow<Output>[];
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
  const context: Context = {
    ...options,
    plan,
    job,
    names: createFileNames(options.files),
    except: options.move ? moveTargets(foldersOf(options.files), options.move) : [],
    signal,
    finish: options.finish ?? NEVER,
    onEvent,
    engine,
  };
  await noteEndedMoves(job);
  const found = await begin(context);
  const source = options.watch
    ? watchFiles({
        ...context,
        inputs: options.files,
        isLeftOut: isLeftOut(options),
        ...options.watch,
        onProblem: (path, sentence) => notice(`${path}: ${sentence}`),
      })
    : found.paths;
  await runJob(source, toRun(context, found.hashes));
  const files = options.watch ? pathsOf(await find(context)) : found.paths;
  const table = makeTable({ state: job.state(), plan, names: context.names, files });
  job.append({ type: 'run-end', left: table.left.length });
  return {
    jobId: job.id,
    plan,
    ...table,
    rows: table.rows.map((row) => withOutput<Output>(row, plan, answer)),
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

/** Looks at all files, and notes which of them are known: a file of a known content is in the table, come what may. */
async function begin(
  context: Context,
): Promise<{ paths: readonly string[]; hashes: ReadonlyMap<string, string> }> {
  const { job, signal, onEvent } = context;
  const found = await find(context);
  if (!context.watch) {
    for (const { path, sentence } of found.problems)
      onEvent({ type: 'notice', sentence: `${path}: ${sentence}` });
  }
  if (found.own.length > 0) onEvent({ type: 'notice', sentence: ownSentence(found.own) });
  const paths = pathsOf(found);
  const { done, contents } = job.state();
  const hashes = new Map<string, string>();
  for (const path of paths) {
    const sha256 = await hashFile(path, signal);
    if (sha256 !== undefined) hashes.set(path, sha256);
  }
  job.append({ type: 'run-start', files: paths });
  const known = [...hashes].filter(([, sha256]) => done.has(sha256));
  for (const [path, sha256] of known) {
    if (contents.get(path) !== sha256) job.append({ type: 'file-found', path, sha256 });
  }
  onEvent({ type: 'job-start', jobId: job.id, total: paths.length, known: known.length });
  // A watched folder's files may still change: they are looked at when they are taken.
  return { paths, hashes: context.watch ? new Map() : hashes };
}

async function find(context: Context): Promise<FoundFiles & { readonly own: readonly string[] }> {
  const { files, signal, except } = context;
  const found = await findFiles(files, signal, { except });
  const { own = [], others = [] } = Object.groupBy(found.files, ({ path }) =>
    isLeftOut(context)(path) ? 'own' : 'others',
  );
  return { ...found, files: others, own: own.map(({ path }) => path) };
}

function isLeftOut({ leaveOut = [] }: Pick<ExtractOptions, 'leaveOut'>): (path: string) => boolean {
  const paths = new Set(leaveOut.map((path) => resolve(path)));
  return (path) => paths.has(resolve(path));
}

/** Of what was left out of the documents. */
const ownSentence = (own: readonly string[]): string =>
  own.length === 1
    ? `1 file of the job's own is left out: ${own[0]}.`
    : `${own.length} files of the job's own are left out: ${own.join(', ')}.`;

const pathsOf = ({ files }: FoundFiles): readonly string[] => files.map(({ path }) => resolve(path));

function toRun(context: Context, hashes: ReadonlyMap<string, string>) {
  const { move, parallel = 1, extractor = extractDocument } = context;
  const mover = move && createMover({ ...context, move });
  return {
    ...context,
    hashes,
    extractor,
    parallel: Math.max(1, Math.floor(parallel)),
    ...(mover && { mover }),
  };
}

/** The folders that move targets are relative to: those that were given, and those of files that were. */
const foldersOf = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) => [resolve(file), resolve(file, '..')]);

function withOutput<Output>(row: Row, plan: FieldPlan, answer: AnswerSchema): TypedRow<Output> {
  const checked = answer.check(composeOutput(plan, row));
  return checked.ok
    ? { ...row, output: checked.output as Output }
    : { ...row, outputProblem: checked.problem };
}
