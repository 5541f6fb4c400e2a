import type { StopReason } from '../events.ts';
import type { Output } from './output.ts';

/** A command: its arguments in, its exit code out. */
export type Command = (args: readonly string[], output: Output) => Promise<number>;

/** 0 done, 1 failed, 2 usage, 3 needs approval, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, needsApproval: 3, interrupted: 130 } as const;

/** The exit code of a run that ended so. */
export function exitCodeOf(stopReason: StopReason): number {
  if (stopReason === 'done') return EXIT.done;
  if (stopReason === 'needsApproval') return EXIT.needsApproval;
  return stopReason === 'aborted' ? EXIT.interrupted : EXIT.failed;
}

/** The command line was wrong; the message says how. */
export class UsageError extends Error {}
