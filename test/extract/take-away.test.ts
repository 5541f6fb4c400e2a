/** What other programs do to a file while it is moved, and what a program that was killed within a move leaves. */
import type * as promises from 'node:fs/promises';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { reopenJob } from '../../src/extract/job/job-ledger.ts';
import { moveFile } from '../../src/extract/job/move-file.ts';
import { asideOf, takeAway } from '../../src/extract/job/take-away.ts';
import { createExtractor, createInbox, type Inbox, invoice, runExtract } from './job-fakes.ts';

type Hook = () => Promise<unknown>;
const hooks = vi.hoisted((): { before?: Hook; after?: Hook; hasLinks: boolean } => ({ hasLinks: true }));

// Another program that comes in between, at the very point.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>();
  const link = async (from: string, to: string) => {
    await hooks.before?.();
    if (!hooks.hasLinks) throw Object.assign(new Error('no links here'), { code: 'EPERM' });
    await real.link(from, to);
    await hooks.after?.();
  };
  return { ...real, link };
});

beforeEach(() => {
  delete hooks.before;
  delete hooks.after;
  hooks.hasLinks = true;
});

const MOVE = { done: 'done', failed: 'failed' };
const once = (hook: Hook): Hook => {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await hook();
  };
};

/** As programs write that know how: beside it, and then in one step. */
async function replace(path: string, content: string) {
  const part = join(dirname(path), '../new');
  await writeFile(part, content);
  await rename(part, path);
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = paths
    .toSorted()
    .map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

const inboxOf = async (extra: Record<string, string> = {}) => {
  const inbox = await createInbox({ 'a.txt': invoice(1), ...extra });
  return { inbox, path: join(inbox.inbox, 'a.txt') };
};

describe('a file that is replaced while it is moved', () => {
  test('behind the last look at it: both are kept, and the new one stays', async () => {
    const { inbox, path } = await inboxOf();
    hooks.after = once(() => replace(path, invoice(9)));
    const { extractor, asked } = createExtractor();
    const first = await runExtract(inbox, { extractor, move: MOVE });
    expect(await filesIn(inbox.inbox)).toEqual({ 'a.txt': invoice(9), 'done/a.txt': invoice(1) });
    expect(first.events).toContainEqual({
      type: 'notice',
      sentence: expect.stringContaining('A newer file'),
    });
    const { rows, left } = await runExtract(inbox, { extractor, move: MOVE });
    expect(asked).toEqual(['INV-1', 'INV-9']);
    expect([rows.length, left]).toEqual([2, []]);
    expect(await filesIn(inbox.inbox)).toEqual({ 'done/a.txt': invoice(1), 'done/a (2).txt': invoice(9) });
  });

  test('before it has its new name: the new one is not moved unread', async () => {
    const { inbox, path } = await inboxOf();
    hooks.before = once(() => replace(path, invoice(9)));
    const { extractor } = createExtractor();
    const { events } = await runExtract(inbox, { extractor, move: MOVE });
    expect(await filesIn(inbox.inbox)).toEqual({ 'a.txt': invoice(9) });
    expect(events).toContainEqual({ type: 'notice', sentence: expect.stringContaining('It changed after') });
  });

  test('where it was moved to: neither goes', async () => {
    const { inbox } = await inboxOf();
    hooks.after = once(() => replace(join(inbox.inbox, 'done/a.txt'), 'of another program'));
    await runExtract(inbox, { ...createExtractor(), move: MOVE });
    expect(await filesIn(inbox.inbox)).toEqual({ 'a.txt': invoice(1), 'done/a.txt': 'of another program' });
  });

  test('is put back under a free name where its own was taken', async () => {
    const { inbox, path } = await inboxOf();
    const isGone = await takeAway(path, '0123456789ab', async () => {
      await writeFile(path, 'new');
      return false;
    });
    expect(isGone).toBe(false);
    expect(await filesIn(inbox.inbox)).toEqual({ 'a.txt': 'new', 'a (2).txt': invoice(1) });
  });

  test.each([true, false])(
    'never writes over one at its goal, also without hard links: %s',
    async (isTaken) => {
      hooks.hasLinks = false;
      const { inbox, path } = await inboxOf(isTaken ? { 'b.txt': 'mine' } : {});
      const result = await moveFile({ from: path, to: join(inbox.inbox, 'b.txt'), jobId: '0123456789ab' });
      expect(result).toEqual(isTaken ? { type: 'taken' } : { type: 'moved', isReplaced: false });
      const expected = isTaken ? { 'a.txt': invoice(1), 'b.txt': 'mine' } : { 'b.txt': invoice(1) };
      expect(await filesIn(inbox.inbox)).toEqual(expected);
    },
  );
});

describe('a move that was killed when the file had its hidden name', () => {
  async function killed(inbox: Inbox, path: string) {
    const { jobId, rows } = await runExtract(inbox, createExtractor());
    const to = join(inbox.inbox, 'done/a.txt');
    using job = reopenJob(inbox.home, jobId);
    job.append({ type: 'move-start', from: path, to, sha256: rows[0]?.sha256 ?? '' });
    await mkdir(join(inbox.inbox, 'done'));
    await rename(path, asideOf(path, jobId));
    return to;
  }
  const again = (inbox: Inbox) => {
    const { extractor, asked } = createExtractor();
    return runExtract(inbox, { extractor, move: MOVE }).then((extraction) => ({ ...extraction, asked }));
  };

  test('is ended where it lies at its goal, beside a newer file too', async () => {
    const { inbox, path } = await inboxOf();
    await writeFile(await killed(inbox, path), invoice(1));
    await writeFile(path, invoice(9));
    const { rows, left, asked } = await again(inbox);
    expect([rows.length, left, asked]).toEqual([2, [], ['INV-9']]);
    expect(await filesIn(inbox.inbox)).toEqual({ 'done/a.txt': invoice(1), 'done/a (2).txt': invoice(9) });
  });

  test('is made again where it does not', async () => {
    const { inbox, path } = await inboxOf();
    await killed(inbox, path);
    const { rows, asked } = await again(inbox);
    expect([rows.length, asked]).toEqual([1, []]);
    expect(await filesIn(inbox.inbox)).toEqual({ 'done/a.txt': invoice(1) });
  });

  test('takes no newer file with it', async () => {
    const { inbox, path } = await inboxOf();
    await killed(inbox, path);
    await writeFile(path, invoice(9));
    const { asked, events } = await again(inbox);
    expect(asked).toEqual(['INV-9']);
    expect(Object.values(await filesIn(inbox.inbox)).toSorted()).toEqual([invoice(1), invoice(9)]);
    expect(events).toContainEqual({
      type: 'notice',
      sentence: expect.stringMatching(/a\.txt: It was being moved when .* now called \S+a \(2\)\.txt\.$/),
    });
  });
});
