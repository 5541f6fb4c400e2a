/**
 * Prefill amplification of one thread of five turns and fifteen steps, for both ways to render history.
 *
 * New tokens are what users, tools, the agent and the template bring: the last prompt of the append run without what the
 * model generated of it. Amplification = evaluated prompt tokens, as every `step-end` says, / new tokens. Aim: 1.05.
 *
 *     npx node bench/prefill.ts
 */
import { resolve } from 'node:path';
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import type { History } from '../src/qwen/render.ts';
import { forceMessages } from './forced-engine.ts';
import { messagesOf, OFFICE_TURNS, type Played, playThread } from './office-thread.ts';

const path = resolve(import.meta.dirname, '../models/tiny-qwen3.5.gguf');
const append = await play('append');
const template = await play('template');
const newTokens = lastPrompt(append) - generatedInPrompt(append);
console.log(
  `new tokens ${newTokens}, last prompt ${lastPrompt(append)} (append), ${lastPrompt(template)} (template)`,
);
console.table({ append: toRow(append), template: toRow(template) });

async function play(history: History): Promise<Played> {
  await using llama = await LlamaEngine.create({ path, contextTokens: 8192, gpu: false });
  const engine = await forceMessages(llama, messagesOf(OFFICE_TURNS));
  return await playThread(engine, { turns: OFFICE_TURNS, history });
}

function lastPrompt({ usages }: Played): number {
  const last = usages.at(-1);
  return last ? last.evaluatedTokens + last.reusedTokens : 0;
}

/** The last message is in no prompt. The token that ends a message is the template's: it is evaluated, not generated. */
function generatedInPrompt({ messages }: Played): number {
  return messages
    .slice(0, -1)
    .reduce(
      (sum, message) => sum + ('generated' in message ? (message.generated?.tokens.length ?? 0) : 0),
      0,
    );
}

function toRow({ usages }: Played) {
  const sum = (key: 'evaluatedTokens' | 'reusedTokens' | 'generatedTokens') =>
    usages.reduce((total, usage) => total + usage[key], 0);
  const evaluated = sum('evaluatedTokens');
  return {
    steps: usages.length,
    evaluated,
    reused: sum('reusedTokens'),
    generated: sum('generatedTokens'),
    amplification: Number((evaluated / newTokens).toFixed(3)),
  };
}
