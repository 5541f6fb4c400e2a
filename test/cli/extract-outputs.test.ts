/** What `sotto extract` writes and when, and what it says where it writes nothing; with the bundled model. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';
import { LAUNCHER, type Printed } from './chat-terminal.ts';

const SCHEMA = JSON.stringify({ type: 'object', properties: { total: { type: 'number' } } });

/** A folder of documents with its schema in it. */
async function createPlain(files: Readonly<Record<string, string>>): Promise<string> {
  const { folder } = await createTempProject();
  const plain = join(folder, 'post');
  await mkdir(plain);
  for (const [name, text] of Object.entries({ ...files, 's.json': SCHEMA }))
    await writeFile(join(plain, name), text);
  return plain;
}

function begin(cwd: string, args: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, 'extract', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  const end = new Promise<Printed>((done) => child.once('close', (code) => done({ code, ...printed })));
  return { child, end };
}
const sotto = (cwd: string, args: readonly string[]): Promise<Printed> => begin(cwd, args).end;
const namesIn = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.'));

describe('a second run', () => {
  test('takes nothing that an earlier one wrote as a document, whatever its own table is called', async () => {
    const plain = await createPlain({
      'a.txt': 'Total: 5.00',
      'b.txt': 'Total: 6.00',
      'copy.txt': 'Total: 6.00',
    });
    const first = ['.', '--schema', 's.json', '--out', 'one.csv', '--report', 'one.html'];
    const begun = await sotto(plain, first);
    expect(begun.code).toBe(0);
    expect(begun.err).toMatch(/^3 documents: 3 done( \(1 copy of another\))?\. /m);
    expect(begun.err).not.toContain('known from before');
    expect(begun.err).toContain('This is the small model');
    const second = await sotto(plain, [
      '.',
      '--schema',
      's.json',
      '--out',
      'two.xlsx',
      '--report',
      'two.html',
    ]);
    expect(second.err).toContain('4 files that earlier runs wrote are left out: one.csv, one.evidence.csv');
    expect(second.err).toMatch(/^3 documents: 3 done \(3 known from before\)\./m);
    expect(second.err).not.toContain('This is the small model');
    await writeFile(join(plain, 'one.pages.csv'), 'Total\n8.00');
    const third = await sotto(plain, ['.', '--schema', 's.json', '--out', 'three.json']);
    expect(third.err).toContain(
      '5 files that earlier runs wrote are left out: one.csv, one.evidence.csv, one.html,',
    );
    expect(third.err).toMatch(/^4 documents: 4 done \(3 known from before\)\./m);
  });
});

describe('a folder without documents', () => {
  test('leaves the table of an earlier run as it is', async () => {
    const { folder } = await createTempProject({ 'inbox/a.txt': 'Total: 5.00' });
    await writeFile(join(folder, 's.json'), SCHEMA);
    const args = ['workspace/inbox', '--schema', 's.json', '--out', 't.csv'];
    expect((await sotto(folder, args)).code).toBe(0);
    const before = await readFile(join(folder, 't.csv'), 'utf8');
    await rm(join(folder, 'workspace/inbox/a.txt'));
    const { code, err } = await sotto(folder, [...args, '--report', 'r.html']);
    expect(code).toBe(1);
    expect(err).toContain('There is no document to read: nothing was written');
    expect(await readFile(join(folder, 't.csv'), 'utf8')).toBe(before);
    expect(await namesIn(folder)).not.toContain('r.html');
  });
});

describe('a watch', () => {
  test.each(['SIGTERM', 'SIGHUP'] as const)(
    'writes its table while it goes on, and at %s',
    async (signal) => {
      const plain = await createPlain({ 'a.txt': 'Total: 5.00' });
      const args = ['.', '--schema', 's.json', '--out', 't.json', '--watch', '--move', 'done/,failed/'];
      const { child, end } = begin(plain, args);
      let ended: Printed | undefined;
      void end.then((printed) => {
        ended = printed;
      });
      const rowsOf = async () => {
        const text = await readFile(join(plain, 't.json'), 'utf8').catch(() => '{"rows":[]}');
        return JSON.parse(text).rows.map(({ file }: { file: string }) => file);
      };
      while (!ended && !(await rowsOf()).includes('done/a.txt'))
        await new Promise((done) => setTimeout(done, 100));
      expect(ended).toBeUndefined();
      await rm(join(plain, 't.json'));
      child.kill(signal);
      const { code, err } = await end;
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('Written: t.json') });
      expect(await rowsOf()).toEqual(['done/a.txt']);
    },
  );
});

describe('a call that is refused', () => {
  test.each([
    [['post', '--schema', 'post/s.json', '--out', 't.pdf'], 2, /^--out: ".*t\.pdf" is no table: .*\.$/],
    [['post', '--schema', 'post/s.json', '--out', 't.csv', '--report', 'r.pdf'], 2, /has to end in \.html\./],
    [['post/s.json', '--schema', 'post/s.json', '--out', 't.csv'], 2, /cannot be the schema and a document/],
    [['post', '--schema', 'gone.json', '--out', 't.csv'], 1, /gone\.json does not exist\.$/],
    [['gone', '--schema', 'post/s.json', '--out', 't.csv'], 1, /There is no file or folder "gone"\.$/],
    [['post'], 2, /takes a folder or files, a schema and a table/],
    [['jobs', 'show', 'abc'], 1, /There are no jobs yet/],
  ])('%j ends with code %i, and tells a program why', async (args, expected, sentence) => {
    const plain = await createPlain({ 'a.txt': 'x' });
    const { code, out, err } = await sotto(join(plain, '..'), [...args, '--json']);
    expect(code).toBe(expected);
    expect(JSON.parse(out)).toEqual({ type: 'error', problem: expect.stringMatching(sentence) });
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});
