/**
 * node-llama-cpp as its own documentation uses it, in one process, for bench/engine.ts to compare with. Prints JSON:
 * prompt tokens and generated tokens per second. The prompt is numbers, so that tokenizing costs nothing.
 */
import { getLlama, type Token } from 'node-llama-cpp';

const [path = '', promptTokens = '512', newTokens = '96', threads] = process.argv.slice(2);
/** With its default threads a machine of two cores may need minutes for a sentence. */
const LONGEST_MS = 30_000;
const llama = await getLlama({ gpu: false, build: 'never' });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: 2048,
  ...(threads && { threads: Number(threads) }),
});
const sequence = context.getSequence();
const prompt = Array.from({ length: Number(promptTokens) }, (_, index) => (1000 + index) as Token);
const started = performance.now();
let first = 0;
let count = 0;
for await (const _ of sequence.evaluate(prompt, {
  temperature: 0.7,
  topK: 20,
  topP: 0.8,
  yieldEogToken: true,
})) {
  first ||= performance.now();
  count += 1;
  if (count === Number(newTokens) || (count > 1 && performance.now() - started > LONGEST_MS)) break;
}
const ended = performance.now();
console.log(
  JSON.stringify({
    promptPerSecond: (prompt.length * 1000) / (first - started),
    generatedPerSecond: ((count - 1) * 1000) / (ended - first),
  }),
);
await llama.dispose();
