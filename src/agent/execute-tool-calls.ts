/** From the calls of a step to their results. Nothing that goes wrong in a call is thrown past here, but an abort. */
import { firstLine, SottoError } from '../errors.ts';
import type { RunFact } from '../events.ts';
import type { FileSource, ToolCall, ToolResult } from '../messages.ts';
import type { Tool, ToolContext } from '../tool/define-tool.ts';
import { toolFailure, toToolResult } from '../tool/tool-result.ts';
import { noteSources, sourcesOf } from './note-sources.ts';
import { decide, type PolicyOptions, type Verdict } from './policy.ts';

/** A call that can be made, or the reason why not, for the model. */
export type PreparedCall =
  | { readonly toolCall: ToolCall; readonly tool: Tool; readonly input: unknown; readonly verdict: Verdict }
  | { readonly toolCall: ToolCall; readonly failure: string }
  /** It was made before the run was cut off. */
  | { readonly toolCall: ToolCall; readonly result: ToolResult };

/** Looks up the tool, validates the input and asks the policy. */
export function prepareToolCall(
  toolCall: ToolCall,
  tools: readonly Tool[],
  policy: PolicyOptions,
): PreparedCall {
  if (toolCall.problem !== undefined) return { toolCall, failure: toolCall.problem };
  const tool = tools.find(({ name }) => name === toolCall.name);
  if (!tool) {
    const known = tools.map(({ name }) => name).join(', ') || 'none';
    return { toolCall, failure: `There is no tool "${toolCall.name}". The tools are: ${known}.` };
  }
  try {
    const checked = tool.check(toolCall.input);
    if (!checked.ok)
      return { toolCall, failure: `The call of ${tool.name} was not made. ${checked.problem}` };
    return { toolCall, tool, input: checked.input, verdict: decide(tool, checked.input, policy) };
  } catch (error) {
    return { toolCall, failure: sentenceOf(tool.name, error) };
  }
}

type ExecuteOptions = {
  /** What a tool is given beside its input. */
  readonly contextOf: (toolCallId: string, signal: AbortSignal) => ToolContext;
  readonly signal: AbortSignal;
  /** A longer result is cut off. */
  readonly maxCharacters: number;
  /** Keeps a fact before what it tells of happens. */
  readonly record: (fact: RunFact) => void;
};

/** Makes the calls: side by side when all of them read, in order otherwise. Rejects only with the signal's reason. */
export async function executeToolCalls(
  calls: readonly PreparedCall[],
  options: ExecuteOptions,
): Promise<ToolResult[]> {
  if (calls.every((call) => !('tool' in call) || call.tool.effect === 'read')) {
    return Promise.all(calls.map((call) => execute(call, options)));
  }
  const results: ToolResult[] = [];
  for (const call of calls) results.push(await execute(call, options));
  return results;
}

async function execute(call: PreparedCall, options: ExecuteOptions): Promise<ToolResult> {
  const { signal, record, maxCharacters } = options;
  signal.throwIfAborted();
  if ('result' in call) return call.result;
  const { toolCall } = call;
  if ('failure' in call || call.verdict.decision !== 'allow') {
    const failure = 'failure' in call ? call.failure : refusal(call);
    const result = toToolResult(toolCall.id, toolFailure(failure), maxCharacters);
    record({ type: 'tool-call-end', result, durationMs: 0 });
    return result;
  }
  record({ type: 'tool-call-start', toolCall });
  const started = performance.now();
  const { output, sources } = await run(call, options);
  const result = {
    ...toToolResult(toolCall.id, output, maxCharacters),
    ...(sources.length > 0 && { sources }),
  };
  record({ type: 'tool-call-end', result, durationMs: Math.round(performance.now() - started) });
  return result;
}

type AllowedCall = Extract<PreparedCall, { tool: Tool }>;

const refusal = ({ tool, verdict }: AllowedCall) =>
  `The call of ${tool.name} was refused: ${verdict.reason}. Go on without it.`;

type Ran = { readonly output: unknown; readonly sources: readonly FileSource[] };

/** What the tool returned, or its failure, and the files that it read. */
async function run(call: AllowedCall, options: ExecuteOptions): Promise<Ran> {
  const files = new Map<string, FileSource>();
  const contextOf: ExecuteOptions['contextOf'] = (toolCallId, signal) => {
    const context = options.contextOf(toolCallId, signal);
    return { ...context, workspace: noteSources(context.workspace, files) };
  };
  const output = await runInTime(call, { ...options, contextOf });
  return { output, sources: sourcesOf(files, output) };
}

/** A tool that does not heed its signal is not waited for. */
async function runInTime(
  { toolCall, tool, input }: AllowedCall,
  { contextOf, signal }: ExecuteOptions,
): Promise<unknown> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error('timeout')), tool.timeoutMs);
  const both = AbortSignal.any([signal, timeout.signal]);
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(both.reason);
    both.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([tool.run(input as never, contextOf(toolCall.id, both)), stopped]);
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.signal.aborted) {
      return toolFailure(`${tool.name} took longer than ${tool.timeoutMs / 1000} s and was stopped.`);
    }
    return toolFailure(sentenceOf(tool.name, error));
  } finally {
    clearTimeout(timer);
    both.removeEventListener('abort', stop);
  }
}

/** What the model is told of an error: our own sentences as they are, the first line of any other. */
function sentenceOf(name: string, error: unknown): string {
  if (error instanceof SottoError) return error.message;
  return `${name} failed: ${firstLine(error)}`;
}
