/** What may have been done to the world, where it is not known what was done. */
import { join } from 'node:path';
import { readEntries } from '../memory/journal.ts';
import { asideNames } from '../memory/journal-path.ts';
import { filesIn } from '../memory/thread-scan.ts';
import type { ToolCall } from '../messages.ts';
import type { Effect } from '../tool/define-tool.ts';
import { agentToolName } from './agent-tool.ts';
import type { Agent } from './define-agent.ts';

/** Whether a journal is not all that was written of a run, now or before it was recovered. Throws as `readEntries` does. */
export const isDamaged = (home: string, runId: string): boolean =>
  readEntries(home, runId).problem !== undefined || asideNames(filesIn(join(home, 'runs')), runId).length > 0;

/** Whether a run of this agent can do more than read, by itself or by those that it asks. */
export const mayAct = ({ tools = [], agents = [] }: Agent): boolean =>
  tools.some(({ effect }) => effect !== 'read') || agents.some(mayAct);

/** What a call does at the most: one that asks an agent, what that one can do. Nothing where there is no such tool. */
export function effectOf({ name }: ToolCall, { tools = [], agents = [] }: Agent): Effect | undefined {
  const other = agents.find((agent) => agentToolName(agent.name) === name);
  if (other) return mayAct(other) ? 'external' : 'read';
  return tools.find((tool) => tool.name === name)?.effect;
}
