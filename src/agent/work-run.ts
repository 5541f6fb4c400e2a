import { openFacts } from '../memory/facts.ts';
import { newRunId } from '../memory/new-run-id.ts';
import { memoryOfRun } from '../memory/recall-store.ts';
import { checkWhole, foldEntries, lockThread, startOf, type Thread } from '../memory/threads.ts';
import { toolsOf } from './agent-tool.ts';
import { createAnswerForm } from './answer-form.ts';
import { beginRun, type Names, type WorkOptions } from './begin-run.ts';
import { DEFAULT_MAX_STEPS } from './define-agent.ts';
import type { RunForAnother } from './delegate.ts';
import { createPartialStep } from './partial-step.ts';
import { overOf } from './resume-plan.ts';
import type { RunResult } from './run-agent.ts';
import { type RunOutput, readForm } from './run-context.ts';
import { startMachine } from './run-machine.ts';
import { createRecorder, type RunRecorder } from './run-recorder.ts';
import { sumUsage } from './run-usage.ts';
import { reasonOf } from './stop-reason.ts';
import { checkEnd } from './thread-end.ts';

/** A new run, with the lock of its thread. Throws `ThreadChangedError` where that is not any more as it was read. */
export async function workInThread<Output>(options: WorkOptions<Output>): Promise<RunResult<Output>> {
  const runId = newRunId();
  const names = { runId, threadId: options.thread?.threadId ?? runId };
  using _ = lockThread(options.home, names.threadId);
  if (options.thread) {
    checkWhole(options.thread);
    await checkEnd(options.home, options.thread);
  }
  return await workRun(options, names);
}

/** The work of a run, from its first fact to its last; for the one who has its thread's lock. */
export async function workRun<Output>(
  options: WorkOptions<Output>,
  newNames: Names = namesOf(newRunId()),
): Promise<RunResult<Output>> {
  const { home, durable, resume, onStart = () => {} } = options;
  const thread = resume?.plan.before ?? options.thread;
  const agent = { ...options.agent, tools: toolsOf(options.agent) };
  const form = options.output && createAnswerForm(options.output, { isDirect: agent.tools.length === 0 });
  const names = resume ? namesOf(resume.plan.runId, resume.plan.start.threadId) : newNames;
  const partial = createPartialStep();
  const listeners = [partial.hear, ...[options.tell ?? [], options.onEvent ?? []].flat()];
  const recorder = createRecorder({
    home,
    runId: names.runId,
    durable,
    earlier: resume?.plan.entries,
    listeners,
  });
  const { emit, entries, failed } = recorder;
  const signal = AbortSignal.any([failed, ...(options.signal ? [options.signal] : [])]);
  const facts = options.facts ?? openFacts(home);
  try {
    const standing = beginRun({ ...options, thread }, { form, names, recorder });
    const runForAnother = forAnother({ ...options, facts }, names.runId);
    const asked = startOf(entries)?.message;
    const memory = memoryOfRun({ home, facts, agent: agent.name, ...names });
    const given = {
      ...options,
      ...names,
      ...standing,
      agent,
      form,
      facts: memory,
      thread,
      asked,
      runForAnother,
    };
    const machine = startMachine({ ...given, signal, emit });
    onStart(machine);
    const output = await machine.ended;
    const unwritten = partial.fact();
    if (unwritten) emit(unwritten);
    await saveState(options, output, names, recorder);
    const end = endOfRun(output, options, recorder);
    emit({ type: 'run-end', ...end });
    if (failed.aborted) throw failed.reason;
    return toResult<Output>(output, end, { thread, names, recorder });
  } finally {
    recorder.close();
  }
}

const namesOf = (runId: string, threadId = runId): Names => ({ runId, threadId });

/** Runs an agent for this one, with what this one was given by its user; goes on with a run of it that was cut off. */
function forAnother(options: WorkOptions<unknown>, runId: string): RunForAnother {
  const { output: _, thread: __, tell: ___, onStart: ____, note: _____, resume, ...given } = options;
  return async (agent, task, { toolCallId, ...own }) => {
    const plan = resume?.plan.subRuns.get(toolCallId);
    const stepsBefore = plan?.steps ?? 0;
    const over = plan && overOf(plan);
    if (over) return { ...over, stepsBefore };
    const goOn = plan && { resume: { plan, skipped: resume?.skipped ?? new Set<string>() } };
    const run = await workRun({ ...given, ...own, ...goOn, agent, task, parent: { runId, toolCallId } });
    return { ...run, stepsBefore };
  };
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
