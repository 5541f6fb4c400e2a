import { expect, test } from 'vitest';
import { showMessage } from '../../src/cli/show-message.ts';
import { underParents } from '../../src/cli/threads-under-parents.ts';
import type { RunFact } from '../../src/events.ts';
import { foldThreads, type RunRecord } from '../../src/memory/threads.ts';
import { textPart } from '../../src/messages.ts';

/** The first run of a thread of the same name. */
function run(threadId: string, parentRun?: string): RunRecord {
  const start: RunFact = {
    type: 'run-start',
    runId: `run-${threadId}`,
    threadId,
    turn: 1,
    agent: 'clerk',
    model: { name: 'm', fingerprint: 'm' },
    seal: 'none',
    ...(parentRun && { parent: { runId: parentRun, toolCallId: 'call_1_1' } }),
  };
  return { runId: start.runId, entries: [{ seq: 1, at: `2026-01-01T00:00:00Z`, ...start }] };
}
const place = (runs: readonly RunRecord[]) =>
  underParents(foldThreads(runs), runs).map(({ thread, parent, depth }) => [thread.threadId, parent, depth]);

test('threads of sub-agents stand below those that called them, at any depth', () => {
  expect(place([run('c', 'run-b'), run('a'), run('b', 'run-a'), run('d')])).toEqual([
    ['a', undefined, 0],
    ['b', 'a', 1],
    ['c', 'b', 2],
    ['d', undefined, 0],
  ]);
});

test('a thread is listed where its parent is not there, and where two are each other’s', () => {
  expect(place([run('lost', 'run-gone'), run('a', 'run-b'), run('b', 'run-a')])).toEqual([
    ['lost', undefined, 0],
    ['a', 'b', 0],
    ['b', 'a', 1],
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
