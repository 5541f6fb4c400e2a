import { expect, test } from 'vitest';
import type { EngineEvent } from '../../src/engine/engine.ts';
import { userMessage } from '../../src/messages.ts';
import { createTestEngine, requestOf } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const REQUEST = {
  instructions: 'You are a careful local assistant. '.repeat(20),
  messages: [userMessage('Say something.')],
  maxTokens: 4,
};

test.each([
  ['the cache has another layout: more sequences', { parallel: 2 }],
  ['the cache holds other numbers', { kvCache: 'q8_0' }],
] as const)('a state is not loaded where %s', async (_, options) => {
  const { home } = await createTempProject();
  const ask = async (other: object) => {
    const events: EngineEvent[] = [];
    await using engine = await createTestEngine({ stateFolder: home, contextTokens: 2048, ...other });
    await engine.generate(requestOf(REQUEST), { onEvent: (event) => events.push(event) });
    return events.filter(({ type }) => type === 'state-restore');
  };
  expect(await ask({})).toEqual([]);
  expect(await ask(options)).toEqual([]);
  // Those of either kind are still there, and serve.
  expect(await ask({})).toMatchObject([{ from: 'file' }]);
  expect(await ask(options)).toMatchObject([{ from: 'file' }]);
});
