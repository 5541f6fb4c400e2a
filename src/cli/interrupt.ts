import { EXIT } from './command.ts';

/** One Ctrl-C may arrive twice, from the terminal and from npm or the launcher: within this time it is the same one. */
export const SAME_SIGNAL_MS = 300;

/** Ends the program though something of it still works, such as a tool that does not heed its signal. What was written to the
 * standard streams is out by then: Windows alone writes later to a pipe. */
export function endNow(code: number): void {
  process.stdout.write('', () => process.exit(code));
  process.stdout.once('error', () => process.exit(code));
}

/** Runs an action that Ctrl-C, a closed terminal or a `kill` stops in order; a second Ctrl-C ends the program at once.
 * `takeInterrupt` may take a Ctrl-C for itself, or what else is one of `taken`, which it says by true. */
export async function interruptible(
  action: (signal: AbortSignal) => Promise<number>,
  takeInterrupt: () => boolean = () => false,
  taken: readonly NodeJS.Signals[] = ['SIGINT'],
): Promise<number> {
  const controller = new AbortController();
  let stoppedAt = 0;
  const stop = (name: NodeJS.Signals) => {
    if (taken.includes(name) && takeInterrupt()) return;
    if (!controller.signal.aborted) {
      stoppedAt = performance.now();
      controller.abort(new Error('interrupted'));
    } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  try {
    return await action(controller.signal);
  } catch (error) {
    if (controller.signal.aborted && error === controller.signal.reason) return EXIT.interrupted;
    throw error;
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
