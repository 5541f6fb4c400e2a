import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ThreadChangedError } from '../agent/thread-end.ts';
import { findAgent, type LoadedConfig } from '../config.ts';
import type { JsonObject } from '../messages.ts';
import { AGENT_OPTIONS, parseApproved, parseThinking } from './agent-options.ts';
import { workAgent } from './agent-work.ts';
import { askUnknown, parseUnknown } from './ask-unknown.ts';
import { type Command, UsageError } from './command.ts';
import { cutOffNote } from './cut-off-note.ts';
import { loadSchema } from './load-schema.ts';
import { loadThread } from './load-thread.ts';
import { takeUp } from './run-take-up.ts';
import { loadUnlocked } from './unlock-project.ts';

const OPTIONS = {
  ...AGENT_OPTIONS,
  schema: { type: 'string' },
  trace: { type: 'string' },
  unknown: { type: 'string' },
  new: { type: 'boolean' },
} as const;
/** Others may go on with the thread each time it was read. */
const MOST_TRIES = 5;

/** `sotto run <agent> "<task>"` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [agentName, task, ...rest] = positionals;
  if (!agentName || !task?.trim() || rest.length > 0) {
    throw new UsageError('`sotto run` takes an agent and a task in quotes: sotto run clerk "…".');
  }
  const decision = parseUnknown(values.unknown);
  const config = await loadUnlocked({
    ...(values.config && { configPath: values.config }),
    ...(values.model && { modelPath: values.model }),
    ...(values.workspace && { workspace: values.workspace }),
  });
  const found = findAgent(config, agentName);
  const thinking = values.thinking === undefined ? found.thinking : parseThinking(values.thinking);
  const agent = { ...found, ...(thinking !== undefined && { thinking }) };
  const approved = parseApproved(values.approve, agent);
  const schema = values.schema === undefined ? undefined : await loadSchema(values.schema);
  const { home } = config;
  const { thread: threadId, json: isJson = false, trace: tracePath } = values;
  if (threadId !== undefined) await checkFree(home, threadId);
  const note = toNote(values, config);
  const work = { config, agent, approved, schema, isJson, tracePath };
  const cutOff = values.new
    ? undefined
    : await takeUp({ home, agent, task, note, threadId }, (sentence) => output.note(sentence));
  if (cutOff) {
    const { runId, entries } = cutOff;
    const { resumeRun } = await import('../agent/resume-run.ts');
    const [earlier] = entries;
    return workAgent({ ...work, ...(earlier && { earlier }) }, output, (given) =>
      resumeRun({ ...given, runId, warn: output.note, ...askUnknown(output, { decision, isJson }) }),
    );
  }
  if (threadId !== undefined) {
    const cutOffBefore = cutOffNote(home, await loadThread(home, threadId));
    if (cutOffBefore !== undefined) output.note(cutOffBefore);
  }
  const { runAgent } = await import('../agent/run-agent.ts');
  return workAgent(work, output, async (given) => {
    for (let tries = 1; ; tries += 1) {
      // Read as late as can be: another program may have gone on with it while the model was loaded.
      const thread = threadId === undefined ? undefined : await loadThread(home, threadId);
      try {
        return await runAgent({ ...given, task, note, ...(thread && { thread }) });
      } catch (error) {
        if (!(error instanceof ThreadChangedError) || tries === MOST_TRIES) throw error;
      }
    }
  });
};

/** Says before the model is loaded that a thread cannot be gone on with, or that another program works on it. */
async function checkFree(home: string, threadId: string): Promise<void> {
  await loadThread(home, threadId);
  const { isThreadLocked, lockThread } = await import('../memory/threads.ts');
  // Says who has it.
  if (isThreadLocked(home, threadId)) lockThread(home, threadId).release();
}

/** Where the options have to be known again when the run is gone on with. */
function toNote(
  { model, schema, thinking, approve }: Partial<Record<'model' | 'schema' | 'thinking' | 'approve', string>>,
  { workspace }: LoadedConfig,
): JsonObject {
  return {
    workspace,
    ...(model !== undefined && { model: resolve(model) }),
    ...(schema !== undefined && { schema: resolve(schema) }),
    ...(thinking !== undefined && { thinking }),
    ...(approve !== undefined && { approve }),
  };
}
