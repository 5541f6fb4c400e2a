import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFile } from '../../tools/read-file.ts';
import { callTool, workspaceWith } from './call-tool.ts';

const lines = (from: number, to: number): string =>
  Array.from(
    { length: to - from + 1 },
    (_, at) => `line ${String(from + at).padStart(5, '0')} of this text\n`,
  ).join('');

async function read(content: string | Uint8Array, range: object = {}) {
  const workspace = await workspaceWith({ 'in/a.txt': content });
  return callTool(readFile, { path: 'in/a.txt', ...range }, workspace);
}

describe('read_file', () => {
  test.each([
    ['with a last line end', 'one\ntwo\n'],
    ['without one', 'one\n\n\ntwo'],
    ['with the line ends of Windows', 'one\r\ntwo\r\n'],
    ['of one newline', '\n'],
    ['with what a model would take for markup', '<|im_end|>\n</tool_response>'],
    ['of just as much as fits', `${'x'.repeat(11_999)}\n`],
  ])('gives a text %s exactly', async (_, text) => {
    expect(await read(text)).toBe(text);
  });

  test('says that a file is empty', async () => {
    expect(await read('')).toBe('[The file is empty.]');
  });

  test('cuts a long text at a line and says how to read on', async () => {
    // 24 characters a line: 500 lines are 12,000.
    expect(await read(lines(1, 900))).toBe(
      `${lines(1, 500)}[Lines 1 to 500 of 900. Read on with from_line 501.]`,
    );
    expect(await read(lines(1, 900), { from_line: 501 })).toBe(
      `${lines(501, 900)}[Lines 501 to 900 of 900.]`,
    );
    expect(await read(lines(1, 501))).toContain('[Lines 1 to 500 of 501.');
    expect(await read(lines(1, 500))).toBe(lines(1, 500));
  });

  test.each([
    [{ from_line: 2, line_count: 2 }, `${lines(2, 3)}[Lines 2 to 3 of 5. Read on with from_line 4.]`],
    [{ line_count: 1 }, `${lines(1, 1)}[Lines 1 to 1 of 5. Read on with from_line 2.]`],
    [{ from_line: 5 }, `${lines(5, 5)}[Lines 5 to 5 of 5.]`],
    [{ from_line: 4, line_count: 100 }, `${lines(4, 5)}[Lines 4 to 5 of 5.]`],
    [{ from_line: 1, line_count: 5 }, lines(1, 5)],
  ])('reads the lines %j', async (range, shown) => {
    expect(await read(lines(1, 5), range)).toBe(shown);
  });

  test('puts the sentence on its own line when the text ends without one', async () => {
    expect(await read('one\ntwo', { from_line: 2 })).toBe('two\n[Lines 2 to 2 of 2.]');
  });

  test('gives every line once when it is read on and on', async () => {
    const text = Array.from({ length: 3000 }, (_, at) => 'x'.repeat(at % 97) + at).join('\n');
    let all = '';
    let next: number | undefined = 1;
    while (next !== undefined) {
      const output: string = String(await read(text, { from_line: next }));
      const [, shown = '', from]: readonly (string | undefined)[] =
        /^(.*)\[Lines[^\]]*?(?:from_line (\d+)\.)?\]$/s.exec(output) ?? [];
      all += shown;
      next = from === undefined ? undefined : Number(from);
    }
    expect(all).toBe(`${text}\n`);
  });

  test('cuts one line that is too long, never inside a character', async () => {
    expect(await read(`${'x'.repeat(11_999)}😀\nnext\n`)).toBe(
      `${'x'.repeat(11_999)}\n[Line 1 of 2 is cut after 12000 of its 12002 characters. Read on with from_line 2.]`,
    );
    expect(await read(`a\n${'x'.repeat(50_000)}`, { from_line: 2 })).toBe(
      `${'x'.repeat(12_000)}\n[Line 2 of 2 is cut after 12000 of its 50000 characters.]`,
    );
  });

  test('says that a line is past the end', async () => {
    expect(await read(lines(1, 5), { from_line: 6 })).toEqual({
      isError: true,
      text: 'in/a.txt has 5 lines: there is no line 6.',
    });
  });

  test.each([
    [{ from_line: 0 }],
    [{ line_count: 0 }],
    [{ from_line: 1.5 }],
    [{ from_line: '2' }],
    [{ lines: 2 }],
  ])('refuses the range %j', async (range) => {
    await expect(read('text', range)).rejects.toThrow(/from_line|line_count|lines/);
  });

  test('notes at the end that a text was read as Latin-1', async () => {
    const note =
      '[The file is not UTF-8. It was read as Latin-1 (Windows-1252): letters with accents may be wrong.]';
    expect(await read(Buffer.from('Größe', 'latin1'))).toBe(`Größe\n${note}`);
    expect(await read(Buffer.from('é\né\n', 'latin1'), { line_count: 1 })).toBe(
      `é\n[Lines 1 to 1 of 2. Read on with from_line 2.]\n${note}`,
    );
  });

  test('drops a byte order mark, and reads UTF-16', async () => {
    expect(await read('\ufeffname;größe')).toBe('name;größe');
    expect(await read(Buffer.from('\ufeffname;größe', 'utf16le'))).toBe('name;größe');
  });

  test.each([
    ['a.csv', 'a;b\n1;2\n'],
    ['a.json', '{"a": [1,\n2]}'],
    ['a.xml', '<a><b>1</b></a>'],
    ['a.md', '# A\n\n| a | b |\n'],
    ['note.txt', 'From: me\nTo: you\n\nHello'],
  ])('gives %s exactly', async (name, text) => {
    const workspace = await workspaceWith({ [name]: text });
    expect(await callTool(readFile, { path: name }, workspace)).toBe(text);
  });

  test('says that a text has no pages', async () => {
    expect(await read('one', { pages: '2' })).toEqual({
      isError: true,
      text: 'in/a.txt is a text without pages. Read it without "pages".',
    });
    expect(await read('one', { pages: 'all' })).toBe('one');
  });

  test('refuses a file over 50 MB, and no smaller one', async () => {
    const workspace = await workspaceWith({});
    await mkdir(join(workspace.root, 'big'));
    await writeFile(join(workspace.root, 'big/a.log'), '%PDF-');
    await truncate(join(workspace.root, 'big/a.log'), 50_000_000);
    expect(await callTool(readFile, { path: 'big/a.log' }, workspace)).toMatchObject({ isError: true });
    await truncate(join(workspace.root, 'big/a.log'), 50_000_001);
    await expect(callTool(readFile, { path: 'big/a.log' }, workspace)).rejects.toThrow(
      '"big/a.log" is larger than the 50,000,000 bytes that are read at once.',
    );
  });
});
