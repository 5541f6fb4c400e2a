import type { Engine, GenerateRequest, Generation } from '../src/engine/engine.ts';

/** An engine that writes given messages, one a call, instead of what its model would say. */
export async function forceMessages(engine: Engine, messages: readonly string[]): Promise<Engine> {
  const scripts: (readonly number[])[] = [];
  for (const text of messages)
    scripts.push(await engine.tokenize([{ text: `${text}<|im_end|>`, trusted: true }]));
  let calls = 0;
  return {
    model: engine.model,
    async generate(request: GenerateRequest, options): Promise<Generation> {
      const forcedTokens = scripts[calls];
      if (!forcedTokens) throw new Error(`there are ${scripts.length} messages, and one more was asked for`);
      calls += 1;
      const generation = await engine.generate({ ...request, forcedTokens }, options);
      if (generation.finish !== 'stop' || generation.tokens.length !== forcedTokens.length - 1)
        throw new Error(`message ${calls} did not come out as it was forced (${generation.finish})`);
      return generation;
    },
    tokenize: (prompt) => engine.tokenize(prompt),
    saveState: (session) => engine.saveState(session),
    forget: (session) => engine.forget(session),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
