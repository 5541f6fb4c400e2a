/**
 * The documents of a job, one after the other out of a source: read, asked, noted in the ledger, moved.
 *
 * Contract: what happens to one document never ends the others. So many as there are places are in the model at once, and
 * one more is read meanwhile. Each content is asked once, and what is noted is told afterwards.
 */
import type { Engine } from '../../engine/engine.ts';
import type { Thinking } from '../../qwen/thinking.ts';
import type { Document } from '../../readers/document.ts';
import type { ExtractEvent, Extracted, FieldPlan } from '../extraction.ts';
import { applyDecisions } from '../rows/apply-decisions.ts';
import { type Asked, askDocument } from './ask-document.ts';
import type { FileNames } from './file-names.ts';
import { lookAt, type Sight } from './hash-file.ts';
import type { OpenJob } from './job-ledger.ts';
import type { Mover } from './move-documents.ts';
import { readContent } from './read-content.ts';
import { createSlots, type Slot } from './slots.ts';

export type Extractor = (
  document: Document,
  options: {
    readonly plan: FieldPlan;
    readonly engine: Engine;
    readonly instructions?: string;
    readonly thinking?: Thinking;
    readonly signal: AbortSignal;
    readonly onPassage?: (passage: number, passageCount: number) => void;
  },
) => Promise<Extracted>;

export type RunJobOptions = {
  readonly job: OpenJob;
  readonly plan: FieldPlan;
  readonly names: FileNames;
  readonly engine: Engine;
  readonly extractor: Extractor;
  /** Documents in the model at once. */
  readonly parallel: number;
  readonly mover?: Mover;
  /** What was found of the files when they were looked at: what is known, and looks as it did, is not read again. Those
   * that are taken are added. */
  readonly seen?: Map<string, Sight>;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  /** Begins no other document. */
  readonly finish: AbortSignal;
  readonly onEvent: (event: ExtractEvent) => void;
};

/** Returns once the source has ended, or `finish` has and what was in hand is done. Rejects with the signal's reason, or
 * with what ends the job: `JobError`, `ConfigError`, `ModelLoadError`. */
export async function runJob(
  source: AsyncIterable<string> | Iterable<string>,
  options: RunJobOptions,
): Promise<void> {
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const worker = createWorker({ ...options, signal });
  const files = turnByTurn(source);
  const work = async (): Promise<void> => {
    while (!options.finish.aborted) {
      signal.throwIfAborted();
      const next = await files.next();
      if (next === undefined || options.finish.aborted) return;
      await worker(next);
    }
  };
  const workers = Array.from({ length: options.parallel + 1 }, () =>
    work().catch((error) => {
      broken.abort(error);
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  await files.end();
  options.signal.throwIfAborted();
  if (broken.signal.aborted) throw broken.signal.reason;
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** One file at a time. A second turn at a path waits for the first. */
function createWorker(options: RunJobOptions): (path: string) => Promise<void> {
  const {
    job,
    plan,
    names,
    engine,
    extractor,
    parallel,
    mover,
    signal,
    finish,
    onEvent,
    seen = new Map<string, Sight>(),
  } = options;
  const { instructions, thinking, languages } = job.file;
  const { done } = job.state();
  const slots = createSlots(parallel);
  const asking = new Map<string, Promise<Asked>>();
  const working = new Map<string, Promise<void>>();

  const settle = async (path: string, sha256: string, isNew: boolean) => {
    const extracted = done.get(sha256);
    if (!extracted) return;
    const { contents, files, decisions } = job.state();
    if (contents.get(path) !== sha256 || !files.has(path)) job.append({ type: 'file-found', path, sha256 });
    const row = { ...applyDecisions(plan, extracted, decisions), file: names.nameOf(path) };
    onEvent({ type: 'document-end', row, isNew });
    await mover?.move(path, 'done', sha256);
  };
  const fail = async (path: string, sha256: string | undefined, problem: string) => {
    const before = job.state().failures.get(path);
    const tries = (before && before.sha256 === sha256 ? before.tries : 0) + 1;
    const content = sha256 === undefined ? {} : { sha256 };
    job.append({ type: 'document-failed', path, problem, tries, ...content });
    onEvent({
      type: 'document-failed',
      failure: { file: names.nameOf(path), problem, ...content },
      isNew: true,
    });
    await mover?.move(path, 'failed', sha256);
  };
  const ask = async (path: string, document: Document, slot: Slot): Promise<Asked> => {
    const file = names.nameOf(path);
    const asked = await askDocument(
      () =>
        extractor(document, {
          plan,
          engine,
          signal,
          ...(instructions !== undefined && { instructions }),
          ...(thinking !== undefined && { thinking }),
          onPassage: (passage, passageCount) =>
            onEvent({ type: 'passage-start', file, passage, passageCount }),
        }),
      { slots, slot, signal },
    );
    if (asked.ok) job.append({ type: 'document-done', path, extracted: asked.extracted });
    return asked;
  };
  /** It queues for its place in the model from the beginning: the next ones are read meanwhile, and come in turn. One that
   * has its place when the job is to be finished is in hand, and is done. */
  const workInTurn = async (path: string, place: Promise<Place>): Promise<void> => {
    const isKnown = (sha256: string) => done.has(sha256);
    const sight = await lookAt(path, seen.get(path), signal);
    seen.set(path, sight);
    const hashed = sight.sha256;
    if (hashed !== undefined && isKnown(hashed)) return settle(path, hashed, false);
    const name = names.nameOf(path);
    onEvent({ type: 'document-start', file: name });
    const content = await readContent(path, { name, isKnown, signal, ...(languages && { languages }) });
    if (content.ok === 'known') return settle(path, content.sha256, false);
    if (!content.ok) return fail(path, content.sha256, content.problem);
    const { sha256, document } = content;
    const { slot, isLate } = await place;
    signal.throwIfAborted();
    if (isLate) return;
    let asked = asking.get(sha256);
    if (asked) slot.release();
    else if (isKnown(sha256)) return settle(path, sha256, false);
    else {
      asked = ask(path, document, slot).finally(() => asking.delete(sha256));
      asking.set(sha256, asked);
    }
    const answer = await asked;
    return answer.ok ? settle(path, sha256, true) : fail(path, sha256, answer.problem);
  };
  return async (path) => {
    while (working.has(path)) await working.get(path)?.catch(() => {});
    const place = slots.take().then((slot) => ({ slot, isLate: finish.aborted }));
    const own = workInTurn(path, place).finally(() => void place.then(({ slot }) => slot.release()));
    working.set(path, own);
    await own.finally(() => working.delete(path));
  };
}

type Place = { readonly slot: Slot; readonly isLate: boolean };

/** A source for several takers. */
function turnByTurn(source: AsyncIterable<string> | Iterable<string>) {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    next: (): Promise<string | undefined> => {
      const own = last.then(async () => {
        const { done, value } = await iterator.next();
        return done ? undefined : value;
      });
      last = own.catch(() => {});
      return own;
    },
    end: async () => void (await iterator.return?.()),
  };
}
