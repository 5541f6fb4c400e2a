/**
 * The same thread of five turns and ten calls through Sotto and through an OpenAI-style client on llama.cpp's own
 * `llama-server`, with the same model file, in turns. Aims: the server evaluates 1.3 to 1.5 times as many prompt tokens;
 * Sotto writes at least 1.0 times as many tokens a second, and needs at most 0.9 of the time.
 *
 * The server, from the sources that node-llama-cpp was built of (cmake, ninja, a C++ compiler; 10 minutes on two cores):
 *
 *     git clone node_modules/node-llama-cpp/llama/gitRelease.bundle /tmp/llama.cpp
 *     cmake -S /tmp/llama.cpp -B /tmp/llama.cpp/build -G Ninja -DLLAMA_CURL=OFF -DBUILD_SHARED_LIBS=OFF
 *     ninja -C /tmp/llama.cpp/build llama-server
 *     /tmp/llama.cpp/build/bin/llama-server -m MODEL.gguf -c 8192 -np 1 -t THREADS --cache-ram 0 --port 8080
 *     npx node --conditions=sotto-source bench/agent.ts http://127.0.0.1:8080 [rounds] [THREADS]
 *
 * THREADS is what Sotto takes by itself: 1 for the bundled model, else one a core; fewer where other programs are busy,
 * and then on both sides. What is compared:
 * - Both write the very same tokens: Sotto is forced to, the server is held by a grammar of token ids. What that costs is
 *   neither's generation, so the time of a thread is all of its time but that, and the thread's tokens at the speed that
 *   each has when it writes freely, which is measured in each round at the thread's end.
 * - Sotto's time has its tools and its journal in it; the client is given the results, and keeps nothing on a disk.
 * - The client drops the model's thoughts, as most do, or sends them back.
 */
import { LlamaEngine } from '../src/engine/llama-engine.ts';
import { userMessage } from '../src/messages.ts';
import { render } from '../src/qwen/render.ts';
import { type Answer, askServer, type Conversation, chat, playOnServer } from './chat-server.ts';
import { forceMessages } from './forced-engine.ts';
import { median } from './median.ts';
import { clerk, messagesOf, OFFICE_TURNS, type Played, playThread } from './office-thread.ts';

const [url = 'http://127.0.0.1:8080', rounds = '3', threads] = process.argv.slice(2);
const FREE_TOKENS = 96;
const FREE_TASK = userMessage(
  'Save the text "nova water asks for the total of march and the school pays the phone of the clinic" in notes/march.txt.',
);

type Cost = {
  readonly evaluated: number;
  readonly generated: number;
  /** Written freely. */
  readonly tokensPerSecond: number;
  /** Of the thread. */
  readonly seconds: number;
};

const { path, contextTokens } = await askServer(url);
const isBundled = path.endsWith('tiny-qwen3.5.gguf');
const sampling = { temperature: isBundled ? 0 : 0.6, topK: 20, topP: 0.95, presencePenalty: 0 };
const freeOptions = {
  max_tokens: FREE_TOKENS,
  temperature: sampling.temperature,
  top_k: sampling.topK,
  top_p: sampling.topP,
  min_p: 0,
};
const { instructions, tools = [] } = clerk;

const kinds: Record<string, Cost[]> = { sotto: [], dropped: [], kept: [] };
for (let round = 0; round < Number(rounds); round += 1) {
  const { played, cost } = await playOnSotto();
  kinds.sotto?.push(cost);
  for (const [kind, keepsThoughts] of [
    ['dropped', false],
    ['kept', true],
  ] as const) {
    const thread: Conversation = { instructions, tools, messages: played.messages, keepsThoughts };
    const answers = await playOnServer(url, thread);
    const messages = [...played.messages, FREE_TASK];
    kinds[kind]?.push(costOfServer(answers, await chat(url, { ...thread, messages }, freeOptions)));
  }
}
const medians = Object.fromEntries(Object.entries(kinds).map(([kind, costs]) => [kind, medianOf(costs)]));
console.log(`${path}, ${contextTokens} tokens of context, medians of ${rounds}`);
console.table(medians);
for (const kind of ['dropped', 'kept'] as const) console.log(compare(kind));

/** In a process of its own, which knows nothing of the round before. */
async function playOnSotto(): Promise<{ readonly played: Played; readonly cost: Cost }> {
  await using engine = await LlamaEngine.create({
    path,
    contextTokens,
    gpu: false,
    ...(threads && { threads: Number(threads) }),
  });
  const forced = await forceMessages(engine, messagesOf(OFFICE_TURNS));
  const played = await playThread(forced, { turns: OFFICE_TURNS });
  const messages = [...played.messages, FREE_TASK];
  const model = engine.model.fingerprint;
  const { usage } = await engine.generate({
    prompt: render({ instructions, tools, messages, thinking: true, model }),
    tools: tools.map(({ name, description, accepts }) => ({ name, description, parameters: accepts })),
    thinking: true,
    maxTokens: FREE_TOKENS,
    sampling,
  });
  return { played, cost: costOfSotto(played, usage.tokensPerSecond) };
}

function costOfSotto({ usages, ms }: Played, tokensPerSecond: number): Cost {
  const generated = sum(usages.map(({ generatedTokens }) => generatedTokens));
  // The forced tokens.
  const writingMs = sum(usages.map((usage) => ((usage.generatedTokens - 1) * 1000) / usage.tokensPerSecond));
  return {
    evaluated: sum(usages.map(({ evaluatedTokens }) => evaluatedTokens)),
    generated,
    tokensPerSecond,
    seconds: (ms - writingMs) / 1000 + generated / tokensPerSecond,
  };
}

function costOfServer(answers: readonly Answer[], free: Answer): Cost {
  const generated = sum(answers.map(({ generatedTokens }) => generatedTokens));
  const tokensPerSecond = ((free.generatedTokens - 1) * 1000) / free.generatingMs;
  return {
    evaluated: sum(answers.map(({ evaluatedTokens }) => evaluatedTokens)),
    generated,
    tokensPerSecond,
    seconds:
      sum(answers.map(({ ms, generatingMs }) => ms - generatingMs)) / 1000 + generated / tokensPerSecond,
  };
}

function medianOf(costs: readonly Cost[]): Cost {
  const of = (key: keyof Cost) => Number(median(costs.map((cost) => cost[key])).toFixed(2));
  return {
    evaluated: of('evaluated'),
    generated: of('generated'),
    tokensPerSecond: of('tokensPerSecond'),
    seconds: of('seconds'),
  };
}

function compare(kind: 'dropped' | 'kept'): string {
  const ratio = (key: keyof Cost, isSottoFirst: boolean) => {
    const ratios = (kinds[kind] ?? []).map((cost, round) => {
      const own = kinds.sotto?.[round]?.[key] ?? Number.NaN;
      return isSottoFirst ? own / cost[key] : cost[key] / own;
    });
    return median(ratios).toFixed(2);
  };
  return `thoughts ${kind}: the server evaluates ${ratio('evaluated', false)} times as many tokens; Sotto writes ${ratio('tokensPerSecond', true)} times as many a second, and needs ${ratio('seconds', true)} of the time`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
