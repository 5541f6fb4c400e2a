import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';
import { createProgress, type ProgressOptions } from '../../src/cli/progress.ts';
import { noUsage, type RunEvent } from '../../src/events.ts';
import { textPart, userMessage } from '../../src/messages.ts';

/** What is written of these events, on a pipe or on a terminal of 80 columns. */
function show(
  events: readonly RunEvent[],
  { isTTY = false, ...options }: ProgressOptions & { readonly isTTY?: boolean } = {},
): string {
  let written = '';
  const screen = {
    isTTY,
    columns: 80,
    on() {},
    write: (text: string) => {
      written += text;
    },
  };
  const progress = createProgress(createOutput({ stdout: screen, stderr: screen }), options);
  for (const event of events) progress(event);
  return written;
}

const toolCall = { id: 'call_1_1', name: 'ask_reader', input: { task: 'x'.repeat(200) } };
const message = { role: 'assistant', thinking: '', text: 'I look.', toolCalls: [toolCall] } as const;
const stepEnd = { type: 'step-end', step: 1, message, finish: 'stop', usage: noUsage } as const;

test('a thought, an answer and a call are shown, and without colour a thought says what it is', () => {
  const events: RunEvent[] = [
    { type: 'step-start', step: 1 },
    { type: 'thinking-delta', text: 'So\n' },
    { type: 'thinking-delta', text: 'then' },
    { type: 'text-delta', text: 'I look.' },
  ];
  expect(show(events)).toBe('step 1\n  (thought) So\n  then\n  I look.');
});

test('a thought that is not shown is one line', () => {
  const events: RunEvent[] = [
    { type: 'thinking-delta', text: 'one two ' },
    { type: 'thinking-delta', text: 'three' },
    stepEnd,
  ];
  const shown = show(events, { isThoughtShown: () => false });
  expect(shown).toMatch(/^ {2}\(thought for \d+ s, 3 words\)\n {2}> ask_reader/);
});

test('lines fit a terminal of 80 columns', () => {
  const result = { toolCallId: 'call_1_1', isError: false, content: [textPart('y'.repeat(30_000))] };
  const shown = show([stepEnd, { type: 'tool-call-end', result, durationMs: 1 }], { isTTY: true });
  const lines = stripVTControlCharacters(shown).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines[1]).toContain('(30000 characters)');
});

test('what a sub-agent does is set in, and its own sub-agent further', () => {
  const inner: RunEvent = {
    type: 'agent-event',
    toolCallId: 'call_1_1',
    agent: 'deep',
    event: { type: 'step-start', step: 2 },
  };
  const events: RunEvent[] = [
    { type: 'agent-event', toolCallId: 'call_1_1', agent: 'reader', event: { type: 'step-start', step: 1 } },
    {
      type: 'agent-event',
      toolCallId: 'call_1_1',
      agent: 'reader',
      event: { type: 'text-delta', text: 'I look.' },
    },
    { type: 'agent-event', toolCallId: 'call_1_1', agent: 'reader', event: stepEnd },
    { type: 'agent-event', toolCallId: 'call_1_1', agent: 'reader', event: inner },
  ];
  const [first, said, call, deep] = show(events).split('\n');
  expect([first, said, deep]).toEqual(['    reader, step 1', '      I look.', '        deep, step 2']);
  expect(call).toMatch(/^ {6}> ask_reader task=x+/);
});

test('what else happens in a run is said in one line each', () => {
  const events: RunEvent[] = [
    { type: 'user-message', step: 2, from: 'user', message: userMessage('And\nbe quick.') },
    {
      type: 'context-compact',
      step: 2,
      dropped: [
        { type: 'tool-result', toolCallId: 'call_1_1', name: 'read_file', characters: 1200 },
        { type: 'thinking', messages: 2, characters: 900 },
      ],
      promptTokens: 9000,
      roomTokens: 8000,
      context: [],
    },
    {
      type: 'state-restore',
      step: 2,
      from: 'nothing',
      reusedTokens: 0,
      newTokens: 12,
      problem: 'The file is damaged.',
    },
    { type: 'state-restore', step: 2, from: 'file', reusedTokens: 5, newTokens: 12 },
    { type: 'engine-restart', reason: 'The process ended.' },
    { type: 'tool-delta', toolCallId: 'call_1_1', text: 'page 3 of 9\u001b[2J' },
  ];
  expect(show(events).split('\n')).toEqual([
    '  (read now: And | be quick.)',
    '  (the context was full: left out a result of read_file (1200 characters), the thought of 2 messages (900 characters); the thread keeps it)',
    '  (the saved state was not used, 12 tokens are read again: The file is damaged.)',
    '  The process ended. A new one is started.',
    '  page 3 of 9\\x1b[2J',
    '',
  ]);
});
