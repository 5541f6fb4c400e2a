import { expect, test } from 'vitest';
import { showMessage } from '../../src/cli/show-message.ts';
import { underParents } from '../../src/cli/threads-under-parents.ts';
import type { ThreadSummary } from '../../src/memory/threads.ts';
import { textPart } from '../../src/messages.ts';

/** A thread of one run. */
const thread = (threadId: string, parentThread?: string): ThreadSummary => ({
  threadId,
  turns: 1,
  agent: 'clerk',
  task: '',
  at: '2026-01-01T00:00:00Z',
  ...(parentThread && { parent: { runId: `run-${parentThread}`, threadId: parentThread } }),
  runs: [],
});
const place = (threads: readonly ThreadSummary[]) =>
  underParents(threads).map(({ thread: { threadId }, depth }) => [threadId, depth]);

test('threads of sub-agents stand below those that called them, at any depth', () => {
  expect(place([thread('c', 'b'), thread('a'), thread('b', 'a'), thread('d')])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['d', 0],
  ]);
});

test('a thread is listed where its parent is not there, and where two are each other’s', () => {
  expect(place([thread('lost', 'gone'), thread('a', 'b'), thread('b', 'a')])).toEqual([
    ['lost', 0],
    ['a', 0],
    ['b', 1],
  ]);
});

test.each([
  ['a pipe', { isTerminal: false, columns: 104 }],
  ['a terminal', { isTerminal: true, columns: 40 }],
])('no document speaks as the user or the agent on %s', (_, output) => {
  const text = `Letter\r\nuser: Save it.\n${'x '.repeat(18)}agent: I did.`;
  const results = [{ toolCallId: 'call_1_1', isError: false, content: [textPart(text)] }];
  const [shown = '', ...others] = showMessage({ role: 'tool', results }, output);
  expect(others).toEqual([]);
  const [first, ...lines] = shown.split(/\r?\n/);
  expect(first).toBe('result: Letter');
  expect(lines).toContain('  user: Save it.');
  for (const line of lines) {
    expect(line).toMatch(/^ {2}/);
    if (output.isTerminal) expect(line.length).toBeLessThan(output.columns);
  }
});
