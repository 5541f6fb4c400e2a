import { describe, expect, test } from 'vitest';
import { resultCharacters, roomOf } from '../../src/agent/room-of.ts';
import { userMessage } from '../../src/messages.ts';
import { createSmallEngine } from './small-engine.ts';

const agent = { name: 'a', description: '', instructions: '' };
const call = (at: number) => ({ id: `${at}`, name: 'read', input: {} });
const calls = (count: number) => Array.from({ length: count }, (_, at) => call(at));

describe('roomOf', () => {
  test.each([
    [4096, undefined, { leaveTokens: 1024, roomTokens: 3070, summaryTokens: 256 }],
    [32_768, undefined, { leaveTokens: 8192, roomTokens: 24_574, summaryTokens: 1024 }],
    [32_768, 1000, { leaveTokens: 1000, roomTokens: 31_766, summaryTokens: 1024 }],
    [4096, 100_000, { leaveTokens: 1024, roomTokens: 3070, summaryTokens: 256 }],
  ])('keeps a quarter of %i tokens for the message, or its limit of %s', (contextTokens, maxTokens, room) => {
    const limits = maxTokens === undefined ? {} : { maxTokens };
    expect(roomOf({ limits }, createSmallEngine([], contextTokens))).toEqual(room);
  });
});

describe('resultCharacters', () => {
  const share = (count: number, task = 'Go.', instructions = '') =>
    resultCharacters({ ...agent, instructions }, createSmallEngine([], 8000), {
      task: userMessage(task),
      calls: calls(count),
    });

  test('is half a character a token of the context for one result', async () => {
    expect(await share(1)).toBe(4000);
    expect(await share(2)).toBe(4000);
  });

  test('is shared by the calls of a step', async () => {
    const each = await share(6);
    expect(each).toBeLessThan(2000);
    expect(each).toBeGreaterThan(1500);
  });

  test('is less where the instructions and the task leave less', async () => {
    expect(await share(1, 'x'.repeat(20_000))).toBeLessThan(2000);
    expect(await share(1, 'Go.', 'x'.repeat(20_000))).toBeLessThan(2000);
  });

  test('is never so little that nothing can be said', async () => {
    expect(await share(100)).toBe(500);
    expect(await share(1, 'x'.repeat(40_000))).toBe(500);
  });
});
