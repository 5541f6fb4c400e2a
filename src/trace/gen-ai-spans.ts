/**
 * Sotto's spans by OpenTelemetry's semantic conventions for generative AI, as they stood in November 2026 (in
 * development): https://github.com/open-telemetry/semantic-conventions-genai
 *
 * Names, counts and times only. What was said, what a call was given and what it brought are never written: documents are
 * private, and the conventions leave them out by default.
 */
import { randomBytes } from 'node:crypto';
import type { RunEvent, RunFact, Usage } from '../events.ts';
import type { ToolCall } from '../messages.ts';
import { type Attribute, decimal, type Span, text, texts, whole } from './otlp-span.ts';

export type OpenSpan = Omit<Span, 'endMs' | 'isError'>;
export type Fact<Type extends RunFact['type']> = Extract<RunFact, { type: Type }>;

const PROVIDER = text('gen_ai.provider.name', 'sotto');
const TOOL_NAME = /^[A-Za-z0-9._-]{1,128}$/;

export function openRun(
  { agent, model, threadId, runId, seal }: Fact<'run-start'>,
  startMs: number,
  above: OpenSpan | undefined,
): OpenSpan {
  return {
    ...(above ? below(above) : { traceId: newId(16), spanId: newId(8) }),
    name: `invoke_agent ${agent}`,
    kind: 'internal',
    startMs,
    attributes: [
      text('gen_ai.operation.name', 'invoke_agent'),
      PROVIDER,
      text('gen_ai.agent.name', agent),
      text('gen_ai.conversation.id', threadId),
      text('gen_ai.request.model', model.name),
      text('sotto.run.id', runId),
      text('sotto.seal', seal),
    ],
  };
}

export function openStep({ model, threadId }: Fact<'run-start'>, startMs: number, above: OpenSpan): OpenSpan {
  return {
    ...below(above),
    name: `chat ${model.name}`,
    kind: 'client',
    startMs,
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      PROVIDER,
      text('gen_ai.conversation.id', threadId),
      text('gen_ai.request.model', model.name),
    ],
  };
}

export function openCall(
  { id, name }: Pick<ToolCall, 'id' | 'name'>,
  startMs: number,
  above: OpenSpan,
): OpenSpan {
  // The name of a call that was never made is what a model wrote.
  const known = TOOL_NAME.test(name) ? name : 'unknown';
  return {
    ...below(above),
    name: `execute_tool ${known}`,
    kind: 'internal',
    startMs,
    attributes: [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', known),
      text('gen_ai.tool.call.id', id),
      text('gen_ai.tool.type', 'function'),
    ],
  };
}

const below = ({ traceId, spanId }: OpenSpan) => ({ traceId, parentSpanId: spanId, spanId: newId(8) });

export const answerOf = ({
  finish,
  usage,
}: Pick<Fact<'step-end'>, 'finish' | 'usage'>): readonly Attribute[] => [
  texts('gen_ai.response.finish_reasons', [finish]),
  ...tokensOf(usage),
  decimal('gen_ai.response.time_to_first_chunk', usage.timeToFirstTokenMs / 1000),
];

export const endOfRun = ({ stopReason, steps, usage }: Fact<'run-end'>): readonly Attribute[] => [
  ...tokensOf(usage),
  text('sotto.stop_reason', stopReason),
  whole('sotto.steps', steps),
];

/** The conventions count tokens whose state was there among the input. */
const tokensOf = ({ evaluatedTokens, reusedTokens, generatedTokens }: Usage): readonly Attribute[] => [
  whole('gen_ai.usage.input_tokens', evaluatedTokens + reusedTokens),
  whole('gen_ai.usage.cache_read.input_tokens', reusedTokens),
  whole('gen_ai.usage.output_tokens', generatedTokens),
];

/** What a tool asked tells its end only: this is how long the model worked at it. */
export const durationOf = ({ timeToFirstTokenMs, generatedTokens, tokensPerSecond }: Usage): number =>
  timeToFirstTokenMs +
  (tokensPerSecond > 0 ? (Math.max(0, generatedTokens - 1) * 1000) / tokensPerSecond : 0);

/** As the journal has it; an event without a time is of now. */
export const timeOf = (event: RunEvent): number => {
  const at = 'at' in event && typeof event.at === 'string' ? Date.parse(event.at) : Number.NaN;
  return Number.isNaN(at) ? Date.now() : at;
};

const newId = (bytes: number): string => randomBytes(bytes).toString('hex');
