import { parseArgs } from 'node:util';
import type { RunResult } from '../agent/run-agent.ts';
import { findAgent, type LoadedConfig, loadConfig } from '../config.ts';
import type { RunEvent } from '../events.ts';
import type { RunTrace } from '../trace/trace-run.ts';
import { AGENT_OPTIONS, parseApproved, parseThinking } from './agent-options.ts';
import { type Command, exitCodeOf, UsageError } from './command.ts';
import { interruptible } from './interrupt.ts';
import { loadSchema } from './load-schema.ts';
import { loadThread } from './load-thread.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { approveOnTerminal } from './terminal-approval.ts';

const OPTIONS = {
  ...AGENT_OPTIONS,
  schema: { type: 'string' },
  trace: { type: 'string' },
} as const;

/** `sotto run <agent> "<task>"` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [agentName, task, ...rest] = positionals;
  if (!agentName || !task?.trim() || rest.length > 0) {
    throw new UsageError('`sotto run` takes an agent and a task in quotes: sotto run clerk "…".');
  }
  const config = await loadConfig({
    ...(values.config && { configPath: values.config }),
    ...(values.model && { modelPath: values.model }),
    ...(values.workspace && { workspace: values.workspace }),
  });
  const agent = findAgent(config, agentName);
  const thinking = values.thinking === undefined ? agent.thinking : parseThinking(values.thinking);
  const approved = parseApproved(values.approve, agent);
  const schema = values.schema === undefined ? undefined : await loadSchema(values.schema);
  const { runAgent } = await import('../agent/run-agent.ts');
  const { LlamaEngine } = await import('../engine/llama-engine.ts');
  const { openWorkspace } = await import('../workspace/open-workspace.ts');
  const workspace = await openWorkspace(config.workspace);
  const thread = values.thread === undefined ? undefined : await loadThread(config.home, values.thread);
  return interruptible(async (interrupted) => {
    using trace = values.trace === undefined ? undefined : await openTrace(values.trace);
    const show = values.json ? (event: RunEvent) => output.json(event) : createProgress(output);
    const signal = AbortSignal.any([interrupted, output.closed]);
    const endWait = output.wait('loading the model');
    await using engine = await LlamaEngine.create(config.model, { signal }).finally(endWait);
    const result = await runAgent({
      agent: { ...agent, ...(thinking !== undefined && { thinking }) },
      task,
      engine,
      workspace,
      home: config.home,
      signal,
      approved,
      onEvent: (event) => {
        trace?.onEvent(event);
        show(event);
      },
      ...(thread && { thread }),
      ...(schema && { output: schema }),
      ...(process.stdin.isTTY &&
        process.stderr.isTTY &&
        !values.json && { approve: approveOnTerminal(output) }),
    });
    if (trace?.problem !== undefined) output.note(trace.problem);
    if (!values.json) report(result, config, output);
    return exitCodeOf(result.stopReason);
  });
};

async function openTrace(path: string): Promise<RunTrace> {
  const { traceRun } = await import('../trace/trace-run.ts');
  return traceRun(path);
}

function report(result: RunResult, { isBundledModel }: LoadedConfig, output: Output): void {
  const { usage, steps, threadId } = result;
  if (result.stopReason === 'done') {
    // What a terminal shows was streamed to it.
    if (!output.isTerminal) answer(result, output);
  } else output.note(result.reason ?? result.stopReason);
  const tokens = `${usage.evaluatedTokens} tokens read, ${usage.generatedTokens} written, ${usage.tokensPerSecond.toFixed(0)} a second`;
  const goOn = result.stopReason === 'failed' ? '' : ` Go on with --thread ${threadId}`;
  output.progress(`${steps} ${steps === 1 ? 'step' : 'steps'}, ${tokens}.${goOn}\n`, 'dim');
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
