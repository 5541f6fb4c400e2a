import { ConfigError } from '../errors.ts';
import type { Thinking } from '../qwen/thinking.ts';
import type { Tool } from '../tool/define-tool.ts';
import { MOST_LEVELS, toolsOf } from './agent-tool.ts';

export type AgentLimits = {
  /** Model calls of one run, those of its agents with them. Default: 20. */
  readonly maxSteps?: number;
  /** Tokens of one message, thought included. Default: what the context has room for. */
  readonly maxTokens?: number;
};

export type AgentDefinition<AgentTool = string | Tool, SubAgent = string> = {
  /** `^[a-z][a-z0-9-]{0,63}$` */
  readonly name: string;
  readonly description: string;
  /** The system text. */
  readonly instructions: string;
  /** Built-in tools by name, the user's own as values. Default: none. */
  readonly tools?: readonly AgentTool[];
  /** Agents of the project that this one can give tasks to. Their steps count as its own. Default: none. */
  readonly agents?: readonly SubAgent[];
  /** Default: `on`. */
  readonly thinking?: Thinking;
  readonly limits?: AgentLimits;
  /** Tools whose calls need no approval, by name. Default: none. */
  readonly approve?: readonly string[];
};

/** An agent whose tools and agents are all at hand. */
export interface Agent extends AgentDefinition<Tool, Agent> {}

export const DEFAULT_MAX_STEPS = 20;
const AGENT_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** Defines an agent. Throws `ConfigError` where a name or a limit cannot be right. */
export function defineAgent<const Definition extends AgentDefinition>(definition: Definition): Definition {
  const { name, limits = {}, thinking = 'on' } = definition;
  if (!AGENT_NAME.test(name)) {
    throw new ConfigError(
      `The agent name ${JSON.stringify(name)} cannot be used: take small letters, digits and hyphens, such as "clerk".`,
    );
  }
  for (const [limit, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ConfigError(
        `The agent ${name} has limits.${limit} = ${value}: it has to be a whole number of at least 1.`,
      );
    }
  }
  if (
    typeof thinking === 'number'
      ? !Number.isInteger(thinking) || thinking < 1
      : !['on', 'off'].includes(thinking)
  ) {
    throw new ConfigError(
      `The agent ${name} has thinking = ${JSON.stringify(thinking)}: it has to be "on", "off", or a number of tokens.`,
    );
  }
  return definition;
}

/**
 * The agent with its tools and agents looked up by name. Throws `ConfigError` that lists the known ones, or where agents
 * would call each other without an end.
 */
export function resolveAgent(
  definition: AgentDefinition,
  builtInTools: readonly Tool[],
  definitions: readonly AgentDefinition[] = [],
  callers: readonly string[] = [],
): Agent {
  const way = [...callers, definition.name];
  const agents = (definition.agents ?? []).map((name) => {
    if (way.includes(name))
      throw new ConfigError(`Agents would call each other in a circle: ${[...way, name].join(' -> ')}.`);
    if (way.length === MOST_LEVELS)
      throw new ConfigError(
        `Agents may call each other over ${MOST_LEVELS} levels, and these are more: ${[...way, name].join(' -> ')}.`,
      );
    const found = definitions.find((other) => other.name === name);
    if (found) return resolveAgent(found, builtInTools, definitions, way);
    const known = definitions.map((other) => other.name).join(', ');
    throw new ConfigError(
      `The agent ${definition.name} names the agent "${name}", which does not exist. There are: ${known}.`,
    );
  });
  const tools = (definition.tools ?? []).map((tool) => {
    if (typeof tool !== 'string') return tool;
    const found = builtInTools.find(({ name }) => name === tool);
    if (found) return found;
    const known = builtInTools.map(({ name }) => name).join(', ');
    throw new ConfigError(
      `The agent ${definition.name} names the tool "${tool}", which does not exist. There are: ${known}.`,
    );
  });
  const agent: Agent = { ...definition, tools, agents };
  const all = toolsOf(agent);
  const twice = all.find((tool, index) => all.findIndex(({ name }) => name === tool.name) < index);
  if (twice) throw new ConfigError(`The agent ${definition.name} has two tools named "${twice.name}".`);
  const unknown = definition.approve?.find((name) => !tools.some((tool) => tool.name === name));
  if (unknown !== undefined) {
    throw new ConfigError(`The agent ${definition.name} approves "${unknown}", which is none of its tools.`);
  }
  return agent;
}
