/** What the loop knows of a run, and the questions that it asks about it. */
import type { FinishReason, StopReason } from '../events.ts';
import type { AssistantMessage, Message, ToolCall } from '../messages.ts';
import type { PreparedCall } from './execute-tool-calls.ts';

export type RunInput = { readonly messages: readonly Message[]; readonly maxSteps: number };

export type RunContext = RunInput & {
  readonly step: number;
  /** All calls of the run. */
  readonly calls: readonly ToolCall[];
  /** The calls of this step, with their verdicts. */
  readonly prepared: readonly PreparedCall[];
  /** How the last message ended. */
  readonly finish: FinishReason;
  readonly error: unknown;
};

export type RunOutput = Pick<RunContext, 'messages' | 'step' | 'finish' | 'error'> & {
  readonly stopReason: StopReason;
};

/** What a model call brings. */
export type ModelAnswer = { readonly message: AssistantMessage; readonly finish: FinishReason };
/** The calls with their verdicts after a person was asked, or `unavailable` where nobody can be. */
export type ApprovalAnswer = readonly PreparedCall[] | 'unavailable';

/** So many equal calls in a row are a loop. */
export const MOST_EQUAL_CALLS = 3;

export const toolCallsOf = ({ messages }: RunContext): readonly ToolCall[] => {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? last.toolCalls : [];
};

/** Whether the last message is neither a call nor a whole answer. */
export const isUnfinished = (context: RunContext): boolean => {
  const last = context.messages.at(-1);
  const answer = last?.role === 'assistant' ? last.text : '';
  return toolCallsOf(context).length === 0 && (context.finish !== 'stop' || answer === '');
};

export const isRepeating = ({ calls }: RunContext): boolean => {
  const [first, ...others] = calls
    .slice(-MOST_EQUAL_CALLS)
    .map(({ name, input }) => JSON.stringify([name, input]));
  return others.length === MOST_EQUAL_CALLS - 1 && others.every((call) => call === first);
};

export const needsApproval = (prepared: readonly PreparedCall[]): boolean =>
  prepared.some((call) => 'verdict' in call && call.verdict.decision === 'ask');

export const toOutput = (
  stopReason: StopReason,
  { messages, step, finish, error }: RunContext,
): RunOutput => ({ stopReason, messages, step, finish, error });
