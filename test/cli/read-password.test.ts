import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeLockedPdf } from './read-locked-pdf.ts';
import { createFolder, readOnTerminal, readPiped, testOnTerminal } from './read-sotto.ts';

const PASSWORD = 'hunter2';
const LOCKED = makeLockedPdf('Nobody may read this', PASSWORD);

describe('a password', () => {
  testOnTerminal(
    'is asked for without being shown, again when it is wrong, and then kept for the next file',
    async () => {
      const folder = await createFolder({ 'docs/a.pdf': LOCKED, 'docs/b.pdf': LOCKED });
      const { code, screen } = await readOnTerminal(folder, ['docs'], ['wrong\r', `huxx\x7f\x7fnter2\r`]);
      expect(code).toBe(0);
      expect(screen).toMatch(
        /Password of docs\/a\.pdf.*: \nThat password is wrong\.\nPassword of docs\/a\.pdf/,
      );
      expect(screen).toMatch(/a\.pdf +pdf +1 {2}1 text\n(.*\n)*.*b\.pdf +pdf +1 {2}1 text/);
      expect(screen.split('Password of')).toHaveLength(3);
      expect(screen).not.toMatch(/hunter2|wrong\n|hu/);
    },
  );

  testOnTerminal('is asked for three times, and one that is skipped ends nothing', async () => {
    const folder = await createFolder({ 'a.pdf': LOCKED, 'b.pdf': LOCKED, 'c.txt': 'x\n' });
    const answers = ['no\r', 'no\r', 'no\r', '\r'];
    const { code, screen } = await readOnTerminal(folder, ['a.pdf', 'b.pdf', 'c.txt'], answers);
    expect(code).toBe(1);
    expect(screen.split('Password of a.pdf')).toHaveLength(4);
    expect(screen.split('Password of b.pdf')).toHaveLength(2);
    expect(screen).toContain('3 files');
  });

  test('comes from the first line of a file, and is in nothing that is printed', async () => {
    const folder = await createFolder({ 'a.pdf': LOCKED, secret: `${PASSWORD}\r\nsecond line\n` });
    await chmod(join(folder, 'secret'), 0o600);
    const { code, out, err } = await readPiped(folder, ['a.pdf', '--password-file', 'secret', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).pages[0].text).toContain('Nobody may read this');
    expect(out).not.toContain(PASSWORD);
    await chmod(join(folder, 'secret'), 0o644);
    const open = await readPiped(folder, ['a.pdf', '--password-file', 'secret']);
    expect(open).toMatchObject({ code: 0, err: expect.stringMatching(/^Others on this machine can read/) });
  });

  test('that is wrong, missing or not to be had is one sentence', async () => {
    const folder = await createFolder({ 'a.pdf': LOCKED, wrong: 'x\n', empty: '\nx\n' });
    const wrong = await readPiped(folder, ['a.pdf', '--password-file', 'wrong']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/password is wrong/) });
    const empty = await readPiped(folder, ['a.pdf', '--password-file', 'empty']);
    expect(empty).toMatchObject({ code: 1, err: expect.stringMatching(/first line .* "empty" is empty/) });
    const missing = await readPiped(folder, ['a.pdf', '--password-file', 'none']);
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/"none": There is nothing/) });
    const unasked = await readPiped(folder, ['a.pdf']);
    expect(unasked).toMatchObject({ code: 1, err: expect.stringMatching(/Give .* --password-file FILE/) });
  });

  testOnTerminal('is not asked for any more after Ctrl-C, which says what was done', async () => {
    const folder = await createFolder({ 'a.txt': 'x\n', 'b.pdf': LOCKED, 'c.txt': 'x\n' });
    const { code, screen } = await readOnTerminal(folder, ['a.txt', 'b.pdf', 'c.txt'], ['h\x03']);
    expect(code).toBe(130);
    expect(screen).toMatch(/a\.txt +text(.*\n)*Interrupted after 1 of 3 files\./);
    expect(screen).not.toContain('c.txt');
  });
});
