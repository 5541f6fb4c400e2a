import type { FinishReason, StopReason } from '../events.ts';
import { MOST_EQUAL_CALLS, type RunOutput, readForm } from './run-context.ts';

const CUT_OFF: Record<Exclude<FinishReason, 'stop'>, string> = {
  maxTokens: 'The answer was cut off: it reached the limit of tokens (limits.maxTokens).',
  contextFull:
    'The answer was cut off: the context is full. Start a new thread, or raise model.contextTokens.',
  repetition: 'The answer was cut off: the model repeated itself.',
  strayToken: 'The answer was cut off: the model wrote a token that only the program may write.',
};

/** One plain sentence about a run that did not end as `done`. */
export function reasonOf(
  { stopReason, finish, error, ...output }: RunOutput,
  maxSteps: number,
): string | undefined {
  const reasons: Record<StopReason, () => string | undefined> = {
    done: () => undefined,
    outOfSteps: () => `Stopped after ${maxSteps} steps, the limit of this agent (limits.maxSteps).`,
    repeated: () => `Stopped: the model made the same call ${MOST_EQUAL_CALLS} times in a row.`,
    needsApproval: () =>
      'Stopped: a call needs approval, and nobody is here to give it. Run it on a terminal, or name the tool with --approve.',
    aborted: () => 'Stopped: the run was interrupted. What was done so far is kept.',
    failed: () => {
      if (error !== undefined) return error instanceof Error ? error.message : String(error);
      if (finish !== 'stop') return CUT_OFF[finish];
      const last = output.messages.at(-1);
      if (last?.role !== 'assistant' || last.text === '') return 'The model ended without an answer.';
      const read = readForm(output);
      const problem = read?.ok === false ? read.problem.replaceAll(/\s*\n\s*/g, ' ') : 'it is not JSON';
      return `The answer does not fit its schema: ${problem}. What the model wrote is kept in the thread.`;
    },
  };
  return reasons[stopReason]();
}
