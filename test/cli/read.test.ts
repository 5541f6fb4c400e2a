import { execFile } from 'node:child_process';
import { open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createFolder, lines, makePdf, readOnTerminal, readPiped, testOnTerminal } from './read-sotto.ts';

const run = promisify(execFile);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/u;
const PASSWORD = 'hunter2';

describe('sotto read of one file', () => {
  test('gives its text alone to a pipe, and says on stderr how each page was read', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(['First page', '', 'Third page']) });
    const { code, out, err } = await readPiped(folder, ['a.pdf']);
    expect({ code, out }).toEqual({ code: 0, out: 'First page\n\nThird page\n' });
    expect(lines(err)).toEqual([
      expect.stringMatching(/^a\.pdf: pdf, 3 pages, /),
      expect.stringMatching(/^ {2}pages 1, 3: Read as text\.$/),
      expect.stringMatching(/^ {2}page 2: .*blank/i),
      ...Array(lines(err).length - 3).fill(expect.stringMatching(/^ {2}\w+: /)),
    ]);
  });

  testOnTerminal('shows a person each page under its heading', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(['First page', '']) });
    const { code, screen } = await readOnTerminal(folder, ['a.pdf']);
    expect(code).toBe(0);
    expect(screen).toContain('--- page 1 of 2 ---\nFirst page\n\n--- page 2 of 2 (blank) ---\n\na.pdf: pdf');
  });

  test('reads the pages that are asked for, and says so when there are none', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(['First', 'Second', 'Third']) });
    const some = await readPiped(folder, ['a.pdf', '--pages', '2-']);
    expect(some).toMatchObject({ code: 0, out: 'Second\n\nThird\n' });
    expect(some.err).toMatch(/pages 2-3: Read as text/);
    expect(some.err).not.toMatch(/Not asked for/);
    const none = await readPiped(folder, ['a.pdf', '--pages', '7']);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toMatch(/has 3 pages: not all that were asked for/);
  });

  test('prints the whole document as one line of JSON, with its name', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(['First page']) });
    const { code, out, err } = await readPiped(folder, ['a.pdf', '--json']);
    expect({ code, err, count: lines(out).length }).toEqual({ code: 0, err: '', count: 1 });
    expect(JSON.parse(out)).toMatchObject({
      file: 'a.pdf',
      kind: 'pdf',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      pages: [{ number: 1, text: expect.stringContaining('First page'), via: 'text' }],
      report: { pages: [{ first: 1, last: 1, via: 'text' }] },
    });
  });

  test('lets nothing of a file or its name reach the terminal raw, and keeps it in JSON', async () => {
    const hostile = 'x\u001b]0;owned\u0007\u202e';
    const folder = await createFolder({
      [`${hostile}.txt`]: `text ${hostile}\n`,
    });
    const piped = await readPiped(folder, [`${hostile}.txt`]);
    const json = await readPiped(folder, [`${hostile}.txt`, '--json']);
    const all = await readPiped(folder, ['.']);
    for (const { code, out, err } of [piped, json, all]) {
      expect(code).toBe(0);
      expect(out + err).not.toMatch(RAW_CONTROL);
    }
    expect(piped.out).toContain('text x\\x1b]0;owned\\x07\\u202e');
    expect(JSON.parse(json.out).pages[0].text).toContain(hostile);
  });

  test('needs no config and no model, and looks at none', async () => {
    const folder = await createFolder({ 'agents.config.ts': 'export default {', 'a.txt': 'Hello\n' });
    expect(await readPiped(folder, ['a.txt'])).toMatchObject({ code: 0, out: 'Hello\n' });
  });

  test('does not read pictures when it is told not to, and fails where there is nothing else', async () => {
    const picture = await sharp({ create: { width: 90, height: 90, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    const folder = await createFolder({ 'a.png': picture });
    const { code, out, err } = await readPiped(folder, ['a.png', '--ocr', 'off']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(lines(err)).toHaveLength(2);
  });

  test('refuses what cannot be read, each with its sentence', async () => {
    const folder = await createFolder({ 'broken.pdf': '%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n', empty: '' });
    // A hole, of which nothing is on the disk. Node could not read it at once either.
    await (await open(join(folder, 'large.pdf'), 'w')).close();
    await truncate(join(folder, 'large.pdf'), 3e9);
    await run('mkfifo', [join(folder, 'pipe')]);
    const files = ['none.pdf', '/dev/null', 'pipe', 'large.pdf', 'broken.pdf', 'empty'];
    const { code, out, err } = await readPiped(folder, files);
    expect(code).toBe(1);
    expect(lines(out).slice(1)).toEqual([
      expect.stringMatching(/^none\.pdf .*There is nothing of this name\.$/),
      expect.stringMatching(/^\/dev\/null .*This is not a file\.$/),
      expect.stringMatching(/^pipe .*This is not a file\.$/),
      expect.stringMatching(/^large\.pdf .*3000 MB; at most 100 MB are read\.$/),
      expect.stringMatching(/^broken\.pdf .*damaged/),
      expect.stringMatching(/^empty .*This file is empty\.$/),
    ]);
    expect(err).toMatch(/^6 files in \d+ s: 0 read, 6 not\.\n$/);
    const one = await readPiped(folder, ['empty']);
    expect(one).toEqual({ code: 1, out: '', err: 'empty\n  This file is empty.\n' });
  });

  test.each([
    [['a.pdf', '--password', PASSWORD], /--password-file/],
    [['a.pdf', '--languages', 'eng+xxx'], /xxx is not installed.*npm install @tesseract\.js-data\/xxx/],
  ])('%j ends with code 2 and one plain sentence', async (args, sentence) => {
    const { code, out, err } = await readPiped(await createFolder({}), args);
    expect({ code, out, count: lines(err).length }).toEqual({ code: 2, out: '', count: 1 });
    expect(err).toMatch(sentence);
    expect(err).not.toContain(PASSWORD);
  });
});

describe('sotto read --tables csv', () => {
  test('gives the tables with an empty line between them, and their places on stderr', async () => {
    const folder = await createFolder({
      'a.csv': 'name,sum\n=1+1,-5\n"x, y",2\n',
      'b/c.html': '<table><tr><th>one<th>two<tr><td>three<td>four<tr><td>five<td>six</table>',
    });
    const { code, out, err } = await readPiped(folder, ['a.csv', 'b', '--tables', 'csv']);
    expect({ code, out }).toEqual({
      code: 0,
      out: `name,sum\n'=1+1,-5\n"x, y",2\n\none,two\nthree,four\nfive,six\n`,
    });
    expect(err).toMatch(/Table 1: a\.csv, page 1, 3 rows of 2 cells\./);
    expect(err).toMatch(/Table 2: b\/c\.html, page 1, 3 rows of 2 cells\./);
  });

  test('says when there is none', async () => {
    const folder = await createFolder({ 'a.txt': 'Only prose.\n' });
    const { code, out, err } = await readPiped(folder, ['a.txt', '--tables', 'csv']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('There is no table in it.');
  });
});

describe('sotto read --evidence', () => {
  test('draws the box of a page into a new file, and never over one', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(['First', 'Second']), 'b.png': 'mine' });
    const drawn = await readPiped(folder, ['a.pdf', '--evidence', '2,40,80,140,110', 'o.png']);
    expect(drawn).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(/^o\.png: page 2 of a\.pdf, /),
    });
    const { width = 0, height = 0, format } = await sharp(await readFile(join(folder, 'o.png'))).metadata();
    expect(format).toBe('png');
    // At 150 dpi the box alone has 208 by 63 pixels, the page 833 by 625.
    expect(width).toBeGreaterThanOrEqual(208);
    expect(width).toBeLessThan(500);
    expect(height).toBeLessThan(300);
    const taken = await readPiped(folder, ['a.pdf', '--evidence', '1', 'b.png']);
    expect(taken).toMatchObject({ code: 1, err: expect.stringMatching(/"b\.png" is there already/) });
    expect(await readFile(join(folder, 'b.png'), 'utf8')).toBe('mine');
  });

  test('says why there is nothing to draw, and writes nothing then', async () => {
    const folder = await createFolder({ 'a.txt': 'x\n' });
    const { code, err } = await readPiped(folder, ['a.txt', '--evidence', '1', 'o.png']);
    expect({ code, err }).toEqual({ code: 1, err: 'a.txt: Only pages of PDFs and images can be drawn.\n' });
    await expect(readFile(join(folder, 'o.png'))).rejects.toThrow();
  });
});
