import { expect, test } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';

/** What a note is on a screen of 40 columns. */
function note(text: string, { isTTY }: { readonly isTTY: boolean }): string {
  let written = '';
  const screen = {
    isTTY,
    columns: 40,
    on() {},
    write: (chunk: string) => {
      written += chunk;
    },
  };
  createOutput({ stdout: screen, stderr: screen }).note(text);
  return written;
}

const SENTENCE = 'This small model knows the kind of task of the samples and nothing else.';

test('a note breaks between words on a terminal, and what is set in stays so', () => {
  expect(note(`${SENTENCE}\n  ${SENTENCE}`, { isTTY: true }).split('\n')).toEqual([
    'This small model knows the kind of task',
    'of the samples and nothing else.',
    '  This small model knows the kind of',
    '    task of the samples and nothing',
    '    else.',
    '',
  ]);
});

test('a note that fits, and one that no terminal shows, stays as it is', () => {
  expect(note('a    b', { isTTY: true })).toBe('a    b\n');
  expect(note(SENTENCE, { isTTY: false })).toBe(`${SENTENCE}\n`);
});

test('a note is as wide as what is shown of it', () => {
  const lines = note(`${'\u202e '.repeat(10)}end`, { isTTY: true })
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.length).toBeLessThan(40);
});
