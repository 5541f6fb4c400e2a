/** What the loop knows of a run, and the questions that it asks about it. */
import type { FinishReason, StopReason } from '../events.ts';
import {
  type AssistantMessage,
  type Message,
  type ToolCall,
  type ToolResult,
  type UserMessage,
  userMessage,
} from '../messages.ts';
import type { AnswerForm } from './answer-form.ts';
import type { PreparedCall } from './execute-tool-calls.ts';

export type RunInput = {
  readonly messages: readonly Message[];
  readonly maxSteps: number;
  /** What the answer has to be. Default: any text. */
  readonly form?: AnswerForm | undefined;
  /** Where a run goes on that was cut off. Default: it begins. */
  readonly start?: RunStart | undefined;
};

/** A message that is taken in before a step. */
export type AddedMessage = { readonly from: 'user' | 'program'; readonly message: UserMessage };

export type RunContext = RunInput & {
  readonly step: number;
  /** Steps that sub-agents took. */
  readonly stepsOfOthers: number;
  /** Messages that wait for the next step. */
  readonly waiting: readonly AddedMessage[];
  /** Those that this step took in, the last of `messages`. */
  readonly added: readonly AddedMessage[];
  /** Those that the next step had taken in before the run was cut off: the journal and `messages` have them. */
  readonly kept: readonly AddedMessage[];
  /** Whether the loop goes on behind the last answer, and not with a model call. */
  readonly isBehindAnswer: boolean;
  /** How often the program asked for the answer in its form. */
  readonly formRequests: number;
  /** All calls of the run. */
  readonly calls: readonly ToolCall[];
  /** The calls of this step, with their verdicts. */
  readonly prepared: readonly PreparedCall[];
  /** How the last message ended. */
  readonly finish: FinishReason;
  readonly error: unknown;
};

/** Where a run goes on that was cut off. */
export type RunStart = Pick<
  RunContext,
  'step' | 'finish' | 'calls' | 'formRequests' | 'kept' | 'isBehindAnswer'
> & {
  /** Steps that sub-agents took. Default: none. */
  readonly stepsOfOthers?: number;
};

export type RunOutput = Pick<RunContext, 'messages' | 'step' | 'finish' | 'error' | 'form' | 'waiting'> & {
  readonly stopReason: StopReason;
};

export type ModelInput = Pick<RunContext, 'messages' | 'step' | 'added'> & {
  /** Whether the message has to be the answer in its form. */
  readonly isForming: boolean;
};
/** What a model call brings. */
export type ModelAnswer = {
  readonly message: AssistantMessage;
  readonly finish: FinishReason;
  /** What stands before the message now, where it was made shorter. */
  readonly compacted?: readonly Message[];
};
/** The calls with their verdicts after a person was asked, or `unavailable` where nobody can be. */
export type ApprovalAnswer = readonly PreparedCall[] | 'unavailable';
/** The calls to make, and how many steps agents may take for them. */
export type CallsToExecute = { readonly calls: readonly PreparedCall[]; readonly stepsLeft: number };
export type ExecutedCalls = {
  readonly results: readonly ToolResult[];
  readonly stepsOfOthers: number;
  /** Whether an agent that was asked stopped for an approval that nobody can give. */
  readonly needsApproval: boolean;
};

/** So many equal calls in a row are a loop. */
export const MOST_EQUAL_CALLS = 3;
/** So often an answer is asked for in its form. */
export const MOST_FORM_REQUESTS = 2;

export const startContext = (input: RunInput): RunContext => ({
  ...input,
  step: 0,
  stepsOfOthers: 0,
  waiting: [],
  added: [],
  kept: [],
  isBehindAnswer: false,
  formRequests: 0,
  calls: [],
  prepared: [],
  finish: 'stop',
  error: undefined,
  ...input.start,
});

/** Whether no message of the model was there to decide about. */
export const isBeginning = ({ step, isBehindAnswer, start }: RunContext): boolean =>
  step === (start?.step ?? 0) && !isBehindAnswer;

const lastAnswer = ({ messages }: Pick<RunContext, 'messages'>): AssistantMessage | undefined => {
  const last = messages.at(-1);
  return last?.role === 'assistant' ? last : undefined;
};

