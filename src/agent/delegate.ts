import type { RunEvent, StopReason } from '../events.ts';
import type { ToolOutput } from '../tool/define-tool.ts';
import { toolFailure } from '../tool/tool-result.ts';
import type { Agent } from './define-agent.ts';

/** A run of an agent for another one. */
export type RunForAnother = (
  agent: Agent,
  task: string,
  options: {
    readonly toolCallId: string;
    readonly signal: AbortSignal;
    readonly onEvent: (event: RunEvent) => void;
  },
) => Promise<{ readonly stopReason: StopReason; readonly text: string; readonly reason?: string }>;

type DelegateOptions = {
  readonly runForAnother: RunForAnother;
  readonly toolCallId: string;
  readonly signal: AbortSignal;
  /** The most steps that it may take. */
  readonly steps: number;
  readonly emit: (event: RunEvent) => void;
  readonly countStep: () => void;
};

/** Gives a task to an agent, within the steps that are left, and answers with its result. */
export async function delegate(agent: Agent, task: string, options: DelegateOptions): Promise<ToolOutput> {
  const { runForAnother, toolCallId, signal, steps, emit, countStep } = options;
  if (steps < 1)
    return toolFailure(`No steps are left for the agent ${agent.name}. Answer with what you have.`);
  const maxSteps = Math.min(agent.limits?.maxSteps ?? steps, steps);
  const { stopReason, text, reason } = await runForAnother(
    { ...agent, limits: { ...agent.limits, maxSteps } },
    task,
    {
      toolCallId,
      signal,
      onEvent: (event) => {
        if (innermost(event).type === 'step-start') countStep();
        emit({ type: 'agent-event', toolCallId, agent: agent.name, event });
      },
    },
  );
  if (stopReason === 'done') return text;
  return toolFailure(`The agent ${agent.name} did not finish. ${reason ?? stopReason}`);
}

const innermost = (event: RunEvent): RunEvent =>
  event.type === 'agent-event' ? innermost(event.event) : event;
