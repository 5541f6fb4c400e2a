import type { RunFact } from '../events.ts';
import type { ToolCall } from '../messages.ts';
import type { PreparedCall } from './execute-tool-calls.ts';
import { verdictOf } from './policy.ts';
import type { ApprovalAnswer } from './run-context.ts';

export type ApprovalRequest = {
  /** Whose call it is. */
  readonly agent: string;
  readonly toolCall: ToolCall;
  /** Why it is asked. */
  readonly reason: string;
  readonly signal: AbortSignal;
};

/** Asks a person about one call. */
export type Approve = (request: ApprovalRequest) => Promise<'allow' | 'deny'>;

type AskOptions = {
  readonly agent: string;
  readonly approve: Approve | undefined;
  readonly emit: (fact: RunFact) => void;
  readonly signal: AbortSignal;
};

/** Asks about every call that the policy does not decide, one after the other. */
export async function askApproval(
  calls: readonly PreparedCall[],
  { agent, approve, emit, signal }: AskOptions,
): Promise<ApprovalAnswer> {
  const answered: PreparedCall[] = [];
  for (const call of calls) {
    if (!('verdict' in call) || call.verdict.decision !== 'ask') {
      answered.push(call);
      continue;
    }
    const { toolCall, verdict } = call;
    emit({ type: 'approval-start', toolCall, reason: verdict.reason });
    if (!approve) continue;
    const answer = await approve({ agent, toolCall, reason: verdict.reason, signal });
    // Code of a user's own may answer with anything: only a clear yes is one.
    const decision = answer === 'allow' ? 'allow' : 'deny';
    emit({ type: 'approval-end', toolCallId: toolCall.id, decision });
    answered.push({ ...call, verdict: verdictOf(decision) });
  }
  return approve ? answered : 'unavailable';
}
