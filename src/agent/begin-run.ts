/** How a run begins, or goes on: what it writes first, and what the loop starts with. */
import type { RunFact } from '../events.ts';
import { NOTHING } from '../memory/thread-fold.ts';
import { endOf, foldEntries, turnsOf } from '../memory/threads.ts';
import { type Message, textPart } from '../messages.ts';
import { sealState } from '../seal/seal-state.ts';
import type { GivenByHandle } from './agent-run.ts';
import type { AnswerForm } from './answer-form.ts';
import type { ResumePlan } from './resume-plan.ts';
import type { RunAgentOptions } from './run-agent.ts';
import type { RunRecorder } from './run-recorder.ts';
import { isToAnswerAgain, standingOf } from './standing.ts';
import { toUnknownId, unknownResult } from './unknown-calls.ts';

/** A run that another one waits for. */
type Parent = NonNullable<Extract<RunFact, { type: 'run-start' }>['parent']>;

export type WorkOptions<Output> = Omit<RunAgentOptions<Output>, 'approve'> &
  Partial<GivenByHandle> & {
    readonly parent?: Parent;
    /** The run to go on with, and its calls that are not made again. Default: a new one begins. */
    readonly resume?: { readonly plan: ResumePlan; readonly skipped: ReadonlySet<string> };
  };

export type Names = { readonly runId: string; readonly threadId: string };

type Begun = {
  readonly form: AnswerForm | undefined;
  readonly names: Names;
  readonly recorder: RunRecorder;
};

/** Writes how the run begins or goes on, and tells from where. */
export function beginRun(options: WorkOptions<unknown>, { form, names, recorder }: Begun) {
  const { thread, resume, agent } = options;
  const { emit, entries } = recorder;
  const before = thread ?? NOTHING;
  if (!resume) {
    emit(runStart(options, form, names));
    return { messages: foldEntries({ messages: [], context: before.context }, entries).context };
  }
  const { plan, skipped } = resume;
  const isAgain = isToAnswerAgain(entries);
  emit({ type: 'run-resume', agent: agent.name, seal: sealState().mechanism });
  if (isAgain) emit(answerAgain(foldEntries(before, entries).context, plan.step));
  const without = new Set(plan.without);
  for (const { toolCall } of plan.unknown.filter(({ runId }) => runId === names.runId)) {
    if (!skipped.has(toUnknownId(names.runId, toolCall.id))) continue;
    emit({ type: 'tool-call-end', result: unknownResult(toolCall.id), durationMs: 0 });
    without.delete(toolCall.id);
  }
  const { messages, start, known } = standingOf(entries, { before, without });
  return { messages, known, start: { ...start, stepsOfOthers: plan.stepsOfOthers } };
}

/** The model does not see the answer that the run failed with; the thread keeps it. */
const answerAgain = (context: readonly Message[], step: number): RunFact => ({
  type: 'context-compact',
  step: step + 1,
  dropped: [],
  promptTokens: 0,
  roomTokens: 0,
  context: context.slice(0, -1),
});

function runStart(
  { agent, engine, task, thread, parent, note }: WorkOptions<unknown>,
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
    ...(note && { note }),
  };
}
