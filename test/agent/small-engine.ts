import type { Engine } from '../../src/engine/engine.ts';
import { ContextOverflowError } from '../../src/errors.ts';
import type { Segment } from '../../src/qwen/render.ts';
import {
  createScriptedEngine,
  type ScriptedEngine,
  type ScriptedMessage,
} from '../../src/testing/scripted-engine.ts';

const CHARACTERS_PER_TOKEN = 4;

/** A scripted engine that counts four characters as a token, and refuses a prompt as the real one does. A refused call
 * takes no message of the script. */
export function createSmallEngine(
  messages: readonly ScriptedMessage[],
  contextTokens: number,
): ScriptedEngine & { readonly overflows: number } {
  const scripted = createScriptedEngine(messages);
  const count = (prompt: readonly Segment[]) =>
    prompt.reduce(
      (sum, part) => sum + ('text' in part ? part.text.length / CHARACTERS_PER_TOKEN : part.tokens.length),
      0,
    );
  let overflows = 0;
  const generate: Engine['generate'] = async (request, options) => {
    const promptTokens = Math.ceil(count(request.prompt));
    if (contextTokens - 2 - promptTokens >= (request.leaveTokens ?? 16))
      return scripted.generate(request, options);
    overflows += 1;
    throw new ContextOverflowError({ promptTokens, contextTokens });
  };
  return {
    ...scripted,
    model: { ...scripted.model, contextTokens },
    generate,
    tokenize: async (prompt) => Array.from({ length: Math.ceil(count(prompt)) }, () => 0),
    get overflows() {
      return overflows;
    },
  };
}
