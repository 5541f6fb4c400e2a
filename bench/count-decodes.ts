/** Four sequences of node-llama-cpp that write at once, in Sotto's rounds or left to themselves, for bench/parallel.ts.
 * Prints JSON: how many decodes they needed, and generated tokens per second. */
import { statSync } from 'node:fs';
import { getLlama, LlamaLogLevel, type Token } from 'node-llama-cpp';
import { createRounds } from '../src/engine/rounds.ts';

const SMALL_MODEL_BYTES = 64e6;
const [path = '', tokens = '48', way] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: path });
let decodes = 0;
const context = await model.createContext({
  contextSize: 1024,
  sequences: 4,
  threads: statSync(path).size < SMALL_MODEL_BYTES ? 1 : llama.cpuMathCores,
  batching: {
    itemPrioritizationStrategy: ({ items }) => {
      decodes += 1;
      return items.map((item) => ({ item, processAmount: item.tokens.length }));
    },
  },
});
const rounds = createRounds();
const sequences = Array.from({ length: 4 }, () => context.getSequence());
const started = performance.now();
await Promise.all(
  sequences.map(async (sequence, index) => {
    const stream = sequence.evaluate([100 + index] as Token[], { temperature: 0.7, yieldEogToken: true });
    const next = () => stream.next();
    for (let count = 0; count < Number(tokens); count += 1)
      await (way === 'in rounds' ? rounds(next) : next());
    await stream.return();
  }),
);
const ms = performance.now() - started;
console.log(JSON.stringify({ decodes, tokensPerSecond: (4 * Number(tokens) * 1000) / ms }));
await llama.dispose();
