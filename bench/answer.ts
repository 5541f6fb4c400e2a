/** What the grammar of an answer costs a token, on the vocabulary of the real models (random weights, 0.8B shape): tokens a
 * second of a free answer, of one that is held to a schema whose text is mostly free, and of one where the schema rules
 * every token. Random weights want a token that does not fit nearly every time, which is the slow way of a grammar.
 *
 *     npx node --conditions=sotto-source bench/answer.ts [rounds] [tokens]
 */
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { type JsonObject, userMessage } from '../src/messages.ts';
import { render } from '../src/qwen/render.ts';
import { median } from './median.ts';
import { randomModel } from './random-model.ts';

const [ROUNDS = 5, TOKENS = 48] = process.argv.slice(2).map(Number);
const SCHEMAS: Readonly<Record<string, JsonObject | undefined>> = {
  free: undefined,
  'a long string': { type: 'array', items: { type: 'string' }, minItems: 50 },
  'numbers only': { type: 'array', items: { type: 'integer' }, minItems: 50 },
};

await using engine = await LlamaEngine.create({ path: randomModel(), contextTokens: 2048 });
const speeds = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, answer] of Object.entries(SCHEMAS)) {
    const { usage } = await engine.generate({
      prompt: render({ messages: [userMessage('What is the dose?')], thinking: false }),
      tools: [],
      thinking: false,
      maxTokens: TOKENS,
      sampling: { temperature: 0.7, topP: 0.8, topK: 20, presencePenalty: 0, seed: round },
      ...(answer && { answer }),
    });
    // A short message tells nothing.
    if (usage.generatedTokens >= TOKENS / 2)
      speeds.set(name, [...(speeds.get(name) ?? []), usage.tokensPerSecond]);
  }
}
const free = median(speeds.get('free') ?? []);
for (const [name, values] of speeds) {
  const speed = median(values);
  const cost = 1000 / speed - 1000 / free;
  console.log(
    `${name}: ${speed.toFixed(1)} tokens a second, ${(speed / free).toFixed(2)} of the free answer, ${cost.toFixed(1)} ms a token`,
  );
}
