import { EXIT } from './command.ts';

/** Runs an action that Ctrl-C, a closed terminal or a `kill` stops in order; a second Ctrl-C ends the program at once. */
export async function interruptible(action: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  try {
    return await action(controller.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
