import type { Agent } from '../agent/define-agent.ts';
import type { CutOffRun } from '../agent/find-cut-off.ts';
import { LockError, SottoError } from '../errors.ts';
import { localTime } from '../memory/local-time.ts';
import type { JsonObject } from '../messages.ts';
import { keepStart } from './read/text-width.ts';

const TASK_COLUMNS = 60;
/** What was meant then may not be any more. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;

type Wanted = {
  readonly home: string;
  readonly agent: Agent;
  readonly task: string;
  readonly note: JsonObject;
  readonly threadId: string | undefined;
};

/** The run that was cut off and that the same `sotto run` goes on with, once it is said. Nothing where there is none, and
 * where it is too old or cannot be gone on with, which is said too. */
export async function takeUp(
  { home, agent, task, note, threadId }: Wanted,
  say: (sentence: string) => void,
): Promise<CutOffRun | undefined> {
  const { findCutOff } = await import('../agent/find-cut-off.ts');
  const found = await findCutOff(home, { agent: agent.name, task, note, threadId });
  if (!found) return undefined;
  const { runId, step, at } = found;
  const what = JSON.stringify(keepStart(task, TASK_COLUMNS));
  const stopped = `Run ${runId} stopped at step ${step} of ${what}, at ${localTime(at) ?? 'an unknown time'}`;
  if (!(Date.now() - Date.parse(at) <= MOST_AGE_MS)) {
    say(`${stopped}, more than a day ago: this begins anew. To go on with that one: sotto resume ${runId}`);
    return undefined;
  }
  const problem = await whyNot(found, { home, agent, say });
  if (problem !== undefined) {
    say(`${stopped}, and cannot be gone on with: this begins anew. ${problem}`);
    return undefined;
  }
  say(`${stopped}: going on with it. To begin anew, end this and add --new.`);
  return found;
}

type Given = Pick<Wanted, 'home' | 'agent'> & { readonly say: (sentence: string) => void };

async function whyNot({ runId, threadId }: CutOffRun, { home, agent, say }: Given) {
  const { planResume } = await import('../agent/resume-plan.ts');
  const { lockThread } = await import('../memory/threads.ts');
  try {
    using _ = lockThread(home, threadId);
    await planResume(runId, { home, agent, warn: say });
    return undefined;
  } catch (error) {
    if (error instanceof LockError || !(error instanceof SottoError)) throw error;
    return error.message;
  }
}
