import { z } from 'zod';
import { defineTool, type Tool, type ToolContext, type ToolOutput } from '../tool/define-tool.ts';
import type { Agent } from './define-agent.ts';

/** What a run gives its tools beside what all tools get: it can run an agent for them. */
export type DelegatingContext = ToolContext & {
  readonly delegate: (agent: Agent, task: string) => Promise<ToolOutput>;
};

/** Runs form a tree: a run, those of its agents, and those of theirs. */
export const MOST_LEVELS = 3;

/** What an agent can call: its tools, and its agents as tools. */
export const toolsOf = ({ tools = [], agents = [] }: Agent): readonly Tool[] => [
  ...tools,
  ...agents.map(createAgentTool),
];

/** The agent's tools without its agents: to ask one of these again would do again what it did. */
export function ownToolsOf({ tools = [], agents = [] }: Agent): readonly Tool[] {
  const names = new Set(agents.map(({ name }) => agentToolName(name)));
  return tools.filter(({ name }) => !names.has(name));
}

export const agentToolName = (name: string): string => `ask_${name.replaceAll('-', '_')}`;

/** An agent as a tool: it is given a task, works in a context and a thread of its own, and answers once. To give it a task
 * only reads; what it then does passes the policy call by call. */
function createAgentTool(agent: Agent): Tool {
  return defineTool({
    name: agentToolName(agent.name),
    description: `Give a task to the agent ${agent.name}. ${agent.description}`,
    input: z.object({
      task: z.string().min(1).describe('The whole task. The agent does not see this conversation'),
    }),
    effect: 'read',
    // Its steps are limited, and each tool of it has its own time.
    timeoutMs: 2 ** 31 - 1,
    run: ({ task }, context) => (context as DelegatingContext).delegate(agent, task),
  });
}
