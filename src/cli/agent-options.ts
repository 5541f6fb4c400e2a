import type { Agent } from '../agent/define-agent.ts';
import type { Thinking } from '../qwen/thinking.ts';
import { UsageError } from './command.ts';

/** What a command takes that gives an agent work. */
export const AGENT_OPTIONS = {
  thread: { type: 'string' },
  model: { type: 'string' },
  thinking: { type: 'string' },
  workspace: { type: 'string' },
  approve: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** What `--thinking` says, or whatever else takes the same words. */
export function parseThinking(value: string, says = '--thinking takes'): Thinking {
  if (value === 'on' || value === 'off') return value;
  const tokens = Number(value);
  if (Number.isInteger(tokens) && tokens > 0) return tokens;
  throw new UsageError(`${says} on, off or a number of tokens, not ${JSON.stringify(value)}.`);
}

/** What `--approve` names: tools of the agent, or of those that it gives tasks to. */
export function parseApproved(value: string | undefined, agent: Agent): readonly string[] {
  const approved = value === undefined ? [] : value.split(',').map((tool) => tool.trim());
  const known = toolNames(agent);
  const unknown = approved.find((tool) => !known.has(tool));
  if (unknown === undefined) return approved;
  throw new UsageError(
    `--approve names ${JSON.stringify(unknown)}, which ${agent.name} does not have. It has: ${[...known].join(', ')}.`,
  );
}

const toolNames = ({ tools = [], agents = [] }: Agent): ReadonlySet<string> =>
  new Set([...tools.map(({ name }) => name), ...agents.flatMap((other) => [...toolNames(other)])]);
