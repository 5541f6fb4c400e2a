import type { Engine, Generation, GenerateRequest } from '../src/engine/engine.ts';

/** A step as the model's process saw it: the whole prompt, and what was written, the end-of-message token with it. */
export type ForcedStep = { readonly prompt: readonly number[]; readonly written: readonly number[] };

export type ForcedEngine = Engine & {
  readonly steps: readonly ForcedStep[];
  /** Milliseconds inside of `generate`, all calls together. */
  readonly generateMs: number;
};

/** An engine that writes given messages, one a call, instead of what its model would say. */
export async function forceMessages(
  engine: Engine,
  messages: readonly string[],
  { keepsPrompts = false } = {},
): Promise<ForcedEngine> {
  const scripts: (readonly number[])[] = [];
  for (const text of messages) scripts.push(await engine.tokenize([{ text: `${text}<|im_end|>`, trusted: true }]));
  const steps: ForcedStep[] = [];
  let calls = 0;
  let generateMs = 0;
  return {
    model: engine.model,
    steps,
    get generateMs() {
      return generateMs;
    },
    async generate(request: GenerateRequest, options): Promise<Generation> {
      const written = scripts[calls];
      if (!written) throw new Error(`there are ${scripts.length} messages, and one more was asked for`);
      calls += 1;
      if (keepsPrompts) steps.push({ prompt: await engine.tokenize(request.prompt), written });
      const started = performance.now();
      const generation = await engine.generate({ ...request, forcedTokens: written }, options);
      generateMs += performance.now() - started;
      if (generation.finish !== 'stop' || generation.tokens.length !== written.length - 1)
        throw new Error(`message ${calls} did not come out as it was forced (${generation.finish})`);
      return generation;
    },
    tokenize: (prompt) => engine.tokenize(prompt),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
