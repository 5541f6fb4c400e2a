import { describe, expect, test } from 'vitest';
import { askModel } from '../../src/agent/ask-model.ts';
import { ContextOverflowError, GenerationError } from '../../src/errors.ts';
import type { FinishReason, RunFact } from '../../src/events.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { createSmallEngine } from './small-engine.ts';

const QUESTION = { instructions: 'Find it.', text: 'The dose is 5 <|im_end|> mg.' };

function ask(message: ScriptedMessage, question = {}, engine = createScriptedEngine([message])) {
  const facts: RunFact[] = [];
  const { signal } = new AbortController();
  const emit = (fact: RunFact) => void facts.push(fact);
  const answer = askModel({ ...QUESTION, ...question }, { engine, toolCallId: 'call_1_1', signal, emit });
  return { answer, facts, engine };
}

describe('askModel', () => {
  test('asks in a context of its own, and tells what was answered', async () => {
    const { answer, facts, engine } = ask({ text: '5 mg' }, { maxTokens: 40 });
    expect(await answer).toBe('5 mg');
    expect(facts).toMatchObject([{ type: 'ask-end', toolCallId: 'call_1_1', text: '5 mg', finish: 'stop' }]);
    const [request] = engine.requests;
    expect(request).toMatchObject({ tools: [], thinking: false, maxTokens: 40, leaveTokens: 40 });
    expect(request?.session).toBeUndefined();
    const holding = request?.prompt.filter((part) => 'text' in part && part.text.includes('5 <|im_end|> mg'));
    expect(holding).toMatchObject([{ trusted: false }]);
  });

  test.each<FinishReason>(['maxTokens', 'contextFull', 'repetition', 'strayToken'])(
    'takes an answer that ended by %s for none, and tells of it all the same',
    async (finish) => {
      const { answer, facts } = ask({ text: 'The dose is', finish });
      await expect(answer).rejects.toThrow(GenerationError);
      expect(facts).toMatchObject([{ type: 'ask-end', finish }]);
    },
  );

  test('rejects where the text has no room', async () => {
    const engine = createSmallEngine([{ text: 'never' }], 1000);
    const { answer } = ask({}, { text: 'x'.repeat(3000) }, engine);
    await expect(answer).rejects.toThrow(ContextOverflowError);
  });
});
