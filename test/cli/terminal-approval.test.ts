import { expect, test } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';
import { approveOnTerminal } from '../../src/cli/terminal-approval.ts';
import type { JsonValue } from '../../src/messages.ts';

const COLUMNS = 80;

/** What is written of a question on a terminal of 80 columns, line by line. */
async function ask(
  input: Readonly<Record<string, JsonValue>>,
  { answer = 'n', reason = 'it would write a.txt, outside out/' } = {},
) {
  let written = '';
  const screen = {
    isTTY: true,
    columns: COLUMNS,
    on() {},
    write: (text: string) => {
      written += text;
    },
  };
  const approve = approveOnTerminal(createOutput({ stdout: screen, stderr: screen }), async (question) => {
    written += question;
    return answer;
  });
  const decision = await approve({
    agent: 'clerk',
    toolCall: { id: 'call_1_1', name: 'write_file', input },
    reason,
    signal: new AbortController().signal,
  });
  return { decision, lines: written.trimStart().split('\n') };
}

test('a question shows the exact arguments, and what it is about right above the answer', async () => {
  const { decision, lines } = await ask({ path: 'a.txt', count: 3 }, { answer: 'Yes' });
  expect(decision).toBe('allow');
  expect(lines).toEqual([
    'clerk asks for approval of write_file:',
    '  path: a.txt',
    '  count: 3',
    'write_file, called by clerk: it would write a.txt, outside out/.',
    'Allow it? [y/N] ',
  ]);
});

test.each([
  [
    'spaces that reach the edge',
    `x${' '.repeat(19)}${' y'.repeat(10)}   clerk asks for approval of read_file: nothing.`,
  ],
  ['one long word', 'x'.repeat(COLUMNS * 3)],
  ['characters that are wider than others', `${'日'.repeat(COLUMNS)}Allow it? [y/N]`],
  ['marks that some terminals give a column', `${'\u0940'.repeat(COLUMNS)}Allow it? [y/N]`],
  ['lines', 'x\r\nAllow it? [y/N] y\nread_file: it only reads.'],
])('no row of a value can pass for a line of ours: %s', async (_, content) => {
  const { lines } = await ask({ content });
  expect(lines.slice(0, 2)).toEqual(['clerk asks for approval of write_file:', '  content:']);
  const rows = lines.slice(2, -2);
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) {
    expect(row.startsWith('    | ')).toBe(true);
    expect(row.length + (row.match(/[日\u0940]/g)?.length ?? 0)).toBeLessThan(COLUMNS);
  }
  const shown = rows.map((row) => row.slice(6)).join('');
  expect(shown).toBe(content.replaceAll(/\r?\n/g, ''));
});

test('no row of a name or of a reason can pass for a line of ours', async () => {
  const long = `a.txt${' x'.repeat(COLUMNS)}\nAllow it? [y/N]`;
  const { lines } = await ask({ [long]: 1 }, { reason: `it would write ${long}` });
  expect(lines.filter((line) => !line.startsWith('  '))).toEqual([
    'clerk asks for approval of write_file:',
    expect.stringMatching(/^write_file, called by clerk: it would write a\.txt x/),
    'Allow it? [y/N] ',
  ]);
  for (const line of lines) expect(line.length).toBeLessThan(COLUMNS);
});

test('many spaces and many rows are counted and not shown', async () => {
  const spaces = await ask({ content: `a${' \u00a0'.repeat(500)}b` });
  expect(spaces.lines).toContain('  content: a[1000 spaces]b');
  const content = Array.from({ length: 500 }, (_, index) => `line ${index + 1}`).join('\n');
  const { lines } = await ask({ content });
  const at = lines.indexOf('  (440 rows of 500 left out here)');
  expect([lines[at - 1], lines[at + 1], lines.at(-3)]).toEqual([
    '    | line 40',
    '    | line 481',
    '    | line 500',
  ]);
});

test('a name that is none is quoted, so that it cannot pass for a name with its value', async () => {
  const { lines } = await ask({ 'path: out/a.txt': 'b' });
  expect(lines).toContain('  "path: out/a.txt": b');
});
