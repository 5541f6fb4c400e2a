import type { RunEvent, RunFact } from '../events.ts';
import { openFacts } from '../memory/facts.ts';
import { newRunId } from '../memory/new-run-id.ts';
import { checkWhole, endOf, foldEntries, type Thread, turnsOf } from '../memory/threads.ts';
import { textPart } from '../messages.ts';
import { sealState } from '../seal/seal-state.ts';
import { toolsOf } from './agent-tool.ts';
import { type AnswerForm, createAnswerForm } from './answer-form.ts';
import { DEFAULT_MAX_STEPS } from './define-agent.ts';
import type { RunForAnother } from './delegate.ts';
import type { RunAgentOptions, RunResult } from './run-agent.ts';
import { type RunOutput, readForm } from './run-context.ts';
import { type RunningMachine, startMachine } from './run-machine.ts';
import { createRecorder, type RunRecorder } from './run-recorder.ts';
import { sumUsage } from './run-usage.ts';
import { reasonOf } from './stop-reason.ts';

/** A run that another one waits for. */
type Parent = NonNullable<Extract<RunFact, { type: 'run-start' }>['parent']>;

type WorkOptions<Output> = RunAgentOptions<Output> & {
  /** Hears of every event before `onEvent`. */
  readonly tell?: (event: RunEvent) => void;
  /** Told of the loop once it works. */
  readonly onStart?: (machine: RunningMachine) => void;
  readonly parent?: Parent;
};

type Names = { readonly runId: string; readonly threadId: string };

/** The work of a run, from its first fact to its last. */
export async function workRun<Output>(options: WorkOptions<Output>): Promise<RunResult<Output>> {
  const { home, durable, thread, tell = () => {}, onStart = () => {}, onEvent = () => {} } = options;
  if (thread) checkWhole(thread);
  const agent = { ...options.agent, tools: toolsOf(options.agent) };
  const form = options.output && createAnswerForm(options.output, { isDirect: agent.tools.length === 0 });
  const runId = newRunId();
  const names = { runId, threadId: thread?.threadId ?? runId };
  const recorder = createRecorder({ home, runId, durable, listeners: [tell, onEvent] });
  const { emit, entries, failed } = recorder;
  const signal = AbortSignal.any([failed, ...(options.signal ? [options.signal] : [])]);
  const facts = options.facts ?? openFacts(home);
  try {
    emit(runStart(options, form, names));
    const { context } = foldEntries({ messages: [], context: thread?.context ?? [] }, entries);
    const runForAnother = forAnother({ ...options, facts }, runId);
    const given = { ...options, ...names, agent, form, facts, runForAnother };
    const machine = startMachine({ ...given, messages: context, signal, emit });
    onStart(machine);
    const output = await machine.ended;
    await saveState(options, output, names, recorder);
    const end = endOfRun(output, options, recorder);
    emit({ type: 'run-end', ...end });
    if (failed.aborted) throw failed.reason;
    return toResult<Output>(output, end, { thread, names, recorder });
  } finally {
    recorder.close();
  }
}

function runStart(
  { agent, engine, task, thread, parent }: WorkOptions<unknown>,
  form: AnswerForm | undefined,
  names: Names,
): RunFact {
  const { name, fingerprint } = engine.model;
  const after = thread && endOf(thread);
  const content = [textPart(task ?? ''), ...(form ? [textPart(`\n\n${form.instruction}`)] : [])];
  return {
    type: 'run-start',
    ...names,
    turn: (thread ? turnsOf(thread) : 0) + (task === undefined ? 0 : 1),
    agent: agent.name,
    model: { name, fingerprint },
    seal: sealState().mechanism,
    ...(task !== undefined && { message: { role: 'user', content } }),
    ...(after && { after }),
    ...(parent && { parent }),
  };
}

/** Runs an agent for this one, with what this one was given by its user. */
function forAnother(options: WorkOptions<unknown>, runId: string): RunForAnother {
  const { output: _, thread: __, tell: ___, onStart: ____, ...given } = options;
  return (agent, task, { toolCallId, ...own }) =>
    workRun({ ...given, ...own, agent, task, parent: { runId, toolCallId } });
}

/** A sub-agent's thread is not gone on with, and who stops a run does not want to wait. */
async function saveState(
  { engine, parent }: WorkOptions<unknown>,
  { stopReason }: RunOutput,
  { threadId }: Names,
  { emit }: RunRecorder,
): Promise<void> {
  if (parent) return engine.forget(threadId);
  if (stopReason === 'failed' || stopReason === 'aborted') return;
  const saved = await engine.saveState(threadId);
  if (saved) emit({ type: 'state-save', ...saved });
}

function endOfRun(output: RunOutput, { agent }: WorkOptions<unknown>, { entries }: RunRecorder) {
  const reason = reasonOf(output, agent.limits?.maxSteps ?? DEFAULT_MAX_STEPS);
  const read = output.stopReason === 'done' ? readForm(output) : undefined;
  const usages = entries.flatMap((entry) =>
    entry.type === 'step-end' || entry.type === 'ask-end' ? [entry.usage] : [],
  );
  const unread = output.waiting.flatMap(({ from, message }) => (from === 'user' ? [message] : []));
  return {
    stopReason: output.stopReason,
    steps: output.step,
    usage: sumUsage(usages),
    ...(reason !== undefined && { reason }),
    ...(unread.length > 0 && { unread }),
    // As it was written: what a schema makes of JSON may be more than that, such as a date.
    ...(read?.ok && { output: read.json }),
  };
}

type Told = { readonly thread: Thread | undefined; readonly names: Names; readonly recorder: RunRecorder };

function toResult<Output>(
  run: RunOutput,
  end: ReturnType<typeof endOfRun>,
  { thread, names, recorder }: Told,
): RunResult<Output> {
  const { runs = [], ...before } = thread ?? { messages: [], context: [] };
  const { entries } = recorder;
  const grown = {
    threadId: names.threadId,
    runs: [...runs, { runId: names.runId, entries }],
    ...foldEntries(before, entries),
  };
  const last = run.messages.at(-1);
  const { output, ...rest } = end;
  const read = output === undefined ? undefined : readForm(run);
  return {
    ...names,
    ...rest,
    text: last?.role === 'assistant' ? last.text : '',
    thread: grown,
    messages: grown.messages,
    ...(read?.ok && { output: read.output as Output }),
    ...(run.error !== undefined && { error: run.error }),
  };
}
