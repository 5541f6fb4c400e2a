import type { Engine, EngineEvent, GenerateRequest, Generation } from '../engine/engine.ts';
import { ContextOverflowError, EngineCrashError } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import type { Message, UserMessage } from '../messages.ts';
import { ownToolsOf } from './agent-tool.ts';
import { compactContext } from './compact-context.ts';
import type { Agent } from './define-agent.ts';
import { roomOf } from './room-of.ts';
import { sumUsage } from './run-usage.ts';
import { summarizeMessages } from './summarize-messages.ts';

export type GenerateInRoomOptions = {
  readonly agent: Agent;
  readonly engine: Engine;
  /** What the run is about. */
  readonly task: UserMessage | undefined;
  readonly step: number;
  readonly toRequest: (messages: readonly Message[]) => GenerateRequest;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

export type GeneratedInRoom = {
  readonly generation: Generation;
  /** What the model was given instead, where it was too much. */
  readonly compacted?: readonly Message[];
};

/** The message of a step. A context without room for it is compacted first; so is one that was full before the message
 * called anything, and then the step is tried once more. */
export async function generateInRoom(
  messages: readonly Message[],
  options: GenerateInRoomOptions,
): Promise<GeneratedInRoom> {
  const { agent, engine, step, toRequest, emit } = options;
  const { leaveTokens, roomTokens } = roomOf(agent, engine);
  const first = await generate({ ...toRequest(messages), leaveTokens }, options).catch((error: unknown) => {
    if (error instanceof ContextOverflowError) return error;
    throw error;
  });
  const isOverflow = first instanceof ContextOverflowError;
  if (!isOverflow && (first.finish !== 'contextFull' || first.toolCalls.length > 0)) {
    return { generation: first };
  }
  const measure = async (some: readonly Message[]) => (await engine.tokenize(toRequest(some).prompt)).length;
  const promptTokens = isOverflow ? first.promptTokens : await measure(messages);
  const compaction = await compact(messages, { ...options, measure, roomTokens });
  if (!compaction && !isOverflow) return { generation: first };
  if (compaction) {
    const { dropped, context } = compaction;
    emit({ type: 'context-compact', step, dropped, promptTokens, roomTokens, context });
  }
  // What could be left out is: now only a prompt that the context does not hold at all is refused.
  const second = await generate(toRequest(compaction?.context ?? messages), options);
  const usages = [
    ...(isOverflow ? [] : [first.usage]),
    ...(compaction?.usage ? [compaction.usage] : []),
    second.usage,
  ];
  return {
    generation: { ...second, usage: usages.length > 1 ? sumUsage(usages) : second.usage },
    ...(compaction && { compacted: compaction.context }),
  };
}

type Measuring = {
  readonly measure: (messages: readonly Message[]) => Promise<number>;
  readonly roomTokens: number;
};

function compact(
  messages: readonly Message[],
  { agent, engine, task, signal, measure, roomTokens }: GenerateInRoomOptions & Measuring,
) {
  const { summaryTokens } = roomOf(agent, engine);
  return compactContext(messages, {
    task,
    tools: ownToolsOf(agent),
    roomTokens,
    measure,
    summarize: (old) => summarizeMessages(old, { engine, maxTokens: summaryTokens, signal }),
    summaryTokens,
  });
}

/** An engine whose process dies is tried once more, in a new one: the step has had no effect yet. */
async function generate(
  request: GenerateRequest,
  { engine, step, signal, emit }: GenerateInRoomOptions,
): Promise<Generation> {
  const onEvent = (event: EngineEvent) => {
    if (event.type === 'state-restore') emit({ ...event, step });
    else if (event.type !== 'tool-call') emit(event);
  };
  try {
    return await engine.generate(request, { signal, onEvent });
  } catch (error) {
    if (!(error instanceof EngineCrashError)) throw error;
    emit({ type: 'engine-restart', reason: error.message });
    return engine.generate(request, { signal, onEvent });
  }
}
