import { existsSync } from 'node:fs';
import type { Extraction, Failure, FieldPlan, Row } from '../extraction.ts';
import { applyDecisions } from '../rows/apply-decisions.ts';
import type { FileNames } from './file-names.ts';
import type { JobState } from './job-facts.ts';

type TableInput = {
  readonly state: JobState;
  readonly plan: FieldPlan;
  readonly names: FileNames;
  /** Absolute paths of what is in the folders now. */
  readonly files: Iterable<string>;
};

/** The rows of a job, with what people decided: of the files that are there, and of those that it moved away, in the order
 * in which they were found. A moved file is named as it is called now. */
export function makeTable({
  state,
  plan,
  names,
  files,
}: TableInput): Pick<Extraction, 'rows' | 'failures' | 'left'> {
  const here = new Set(files);
  // Of one name, those that were moved away came before the one that lies there now.
  const places = new Map(movedAway(state, here).map(({ from, to }) => [to, from]));
  for (const path of here) places.set(path, path);
  const paths = [...places].sort(([, a], [, b]) => names.compare(a, b));
  const rows: Row[] = [];
  const failures: Failure[] = [];
  const left: string[] = [];
  for (const [path] of paths) {
    const file = names.nameOf(path);
    const sha256 = state.contents.get(path);
    const extracted = sha256 === undefined ? undefined : state.done.get(sha256);
    const failure = state.failures.get(path);
    if (extracted) rows.push({ ...applyDecisions(plan, extracted, state.decisions), file });
    else if (failure && failure.sha256 === sha256) {
      failures.push({ file, problem: failure.problem, ...(sha256 !== undefined && { sha256 }) });
    } else left.push(file);
  }
  return { rows, failures, left };
}

/** But for what a person has put back: the file is gone from where it was moved to, and its content is where it came from,
 * or was moved from there once more. */
function movedAway({ moved, contents }: JobState, here: ReadonlySet<string>) {
  const moves = [...moved.values()];
  return moves.filter(({ to, from, sha256 }, index) => {
    if (existsSync(to)) return true;
    const isBack = here.has(from) && contents.get(from) === sha256;
    const isMovedAgain = moves
      .slice(index + 1)
      .some((later) => later.from === from && later.sha256 === sha256);
    return !isBack && !isMovedAgain;
  });
}
