import type { OnUnknown, UnknownDecision } from '../agent/resume-run.ts';
import { canAsk } from './agent-work.ts';
import { UsageError } from './command.ts';
import type { Output } from './output.ts';
import { type Ask, askOnTerminal, showValue } from './terminal-approval.ts';

/** What `--unknown` says: what to do about calls whose outcome is not known. */
export function parseUnknown(value: string | undefined): UnknownDecision | undefined {
  if (value === undefined || value === 'run-again' || value === 'skip') return value;
  throw new UsageError(`--unknown takes run-again or skip, not ${JSON.stringify(value)}.`);
}

type AskOptions = {
  /** What was decided ahead. */
  readonly decision: UnknownDecision | undefined;
  readonly isJson: boolean;
  /** Default: on the terminal. */
  readonly ask?: Ask;
};

/** Who decides about such a call: the option, or a person at the terminal. Nobody where there is neither. */
export function askUnknown(
  output: Output,
  { decision, isJson, ask = askOnTerminal }: AskOptions,
): { readonly onUnknown?: OnUnknown } {
  if (decision !== undefined) return { onUnknown: () => decision };
  return canAsk(isJson) ? { onUnknown: unknownOnTerminal(output, ask) } : {};
}

/** Shows the call, and asks what to do about it. Anything but a clear answer changes nothing. */
export const unknownOnTerminal =
  (output: Output, ask: Ask): OnUnknown =>
  async ({ agent, toolCall }, signal = new AbortController().signal) => {
    output.note(`\nThe program stopped during this call of ${toolCall.name}, called by ${agent}:`);
    for (const [key, value] of Object.entries(toolCall.input)) {
      for (const line of showValue(key, value, output.columns - 1)) output.note(line);
    }
    output.note('Whether it took effect is not known. c: stop here and look. r: make it again. s: skip it.');
    const answer = (await ask('Check, run again or skip? [c/r/s] ', signal)).trim();
    if (/^r(un([ -]again)?)?$/i.test(answer)) return 'run-again';
    return /^s(kip)?$/i.test(answer) ? 'skip' : 'check';
  };
