/**
 * Sotto's engine against node-llama-cpp used plainly in one process, on random weights of the 0.8B shape, in turns.
 * Aims: generated tokens per second at least 1.15 of it, prompt tokens at least 0.98. Plain once with the library's own
 * number of threads, at least four, and once with as many as there are cores.
 *
 *     npx node bench/engine.ts [rounds]
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { median } from './median.ts';
import { randomModel } from './random-model.ts';

const PROMPT_TOKENS = 512;
const NEW_TOKENS = 96;
const rounds = Number(process.argv[2] ?? 3);
const path = randomModel();

type Speed = { readonly promptPerSecond: number; readonly generatedPerSecond: number };
const plain: Speed[] = [];
const plainOnCores: Speed[] = [];
const ours: Speed[] = [];
for (let round = 0; round < rounds; round += 1) {
  plain.push(runPlain());
  plainOnCores.push(runPlain(availableParallelism()));
  ours.push(await runOurs());
}
const rate = (speeds: readonly Speed[], key: keyof Speed) => median(speeds.map((speed) => speed[key]));
for (const key of ['promptPerSecond', 'generatedPerSecond'] as const) {
  const mine = rate(ours, key);
  for (const [name, speeds] of [
    ['plain', plain],
    ['plain, a thread a core', plainOnCores],
  ] as const) {
    const theirs = rate(speeds, key);
    console.log(
      `${key}: ${name} ${theirs.toFixed(1)}, sotto ${mine.toFixed(1)}, ratio ${(mine / theirs).toFixed(2)}`,
    );
  }
}

function runPlain(threads?: number): Speed {
  const args = [
    resolve(import.meta.dirname, 'plain-llama.ts'),
    path,
    String(PROMPT_TOKENS),
    String(NEW_TOKENS),
    ...(threads === undefined ? [] : [String(threads)]),
  ];
  const printed = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

async function runOurs(): Promise<Speed> {
  await using engine = await LlamaEngine.create({ path, contextTokens: 2048, gpu: false });
  const { usage } = await engine.generate({
    prompt: [{ tokens: Array.from({ length: PROMPT_TOKENS }, (_, index) => 1000 + index) }],
    tools: [],
    thinking: false,
    maxTokens: NEW_TOKENS,
    sampling: { temperature: 0.7, topK: 20, topP: 0.8, presencePenalty: 0 },
  });
  return {
    promptPerSecond: (usage.evaluatedTokens * 1000) / usage.timeToFirstTokenMs,
    generatedPerSecond: usage.tokensPerSecond,
  };
}
