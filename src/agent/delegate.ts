import type { RunEvent, StopReason } from '../events.ts';
import type { ToolOutput } from '../tool/define-tool.ts';
import { toolFailure } from '../tool/tool-result.ts';
import { agentToolName } from './agent-tool.ts';
import { type Agent, DEFAULT_MAX_STEPS } from './define-agent.ts';
import type { CallsToExecute, ExecutedCalls } from './run-context.ts';

/** A run of an agent for another one. */
export type RunForAnother = (
  agent: Agent,
  task: string,
  options: {
    readonly toolCallId: string;
    readonly signal: AbortSignal;
    readonly onEvent: (event: RunEvent) => void;
  },
) => Promise<OtherResult>;

export type OtherResult = {
  readonly stopReason: StopReason;
  readonly text: string;
  readonly reason?: string;
  /** Steps that it had taken when it was cut off, where it was gone on with. Default: 0. */
  readonly stepsBefore?: number;
};

type DelegationOptions = {
  readonly agent: Agent;
  readonly runForAnother: RunForAnother;
  readonly emit: (event: RunEvent) => void;
};

type Call = { readonly toolCallId: string; readonly signal: AbortSignal };

/** The tasks that an agent gives to others, within the steps that it has left. */
export type Delegation = {
  /** Shares the steps that are left among the calls of a step that ask an agent: they may work side by side. */
  share(step: CallsToExecute): void;
  /** Gives a task to an agent, and answers with its result. */
  delegate(agent: Agent, task: string, call: Call): Promise<ToolOutput>;
  /** What came of it since `share`. */
  outcome(): Omit<ExecutedCalls, 'results'>;
};

export function createDelegation({ agent, runForAnother, emit }: DelegationOptions): Delegation {
  const agentTools = new Set(agent.agents?.map(({ name }) => agentToolName(name)));
  let shares = new Map<string, number>();
  let stepsOfOthers = 0;
  let needsApproval = false;
  return {
    share({ calls, stepsLeft }) {
      const asked = calls.filter((call) => agentTools.has(call.toolCall.name) && !('result' in call));
      const each = Math.floor(stepsLeft / Math.max(1, asked.length));
      const over = stepsLeft - each * asked.length;
      shares = new Map(asked.map(({ toolCall }, index) => [toolCall.id, each + (index < over ? 1 : 0)]));
      stepsOfOthers = 0;
      needsApproval = false;
    },
    async delegate(other, task, call) {
      const share = shares.get(call.toolCallId) ?? 0;
      if (share < 1)
        return toolFailure(`No steps are left for the agent ${other.name}. Answer with what you have.`);
      const own = other.limits?.maxSteps ?? DEFAULT_MAX_STEPS;
      const maxSteps = Math.min(own, share);
      const {
        stopReason,
        text,
        reason,
        stepsBefore = 0,
      } = await runForAnother({ ...other, limits: { ...other.limits, maxSteps } }, task, {
        ...call,
        onEvent: (event) => {
          if (innermost(event).type === 'step-start') stepsOfOthers += 1;
          emit({ type: 'agent-event', toolCallId: call.toolCallId, agent: other.name, event });
        },
      });
      stepsOfOthers += stepsBefore;
      if (stopReason === 'done') return text;
      needsApproval ||= stopReason === 'needsApproval';
      const isLent = stopReason === 'outOfSteps' && maxSteps < own;
      const why = isLent
        ? `It took all the steps that were left for it (${maxSteps}).`
        : (reason ?? stopReason);
      return toolFailure(`The agent ${other.name} did not finish. ${why}`);
    },
    outcome: () => ({ stepsOfOthers, needsApproval }),
  };
}

const innermost = (event: RunEvent): RunEvent =>
  event.type === 'agent-event' ? innermost(event.event) : event;
