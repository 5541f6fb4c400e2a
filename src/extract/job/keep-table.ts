import { firstLine } from '../../errors.ts';

export type TableKeeper = {
  /** Something is known that the table does not show yet. */
  change(): void;
  /** Waits for a table that is being written, and begins no other. */
  end(): Promise<void>;
};

/** A long report is drawn again and again otherwise. */
const RESTS_OF_WRITING = 4;

/**
 * Has a table written after changes: one at a time, with a rest of at least `restMs` milliseconds before each, longer
 * where writing takes long. What goes wrong is told once, in one sentence, and tried again with the next change.
 */
export function createTableKeeper({
  write,
  restMs,
  onProblem,
}: {
  readonly write: () => Promise<void>;
  readonly restMs: number;
  readonly onProblem: (sentence: string) => void;
}): TableKeeper {
  const told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isDue = false;
  let isEnded = false;
  let rest = restMs;
  const run = async () => {
    isDue = false;
    const began = performance.now();
    try {
      await write();
    } catch (error) {
      const problem = firstLine(error);
      if (!isEnded && !told.has(problem)) onProblem(problem);
      told.add(problem);
    }
    rest = Math.max(restMs, RESTS_OF_WRITING * (performance.now() - began));
    timer = undefined;
    if (isDue) plan();
  };
  const plan = () => {
    if (isEnded) return;
    timer ??= setTimeout(() => {
      running = run();
    }, rest);
  };
  return {
    change() {
      isDue = true;
      plan();
    },
    async end() {
      isEnded = true;
      clearTimeout(timer);
      await running;
    },
  };
}
