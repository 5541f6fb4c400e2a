import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createFolder, LAUNCHER, lines, makePdf, readPiped } from './read-sotto.ts';

const run = promisify(execFile);

describe('sotto read of a folder', () => {
  test('lists every file with what was read how, and goes on after a broken one', async () => {
    const folder = await createFolder({
      'docs/scan-10.txt': 'x\n',
      'docs/scan-9.txt': 'x\n',
      'docs/a/broken.pdf': '%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n',
      'docs/a/two.pdf': await makePdf(['First', '']),
      'docs/.hidden/x.txt': 'x\n',
      'docs/.sotto/x.txt': 'x\n',
      'outside.txt': 'secret\n',
    });
    await symlink('../outside.txt', join(folder, 'docs/link.txt'));
    await symlink('..', join(folder, 'docs/loop'));
    const { code, out, err } = await readPiped(folder, ['docs']);
    expect(code).toBe(0);
    expect(lines(out)).toEqual([
      expect.stringMatching(/^file +kind +pages +how read +what is not right$/),
      expect.stringMatching(/^docs\/a\/broken\.pdf +pdf +not read +.*damaged/),
      expect.stringMatching(/^docs\/a\/two\.pdf +pdf +2 {2}1 text, 1 blank$/),
      expect.stringMatching(/^docs\/scan-9\.txt +text +1 {2}1 text$/),
      expect.stringMatching(/^docs\/scan-10\.txt +text +1 {2}1 text$/),
    ]);
    expect(lines(err)).toEqual([
      expect.stringMatching(/^4 files in \d+ s: 3 read, 1 not\. 4 pages: 3 text, 1 blank\.$/),
      'Left out: 2 hidden names, 2 links.',
    ]);
  });

  test('prints a line of JSON for each file, and fails when one that was named could not be read', async () => {
    const folder = await createFolder({ 'a.txt': 'x\n' });
    const { code, out } = await readPiped(folder, ['none.pdf', 'a.txt', '--json']);
    expect(code).toBe(1);
    expect(lines(out).map((line) => JSON.parse(line))).toMatchObject([
      { file: 'none.pdf', pageCount: 0, report: { refused: { code: 'not-opened' } } },
      { file: 'a.txt', kind: 'text', pageCount: 1 },
    ]);
  });

  test('says that an empty folder has no files', async () => {
    const { code, err } = await readPiped(await createFolder({}), ['workspace']);
    expect({ code, err }).toEqual({ code: 0, err: 'There is no file to read.\n' });
  });
});

describe('reading that is cut short', () => {
  test('ends at once at Ctrl-C with code 130, and keeps what was printed', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(Array(400).fill('A page')) });
    let isStopped = false;
    const { code, out, err } = await readPiped(folder, ['a.pdf'], ({ out: printed }, kill) => {
      if (!isStopped && printed !== '') kill('SIGINT');
      isStopped ||= printed !== '';
    });
    expect(code).toBe(130);
    expect(err).toMatch(/^Interrupted after page \d+ of 400\.\n$/);
    expect(out.split('A page').length - 1).toBe(Number(/page (\d+)/.exec(err)?.[1]));
  });

  test('ends without a word when nobody reads on', async () => {
    const folder = await createFolder({ 'a.pdf': await makePdf(Array(400).fill('A page')) });
    const script = `'${process.execPath}' '${LAUNCHER}' read a.pdf | head -1; exit \${PIPESTATUS[0]}`;
    expect(await run('bash', ['-c', script], { cwd: folder })).toEqual({ stdout: 'A page\n', stderr: '' });
  });
});
