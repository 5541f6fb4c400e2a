/**
 * Generated tokens per second where 1, 2 and 4 calls are worked on at once, of the bundled model and of random weights of
 * the 0.8B shape, in turns; and how many decodes node-llama-cpp needs for them, with Sotto's rounds and without.
 * Aim: four at least 1.4 of one.
 *
 *     npx node --conditions=sotto-source bench/parallel.ts [rounds] [tokens]
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { median } from './median.ts';
import { randomModel } from './random-model.ts';

const [rounds = '3', tokens = '48'] = process.argv.slice(2);
const AT_ONCE = [1, 2, 4];
const models = {
  bundled: resolve(import.meta.dirname, '../models/tiny-qwen3.5.gguf'),
  '0.8B shape': randomModel(),
};
for (const [name, path] of Object.entries(models)) {
  const rates = AT_ONCE.map((): number[] => []);
  await using engine = await LlamaEngine.create({ path, contextTokens: 1024, parallel: 4, gpu: false });
  await generate(engine, 4);
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const [index, count] of AT_ONCE.entries()) rates[index]?.push(await generate(engine, count));
  }
  const one = median(rates[0] ?? []);
  for (const [index, count] of AT_ONCE.entries()) {
    const rate = median(rates[index] ?? []);
    console.log(`${name}: ${count} at once ${rate.toFixed(1)} tokens/s, ratio ${(rate / one).toFixed(2)}`);
  }
  for (const way of ['in rounds', 'left to itself']) {
    const { decodes, tokensPerSecond } = countDecodes(path, way);
    console.log(
      `${name}: 4 x ${tokens} tokens ${way}: ${decodes} decodes, ${tokensPerSecond.toFixed(1)} tokens/s`,
    );
  }
}

/** Tokens per second of all calls together, their short prompts included. */
async function generate(engine: LlamaEngine, count: number): Promise<number> {
  const started = performance.now();
  const generations = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      engine.generate({
        prompt: [{ tokens: Array.from({ length: 8 }, (_, at) => 100 + 10 * index + at) }],
        session: String(index),
        tools: [],
        thinking: false,
        maxTokens: Number(tokens),
        // Another way through the text each time, so that no call ends before the others.
        sampling: { temperature: 2, topK: 500, topP: 1, presencePenalty: 0 },
      }),
    ),
  );
  const written = generations.reduce((sum, { usage }) => sum + usage.generatedTokens, 0);
  return (written * 1000) / (performance.now() - started);
}

function countDecodes(path: string, way: string): { decodes: number; tokensPerSecond: number } {
  const program = resolve(import.meta.dirname, 'count-decodes.ts');
  const printed = execFileSync(process.execPath, [program, path, tokens, way], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}
