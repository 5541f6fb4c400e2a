import { copyFile, mkdir, open, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reopenJob } from '../../src/extract/job/job-ledger.ts';
import { readJob } from '../../src/extract/job/jobs.ts';
import { moveFile } from '../../src/extract/job/move-file.ts';
import { createExtractor, createInbox, invoice, runExtract } from './job-fakes.ts';

const MOVE = { done: 'done/', failed: 'failed/' };
const listing = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
const names = (rows: readonly { readonly file: string }[]) =>
  rows.map(({ file }) => file.split('/inbox/').at(-1));

describe('documents that are moved', () => {
  test('lie in done/ or failed/, stay in the table, and are not looked at again', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'sub/b.txt': invoice(2), 'c.txt': '' });
    const { extractor, asked } = createExtractor();
    const first = await runExtract(inbox, { extractor, move: MOVE });
    expect(await listing(inbox.inbox)).toEqual([
      'done',
      'done/a.txt',
      'done/sub',
      'done/sub/b.txt',
      'failed',
      'failed/c.txt',
      'sub',
    ]);
    expect(first.left).toEqual([]);
    expect((await readJob(inbox.home, first.jobId)).isFinished).toBe(true);
    const second = await runExtract(inbox, { extractor, move: MOVE });
    expect(asked).toEqual(['INV-1', 'INV-2']);
    expect(names(second.rows)).toEqual(['done/a.txt', 'done/sub/b.txt']);
    expect(names(second.failures)).toEqual(['failed/c.txt']);
    expect(JSON.stringify(second.rows)).toBe(JSON.stringify(first.rows));
  });

  test('never replace a file of the same name', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'done/a.txt': 'mine', 'done/a (2).txt': 'mine' });
    const { extractor } = createExtractor();
    await runExtract(inbox, { extractor, move: MOVE });
    await writeFile(join(inbox.inbox, 'a.txt'), invoice(9));
    const { rows } = await runExtract(inbox, { extractor, move: MOVE });
    expect(await readFile(join(inbox.inbox, 'done/a.txt'), 'utf8')).toBe('mine');
    expect(await readFile(join(inbox.inbox, 'done/a (3).txt'), 'utf8')).toBe(invoice(1));
    expect(await readFile(join(inbox.inbox, 'done/a (4).txt'), 'utf8')).toBe(invoice(9));
    expect(names(rows)).toEqual(['done/a (3).txt', 'done/a (4).txt']);
  });

  test('are tried again when a person puts a failed one back, and are one row when it was done', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'b.txt': invoice(2) });
    let isDown = true;
    const { extractor, asked } = createExtractor(async () => {
      if (isDown) throw new Error('down');
      return undefined;
    });
    await runExtract(inbox, { extractor, move: MOVE });
    isDown = false;
    await rename(join(inbox.inbox, 'failed/a.txt'), join(inbox.inbox, 'a.txt'));
    const { rows, failures } = await runExtract(inbox, { extractor, move: MOVE });
    expect(names(rows)).toEqual(['done/a.txt']);
    expect(names(failures)).toEqual(['failed/b.txt']);
    await rename(join(inbox.inbox, 'done/a.txt'), join(inbox.inbox, 'a.txt'));
    expect(names((await runExtract(inbox, { extractor, move: MOVE })).rows)).toEqual(['done/a.txt']);
    expect(asked).toEqual(['INV-1', 'INV-2', 'INV-1']);
  });

  test.each(['both', 'goal'])(
    'are moved to their end when the run was killed within, and lie at: %s',
    async (where) => {
      const inbox = await createInbox({ 'a.txt': invoice(1) });
      const { extractor, asked } = createExtractor();
      const { jobId, rows } = await runExtract(inbox, { extractor });
      const [from, to] = [join(inbox.inbox, 'a.txt'), join(inbox.inbox, 'done/a.txt')];
      {
        using job = reopenJob(inbox.home, jobId);
        job.append({ type: 'move-start', from, to, sha256: rows[0]?.sha256 ?? '' });
      }
      await mkdir(join(inbox.inbox, 'done'));
      if (where === 'both') await copyFile(from, to);
      else await rename(from, to);
      const resumed = await runExtract(inbox, { extractor, move: MOVE });
      expect(await listing(inbox.inbox)).toEqual(['done', 'done/a.txt']);
      expect(names(resumed.rows)).toEqual(['done/a.txt']);
      expect(asked).toEqual(['INV-1']);
    },
  );

  test('stay where they are when the folder is a link, or the file changed meanwhile, and this is said', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const elsewhere = join(inbox.folder, 'elsewhere');
    await mkdir(elsewhere);
    await symlink(elsewhere, join(inbox.inbox, 'done'));
    const { extractor } = createExtractor();
    const linked = await runExtract(inbox, { extractor, move: MOVE });
    expect(await listing(elsewhere)).toEqual([]);
    expect(linked.events).toContainEqual({
      type: 'notice',
      sentence: expect.stringMatching(/a\.txt: It could not be moved \(the folder to move it to is a link\)/),
    });
    const changing = createExtractor(async () => {
      await writeFile(join(inbox.inbox, 'b.txt'), invoice(3));
      return undefined;
    });
    await writeFile(join(inbox.inbox, 'b.txt'), invoice(2));
    const move = { done: 'good', failed: 'bad' };
    const changed = await runExtract(inbox, { extractor: changing.extractor, move });
    expect(await readFile(join(inbox.inbox, 'b.txt'), 'utf8')).toBe(invoice(3));
    expect(changed.events).toContainEqual({
      type: 'notice',
      sentence: expect.stringContaining('It changed after it was read, and is not moved.'),
    });
  });

  test.runIf(process.platform === 'linux')('stay while a program has them open for writing', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const { extractor } = createExtractor();
    {
      await using _file = await open(join(inbox.inbox, 'a.txt'), 'a');
      const { rows, events } = await runExtract(inbox, { extractor, move: MOVE });
      expect(names(rows)).toEqual(['a.txt']);
      expect(events).toContainEqual({
        type: 'notice',
        sentence: expect.stringContaining('A program has it open for writing: it is not moved.'),
      });
    }
    expect(names((await runExtract(inbox, { extractor, move: MOVE })).rows)).toEqual(['done/a.txt']);
  });

  test.runIf(process.platform === 'linux')('are copied whole to another file system', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const shared = join('/dev/shm', `sotto-move-${process.pid}`);
    await mkdir(shared, { recursive: true });
    const [from, to] = [join(inbox.inbox, 'a.txt'), join(shared, 'a.txt')];
    try {
      expect(await moveFile({ from, to, jobId: '0123456789ab' })).toEqual({
        type: 'moved',
        isReplaced: false,
      });
      expect(await readFile(to, 'utf8')).toBe(invoice(1));
      await writeFile(from, 'other');
      expect(await moveFile({ from, to, jobId: '0123456789ab' })).toEqual({ type: 'taken' });
      expect(await listing(shared)).toEqual(['a.txt']);
    } finally {
      await rm(shared, { recursive: true });
    }
  });
});
