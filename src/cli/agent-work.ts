import type { Agent } from '../agent/define-agent.ts';
import type { RunAgentOptions, RunResult } from '../agent/run-agent.ts';
import type { LoadedConfig } from '../config.ts';
import type { RunEvent, RunFact, StopReason } from '../events.ts';
import type { JsonObject } from '../messages.ts';
import type { RunTrace } from '../trace/trace-run.ts';
import { exitCodeOf } from './command.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { approveOnTerminal } from './terminal-approval.ts';

export type AgentWork = {
  readonly config: LoadedConfig;
  readonly agent: Agent;
  readonly approved: readonly string[];
  readonly schema: JsonObject | undefined;
  readonly isJson: boolean;
  /** Where the trace is written. Default: nowhere. */
  readonly tracePath: string | undefined;
  /** The beginning of a run that is gone on with, for the trace. */
  readonly earlier?: RunFact;
};

/** What a run is given that works for the command line. */
export type GivenToRun = Omit<RunAgentOptions, 'task' | 'thread' | 'note'> & { readonly signal: AbortSignal };

/** Whether a person sits at this terminal who can be asked. */
export const canAsk = (isJson: boolean): boolean =>
  Boolean(process.stdin.isTTY && process.stderr.isTTY && !isJson);

/** Starts the model, has a run work with it, shows what it does, and gives the exit code. */
export async function workAgent(
  { config, agent, approved, schema, isJson, tracePath, earlier }: AgentWork,
  output: Output,
  start: (given: GivenToRun) => Promise<RunResult>,
): Promise<number> {
  const { LlamaEngine } = await import('../engine/llama-engine.ts');
  const { openWorkspace } = await import('../workspace/open-workspace.ts');
  const workspace = await openWorkspace(config.workspace);
  return interruptible(async (interrupted) => {
    using trace = tracePath === undefined ? undefined : await openTrace(tracePath);
    if (earlier) trace?.onEvent(earlier);
    const show = isJson ? (event: RunEvent) => output.json(event) : createProgress(output);
    const signal = AbortSignal.any([interrupted, output.closed]);
    const endWait = output.wait('loading the model');
    await using engine = await LlamaEngine.create(config.model, { signal }).finally(endWait);
    let isEnded = false;
    const result = await start({
      agent,
      engine,
      workspace,
      home: config.home,
      signal,
      approved,
      onEvent: (event) => {
        isEnded ||= event.type === 'run-end';
        trace?.onEvent(event);
        show(event);
      },
      ...(schema && { output: schema }),
      ...(canAsk(isJson) && { approve: approveOnTerminal(output) }),
    });
    if (trace?.problem !== undefined) output.note(trace.problem);
    if (!isEnded) output.note(result.reason ?? result.stopReason);
    else if (!isJson) report(result, config, output);
    return exitCodeOf(result.stopReason);
  });
}

async function openTrace(path: string): Promise<RunTrace> {
  const { traceRun } = await import('../trace/trace-run.ts');
  return traceRun(path);
}

/** Ends behind which the run itself can be gone on with. */
const GOES_ON: ReadonlySet<StopReason> = new Set(['aborted', 'failed', 'needsApproval']);

function report(result: RunResult, { isBundledModel }: LoadedConfig, output: Output): void {
  const { usage, steps, threadId, runId, stopReason } = result;
  if (stopReason === 'done') {
    // What a terminal shows was streamed to it.
    if (!output.isTerminal) answer(result, output);
  } else output.note(result.reason ?? stopReason);
  const tokens = `${usage.evaluatedTokens} tokens read, ${usage.generatedTokens} written, ${usage.tokensPerSecond.toFixed(0)} a second`;
  const goOn = GOES_ON.has(stopReason) ? `sotto resume ${runId}` : `--thread ${threadId}`;
  output.progress(`${steps} ${steps === 1 ? 'step' : 'steps'}, ${tokens}. Go on with ${goOn}\n`, 'dim');
  if (!isBundledModel) return;
  output.note(
    'This is the small model that comes with Sotto: it knows the kind of task of the samples and nothing else.',
  );
  output.note(
    'For real work take a Qwen 3.5 of your own: sotto run … --model FILE.gguf (the README says which and how).',
  );
}

function answer({ text, output: value }: RunResult, output: Output): void {
  if (value === undefined) output.answer(text);
  else output.json(value);
}
