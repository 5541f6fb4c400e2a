/**
 * What a step costs beyond the bare engine on the same tokens: a run through `runAgent`, its journal durable or not,
 * against node-llama-cpp that evaluates and decodes what that run did (plain-steps.ts). The kinds take turns; medians.
 * The bundled model does its own task in six steps, calls under grammar; any other model says 64 tokens of whatever.
 *
 *     npx node bench/step.ts [rounds] [model]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineAgent, resolveAgent } from '../src/agent/define-agent.ts';
import { runAgent } from '../src/agent/run-agent.ts';
import type { Engine } from '../src/engine/engine.ts';
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { CARD_SAMPLING } from '../src/engine/sampling.ts';
import type { ToolSpec } from '../src/tool/define-tool.ts';
import { openWorkspace } from '../src/workspace/open-workspace.ts';
import { builtInTools } from '../tools/index.ts';
import { median } from './median.ts';
import type { PlainRequest, PlainTimes } from './plain-steps.ts';

const BUNDLED = resolve(import.meta.dirname, '../models/tiny-qwen3.5.gguf');
const CONTEXT_TOKENS = 8192;
const rounds = Number(process.argv[2] ?? 5);
const path = process.argv[3] ?? BUNDLED;
/** As LlamaEngine chooses them. */
const threads = (await stat(path)).size < 64e6 ? 1 : 0;
const temperature = path === BUNDLED ? 0 : CARD_SAMPLING.thinking.temperature;

/** Milliseconds of one run. `other` is what `runAgent` takes outside of evaluating and generating. */
type Times = {
  readonly total: number;
  readonly prompt: number;
  readonly generating: number;
  readonly other: number;
};
type Step = PlainRequest['steps'][number];

const agent = resolveAgent(
  defineAgent({
    name: 'clerk',
    description: 'Reads documents in the workspace and writes down what was asked for.',
    instructions: 'You are a careful local assistant. You work on the files in the workspace.',
    tools: ['read_file', 'list_files', 'write_file'],
    approve: ['write_file'],
    ...(path !== BUNDLED && { limits: { maxTokens: 64 } }),
  }),
  builtInTools,
);
const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
await cp(resolve(import.meta.dirname, '../workspace'), join(folder, 'workspace'), { recursive: true });
const workspace = await openWorkspace(join(folder, 'workspace'));
await using engine = await LlamaEngine.create({
  path,
  contextTokens: CONTEXT_TOKENS,
  gpu: false,
  seed: 1,
  sampling: { temperature },
});
const { steps, tools } = await recordRun();
const plain = await startPlain();

const times = { bare: [] as Times[], durable: [] as Times[], 'not durable': [] as Times[] };
type Kind = keyof typeof times;
const kinds = Object.keys(times) as Kind[];
for (let round = 0; round < rounds; round += 1) {
  times.bare.push(await playPlain());
  await emptyState();
  times.durable.push(await playOurs(engine, true));
  await emptyState();
  times['not durable'].push(await playOurs(engine, false));
}
plain.disconnect();
await rm(folder, { recursive: true });
report();

/** Plays the run once, and takes down what the engine was given and what the model wrote. */
async function recordRun() {
  const steps: Step[] = [];
  let tools: readonly ToolSpec[] = [];
  let held: readonly number[] = [];
  const recording: Engine = {
    model: engine.model,
    tokenize: (prompt) => engine.tokenize(prompt),
    saveState: (session) => engine.saveState(session),
    forget: (session) => engine.forget(session),
    async generate(request, options) {
      const prompt = await engine.tokenize(request.prompt);
      if (held.some((token, index) => token !== prompt[index])) throw new Error('the run is not append-only');
      const generation = await engine.generate(request, options);
      steps.push({ prompt: prompt.slice(held.length), written: generation.tokens });
      held = [...prompt, ...generation.tokens];
      tools = request.tools;
      return generation;
    },
    async [Symbol.asyncDispose]() {},
  };
  await playOurs(recording, false);
  return { steps, tools };
}

async function playOurs(player: Engine, durable: boolean): Promise<Times> {
  let [prompt, generating] = [0, 0];
  const started = performance.now();
  await runAgent({
    agent,
    task: 'Find the total of every file in invoices and save it to out/totals.json.',
    engine: player,
    workspace,
    home: join(folder, '.sotto'),
    durable,
    onEvent: (event) => {
      if (event.type !== 'step-end') return;
      const { generatedTokens, timeToFirstTokenMs, tokensPerSecond } = event.usage;
      prompt += timeToFirstTokenMs;
      generating += ((generatedTokens - 1) * 1000) / tokensPerSecond;
    },
  });
  const total = performance.now() - started;
  return { total, prompt, generating, other: total - prompt - generating };
}

/** Another prompt, with which the run's shares nothing but the tools, whose grammar stays compiled. */
async function emptyState(): Promise<void> {
  const sampling = { ...CARD_SAMPLING.thinking, temperature: 0 };
  await engine.generate({ prompt: [{ tokens: [9, 9] }], tools, thinking: false, maxTokens: 1, sampling });
}

async function startPlain() {
  const args = [path, String(CONTEXT_TOKENS), String(threads)];
  const child = fork(resolve(import.meta.dirname, 'plain-steps.ts'), args, {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function playPlain(): Promise<Times> {
  const { topP, topK } = CARD_SAMPLING.thinking;
  plain.send({ steps, sampling: { temperature, topP, topK } } satisfies PlainRequest);
  const [{ promptMs, generatingMs }] = (await once(plain, 'message')) as [PlainTimes];
  return { total: promptMs + generatingMs, prompt: promptMs, generating: generatingMs, other: 0 };
}

function report(): void {
  const evaluated = steps.reduce((sum, { prompt }) => sum + prompt.length, 0);
  const written = steps.reduce((sum, step) => sum + step.written.length, 0);
  const of = (kind: Kind, key: keyof Times) => median(times[kind].map((one) => one[key]));
  console.log(
    `${steps.length} steps, ${evaluated} prompt tokens, ${written} written; ms, medians of ${rounds} rounds`,
  );
  const toRow = (kind: Kind) => ({
    'a step': of(kind, 'total') / steps.length,
    'its prompt': of(kind, 'prompt') / steps.length,
    'its tokens': of(kind, 'generating') / steps.length,
    'and other': of(kind, 'other') / steps.length,
    'times bare': of(kind, 'total') / of('bare', 'total'),
    'more a step': (of(kind, 'total') - of('bare', 'total')) / steps.length,
    'more a token': (of(kind, 'generating') - of('bare', 'generating')) / written,
  });
  const rounded = (row: Record<string, number>) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value.toFixed(2))]));
  console.table(Object.fromEntries(kinds.map((kind) => [kind, rounded(toRow(kind))])));
}
