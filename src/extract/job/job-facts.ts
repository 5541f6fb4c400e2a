/**
 * What a job's ledger holds, and what it comes to. Paths are absolute.
 *
 * A document is known by the SHA-256 of its bytes: its result is there once, for all files that hold them.
 */
import type { Extracted, Review, Scalar } from '../extraction.ts';

export type JobFact =
  /** What was found when a run began, without what was moved away before. */
  | { readonly type: 'run-start'; readonly files: readonly string[] }
  /** `left`: files that were not looked at. */
  | { readonly type: 'run-end'; readonly left: number }
  /** A file that arrived later, or whose content was known before. */
  | { readonly type: 'file-found'; readonly path: string; readonly sha256: string }
  | { readonly type: 'document-done'; readonly path: string; readonly extracted: Extracted }
  | ({ readonly type: 'document-failed'; readonly path: string } & KnownFailure)
  /** Before the file is moved, and behind it. */
  | ({ readonly type: 'move-start' } & Move)
  | ({ readonly type: 'move-end' } & Move)
  | ({ readonly type: 'review' } & Decision)
  /** So many damaged lines have been told of. */
  | { readonly type: 'damage-told'; readonly lines: number };

export type KnownFailure = {
  readonly sha256?: string;
  readonly problem: string;
  /** How often it was tried. */
  readonly tries: number;
};
export type Move = { readonly from: string; readonly to: string; readonly sha256?: string };
export type Decision = Review & {
  readonly sha256: string;
  /** Of a field, or `items[3].amount`, counted from 0. */
  readonly path: string;
  /** What stood there when the person decided: of another value nothing was decided. */
  readonly seen: Scalar | null;
  /** Of a correction, by the field's type. */
  readonly value?: Scalar;
};

export type JobState = {
  readonly done: ReadonlyMap<string, Extracted>;
  /** By path. */
  readonly failures: ReadonlyMap<string, KnownFailure>;
  /** The content that was last seen at a path. */
  readonly contents: ReadonlyMap<string, string>;
  /** Moves of which no end is known, by `to`: several may have begun at one path. */
  readonly moving: ReadonlyMap<string, Move>;
  /** By `to`. */
  readonly moved: ReadonlyMap<string, Move>;
  /** The newest for each content and path. */
  readonly decisions: readonly Decision[];
  /** Of the last run, those that came later too. */
  readonly files: ReadonlySet<string>;
  /** Whether the last run came to its end, and left nothing. */
  readonly isFinished: boolean;
  readonly damageTold: number;
};

export type JobFold = { readonly state: JobState; add(fact: JobFact): void };

/** Takes facts in their order; the state changes with each. */
export function foldFacts(facts: Iterable<JobFact> = []): JobFold {
  const done = new Map<string, Extracted>();
  const failures = new Map<string, KnownFailure>();
  const contents = new Map<string, string>();
  const moving = new Map<string, Move>();
  const moved = new Map<string, Move>();
  const decisions = new Map<string, Decision>();
  const files = new Set<string>();
  let isFinished = false;
  let damageTold = 0;
  const find = (path: string, sha256: string | undefined) => {
    if (sha256 === undefined) contents.delete(path);
    else contents.set(path, sha256);
    files.add(path);
  };
  const add = (fact: JobFact): void => {
    if (fact.type === 'run-start') {
      files.clear();
      for (const path of fact.files) files.add(path);
      isFinished = false;
    } else if (fact.type === 'run-end') isFinished = fact.left === 0;
    else if (fact.type === 'file-found') find(fact.path, fact.sha256);
    else if (fact.type === 'document-done') {
      find(fact.path, fact.extracted.sha256);
      done.set(fact.extracted.sha256, fact.extracted);
      failures.delete(fact.path);
    } else if (fact.type === 'document-failed') {
      const { path, sha256, problem, tries } = fact;
      find(path, sha256);
      failures.set(path, { problem, tries, ...(sha256 !== undefined && { sha256 }) });
    } else if (fact.type === 'move-start') moving.set(fact.to, fact);
    else if (fact.type === 'move-end') {
      moving.delete(fact.to);
      moved.set(fact.to, fact);
      carry(fact);
      files.delete(fact.from);
    } else if (fact.type === 'review') decisions.set(JSON.stringify([fact.sha256, fact.path]), fact);
    else if (fact.type === 'damage-told') damageTold = fact.lines;
  };
  /** What is known of the file goes with it; of a newer file at its old place other things are known. */
  const carry = ({ from, to, sha256 }: Move) => {
    const failure = failures.get(from);
    const isSame = contents.get(from) === sha256;
    if (failure && failure.sha256 === sha256) failures.set(to, failure);
    if (sha256 !== undefined) contents.set(to, sha256);
    if (isSame) contents.delete(from);
    if (isSame && failure?.sha256 === sha256) failures.delete(from);
  };
  for (const fact of facts) add(fact);
  return {
    add,
    get state() {
      const newest = [...decisions.values()];
      return {
        done,
        failures,
        contents,
        moving,
        moved,
        decisions: newest,
        files,
        isFinished,
        damageTold,
      };
    },
  };
}