export const toolCallsOf = (context: RunContext): readonly ToolCall[] => lastAnswer(context)?.toolCalls ?? [];

/** Whether the last message is neither a call nor a whole answer. */
export const isUnfinished = (context: RunContext): boolean =>
  toolCallsOf(context).length === 0 && (context.finish !== 'stop' || !lastAnswer(context)?.text);

/** Whether the model has said its last word: no call, and nobody said anything that a step is left for. */
const isAtEnd = (context: RunContext): boolean =>
  toolCallsOf(context).length === 0 && (context.waiting.length === 0 || isOutOfSteps(context));

export const readForm = ({ form, ...context }: Pick<RunContext, 'form' | 'messages'>) =>
  form?.read(lastAnswer(context)?.text ?? '');

export const isAnswered = (context: RunContext): boolean =>
  isAtEnd(context) && readForm(context)?.ok !== false;

export const isOutOfForm = (context: RunContext): boolean =>
  isAtEnd(context) && context.formRequests === MOST_FORM_REQUESTS;

export const isOutOfSteps = ({ step, stepsOfOthers, maxSteps }: RunContext): boolean =>
  step + stepsOfOthers >= maxSteps;

export const lacksForm = isAtEnd;

/** The program's own words that ask for the answer in its form. */
export const formRequest = (context: RunContext): Partial<RunContext> => {
  const message = userMessage(context.form?.request(readForm(context)) ?? '');
  return { waiting: [{ from: 'program', message }], formRequests: context.formRequests + 1 };
};

/** The next step, with the messages that waited for it. */
export const nextStep = ({ step, messages, waiting, formRequests }: RunContext): Partial<RunContext> => ({
  step: step + 1,
  // What the user says in between is answered anew.
  formRequests: waiting.some(({ from }) => from === 'user') ? 0 : formRequests,
  messages: [...messages, ...waiting.map(({ message }) => message)],
  added: waiting,
  waiting: [],
});

export const toModelInput = ({ messages, step, kept, added, form }: RunContext): ModelInput => ({
  messages,
  step,
  added,
  isForming:
    form !== undefined && (form.isDirect || [...kept, ...added].some(({ from }) => from === 'program')),
});

export const withAnswer = (
  { messages, calls }: RunContext,
  { message, finish, compacted = messages }: ModelAnswer,
): Partial<RunContext> => ({
  messages: [...compacted, message],
  kept: [],
  calls: [...calls, ...message.toolCalls],
  finish,
});

export const withResults = (
  { messages, stepsOfOthers }: RunContext,
  executed: ExecutedCalls,
): Partial<RunContext> => ({
  messages: [...messages, { role: 'tool', results: executed.results }],
  stepsOfOthers: stepsOfOthers + executed.stepsOfOthers,
});

/** One step is kept for what is made of the results. */
export const toCallsToExecute = (context: RunContext): CallsToExecute => ({
  calls: context.prepared,
  stepsLeft: context.maxSteps - context.step - context.stepsOfOthers - 1,
});

export const isRepeating = ({ calls }: RunContext): boolean => {
  const [first, ...others] = calls
    .slice(-MOST_EQUAL_CALLS)
    .map(({ name, input }) => JSON.stringify([name, input]));
  return others.length === MOST_EQUAL_CALLS - 1 && others.every((call) => call === first);
};

export const needsApproval = (prepared: readonly PreparedCall[]): boolean =>
  prepared.some((call) => 'verdict' in call && call.verdict.decision === 'ask');

const toOutput = (
  stopReason: StopReason,
  { messages, step, finish, error, form, waiting }: RunContext,
): RunOutput => ({ stopReason, messages, step, finish, error, form, waiting });

/** What an actor of the loop does until `runAgent` provides it. */
export const notProvided = (name: string) => async (): Promise<never> => {
  throw new Error(`actor "${name}" was not provided`);
};

/** A final state of the loop, whose name is why the run stopped. */
export const end = (stopReason: StopReason) => ({
  type: 'final' as const,
  output: ({ context }: { context: RunContext }) => toOutput(stopReason, context),
});
