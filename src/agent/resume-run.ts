import { ConfigError } from '../errors.ts';
import { noUsage, type StopReason } from '../events.ts';
import { readEntries } from '../memory/journal.ts';
import { foldMessages, lockThread, startOf } from '../memory/threads.ts';
import { createAgentRun } from './agent-run.ts';
import { planResume, type ResumePlan, type UnknownCall } from './resume-plan.ts';
import type { RunAgentOptions, RunResult } from './run-agent.ts';
import type { Run } from './run-handle.ts';
import { sayUnknown, toUnknownId } from './unknown-calls.ts';
import { workRun } from './work-run.ts';

/** What to do about a call that was begun and may have taken effect: `check` stops here and changes nothing, so that the
 * user can look; `run-again` makes it again; `skip` tells the model that its outcome is not known. */
export type UnknownDecision = 'check' | 'run-again' | 'skip';
export type OnUnknown = (
  call: UnknownCall,
  signal?: AbortSignal,
) => Promise<UnknownDecision> | UnknownDecision;

export type ResumeRunOptions<Output = unknown> = Omit<RunAgentOptions<Output>, 'task' | 'thread' | 'note'> & {
  /** The run to go on with: one that was cut off, or that ended as `aborted`, `failed`, `needsApproval` or `outOfSteps`. */
  readonly runId: string;
  /** Asked about each call whose outcome is not known; calls of tools that only read are made again unasked. Default:
   * `check`. */
  readonly onUnknown?: OnUnknown;
  /** Told what a person should know: that the model is another one, what was lost of a damaged journal. Default: a warning
   * of the process, `SottoWarning`. */
  readonly warn?: (sentence: string) => void;
};

/**
 * Goes on with a run from the last event in its journal, in that journal. What is there is not done again: steps, results,
 * answers of the user. Where a call's outcome is not known and `onUnknown` says `check`, the result is `needsApproval` and
 * nothing was changed. Rejects with `LockError` where another one works on the thread, with `ConfigError` where there is
 * nothing to go on with, and as `runAgent` does.
 */
export function resumeRun<Output = unknown>(options: ResumeRunOptions<Output>): Run<RunResult<Output>> {
  const { home, runId, agent, engine, signal } = options;
  const warn = options.warn ?? ((sentence) => process.emitWarning(sentence, 'SottoWarning'));
  return createAgentRun(options, async (given) => {
    const start = startOf(readEntries(home, runId).entries);
    if (!start)
      throw new ConfigError(`Nothing is left of the run ${runId} to go on with. Give its task again.`);
    using _ = lockThread(home, start.threadId);
    const plan = await planResume(runId, { home, agent, warn });
    const { name, fingerprint } = plan.start.model;
    if (engine.model.fingerprint !== fingerprint)
      warn(
        `Model differs from the recorded one: it was ${name} (${fingerprint}), now ${engine.model.name} (${engine.model.fingerprint}). The run goes on with this one.`,
      );
    const skipped = new Set<string>();
    for (const call of plan.unknown) {
      const decision = (await options.onUnknown?.(call, signal)) ?? 'check';
      signal?.throwIfAborted();
      if (decision === 'skip') skipped.add(toUnknownId(call.runId, call.toolCall.id));
      else if (decision !== 'run-again') return toUnchanged(plan, sayUnknown(call));
    }
    return await workRun<Output>({ ...options, ...given, resume: { plan, skipped } });
  });
}

/** What is known of a run that was left as it is. */
function toUnchanged({ runId, start, entries, before, steps }: ResumePlan, reason: string) {
  const stopReason: StopReason = 'needsApproval';
  const { threadId } = start;
  const messages = [...before.messages, ...foldMessages(entries)];
  const thread = { threadId, messages, context: before.context, runs: [...before.runs, { runId, entries }] };
  return { runId, threadId, stopReason, text: '', thread, messages, steps, usage: noUsage, reason };
}
