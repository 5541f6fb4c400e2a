import { describe, expect, test } from 'vitest';
import { summarizeMessages } from '../../src/agent/summarize-messages.ts';
import type { GenerateRequest } from '../../src/engine/engine.ts';
import { EngineCrashError } from '../../src/errors.ts';
import { type Message, textPart, userMessage } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { createSmallEngine } from './small-engine.ts';

const signal = new AbortController().signal;
const promptText = (request: GenerateRequest | undefined) =>
  (request?.prompt ?? []).map((part) => ('text' in part ? part.text : '')).join('');

const talk: readonly Message[] = [
  userMessage('What is the dose?'),
  {
    role: 'assistant',
    thinking: 'Secret thought.',
    text: 'I look.',
    toolCalls: [{ id: '1', name: 'read_file', input: { path: 'a.txt' } }],
  },
  { role: 'tool', results: [{ toolCallId: '1', isError: false, content: [textPart('Dose: 5 mg')] }] },
];

async function summarize(messages: readonly Message[], script: readonly ScriptedMessage[]) {
  const engine = createScriptedEngine(script);
  return { summary: await summarizeMessages(messages, { engine, maxTokens: 100, signal }), engine };
}

describe('summarizeMessages', () => {
  test('gives the model what was said and done, without the thoughts', async () => {
    const { summary, engine } = await summarize(talk, [{ text: ' The dose is 5 mg.\n' }]);
    expect(summary?.text).toBe('The dose is 5 mg.');
    expect(promptText(engine.requests[0])).toContain(
      'Sum up:\nUser: What is the dose?\n\nAssistant: I look.\n\nCall: read_file {"path":"a.txt"}\n\nResult: Dose: 5 mg',
    );
    expect(promptText(engine.requests[0])).not.toContain('Secret');
    expect(engine.requests[0]).toMatchObject({ maxTokens: 100, leaveTokens: 100, tools: [] });
  });

  test('goes through a long talk in parts, halved where they do not fit, and skips nothing', async () => {
    const words = Array.from({ length: 2000 }, (_, at) => `word${at}`);
    const script = Array.from({ length: 50 }, (_, at) => ({ text: `Summary ${at}.` }));
    // Two characters for each of 2,000 tokens fit, those of 500 do not.
    const engine = createSmallEngine(script, 500);
    const model = { ...engine.model, contextTokens: 2000 };
    const summary = await summarizeMessages([userMessage(words.join('\n'))], {
      engine: { ...engine, model },
      maxTokens: 100,
      signal,
    });
    expect(engine.overflows).toBeGreaterThan(0);
    const parts = engine.requests.map((request) =>
      /Sum up:\n(.*)<\|im_end\|>\n<\|im_start\|>assistant/s.exec(promptText(request))?.[1]?.trim(),
    );
    expect(parts.join('\n').replace('User: ', '')).toBe(words.join('\n'));
    expect(promptText(engine.requests[1])).toContain('Summary of what came before:\nSummary 0.');
    expect(summary?.text).toBe(`Summary ${parts.length - 1}.`);
  });

  test('says of a summary that was cut off that it was', async () => {
    const { summary } = await summarize(talk, [{ text: 'The dose is', finish: 'maxTokens' }]);
    expect(summary?.text).toBe('The dose is\n[The summary was cut off here.]');
  });

  test.each<[string, ScriptedMessage]>([
    ['says nothing', { text: ' ' }],
    ['crashes', new EngineCrashError({ exit: 'SIGKILL' })],
  ])('is nothing where the model %s', async (_, message) => {
    expect((await summarize(talk, [message])).summary).toBeUndefined();
  });

  test('rejects with the reason of an abort', async () => {
    const options = {
      engine: createScriptedEngine([]),
      maxTokens: 9,
      signal: AbortSignal.abort(new EngineCrashError({ exit: 'stop' })),
    };
    await expect(summarizeMessages(talk, options)).rejects.toThrow('stop');
  });
});
