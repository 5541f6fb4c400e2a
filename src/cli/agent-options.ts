import type { Agent } from '../agent/define-agent.ts';
import type { Thinking } from '../qwen/thinking.ts';
import { UsageError } from './command.ts';

/** What `--thinking` says, or whatever else takes the same words. */
export function parseThinking(value: string, says = '--thinking takes'): Thinking {
  if (value === 'on' || value === 'off') return value;
  const tokens = Number(value);
  if (Number.isInteger(tokens) && tokens > 0) return tokens;
  throw new UsageError(`${says} on, off or a number of tokens, not ${JSON.stringify(value)}.`);
}

/** What `--approve` names. */
export function parseApproved(value: string | undefined, { name, tools = [] }: Agent): readonly string[] {
  const approved = value === undefined ? [] : value.split(',').map((tool) => tool.trim());
  const unknown = approved.find((tool) => !tools.some((known) => known.name === tool));
  if (unknown === undefined) return approved;
  const known = tools.map((tool) => tool.name).join(', ');
  throw new UsageError(
    `--approve names ${JSON.stringify(unknown)}, which ${name} does not have. It has: ${known}.`,
  );
}
