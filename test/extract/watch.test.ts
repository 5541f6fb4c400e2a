import { appendFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createExtractor, createInbox, type Inbox, invoice, runExtract } from './job-fakes.ts';

const EVERY_MS = 40;
const names = (rows: readonly { readonly file: string }[]) =>
  rows.map(({ file }) => file.split('/inbox/').at(-1));

/** A watch that goes on until it is finished; `until` waits for what it tells. */
function watch(inbox: Inbox, options: Partial<Parameters<typeof runExtract>[1]> = {}) {
  const finish = new AbortController();
  const { extractor, asked } = createExtractor();
  const told: string[] = [];
  const run = runExtract(inbox, {
    extractor,
    finish: finish.signal,
    watch: { everyMs: EVERY_MS },
    onEvent: (event) => {
      if (event.type === 'document-end') told.push(event.row.file);
      if (event.type === 'document-failed') told.push(`failed ${event.failure.file}`);
      if (event.type === 'file-moved') told.push(`moved ${event.file}`);
    },
    ...options,
  });
  const until = async (count: number) => {
    while (told.length < count) await setTimeout(5);
  };
  const end = async () => {
    finish.abort();
    return run;
  };
  return { asked, told, until, end, run };
}

describe('a watched folder', () => {
  test('has its files taken, those that arrive too, until it is finished', async () => {
    const inbox = await createInbox({ 'b.txt': invoice(2) });
    const watched = watch(inbox);
    await watched.until(1);
    await writeFile(join(inbox.inbox, 'a.txt'), invoice(1));
    await watched.until(2);
    const { rows, left, jobId } = await watched.end();
    expect(names(rows)).toEqual(['a.txt', 'b.txt']);
    expect(left).toEqual([]);
    const next = watch(inbox);
    await next.until(2);
    expect((await next.end()).jobId).toBe(jobId);
    expect(next.asked).toEqual([]);
  });

  test('does not take a file that is to be left out, when it arrives either', async () => {
    const inbox = await createInbox({ 'b.txt': invoice(2) });
    const own = join(inbox.inbox, 'a.csv');
    const watched = watch(inbox, { leaveOut: [own] });
    await watched.until(1);
    await writeFile(own, invoice(9));
    await writeFile(join(inbox.inbox, 'z.txt'), invoice(1));
    await watched.until(2);
    const { rows, left } = await watched.end();
    expect(watched.asked).toEqual(['INV-2', 'INV-1']);
    expect([names(rows), left]).toEqual([['b.txt', 'z.txt'], []]);
  });

  test('leaves a file alone that is still being written', async () => {
    const inbox = await createInbox({});
    const watched = watch(inbox);
    const path = join(inbox.inbox, 'slow.txt');
    for (const letter of invoice(77)) {
      await appendFile(path, letter);
      await setTimeout(EVERY_MS / 2);
    }
    await watched.until(1);
    const { rows, failures } = await watched.end();
    expect(watched.asked).toEqual(['INV-77']);
    expect([names(rows), failures]).toEqual([['slow.txt'], []]);
  });

  test('takes no file of which nothing comes for a while, until it is at rest', async () => {
    const inbox = await createInbox({});
    const watched = watch(inbox, { watch: { everyMs: 200 } });
    const path = join(inbox.inbox, 'slow.txt');
    for (const line of invoice(8).split(/(?<=\n)/)) {
      await appendFile(path, line);
      await setTimeout(600);
    }
    await watched.until(1);
    await watched.end();
    expect(watched.asked).toEqual(['INV-8']);
    expect(watched.told).toHaveLength(1);
  });

  test.runIf(process.platform === 'linux')(
    'leaves a file alone that stands still, while a program has it open for writing',
    async () => {
      const inbox = await createInbox({});
      const watched = watch(inbox);
      const [first = '', second = ''] = invoice(5).split(/(?<=\n)/);
      {
        await using file = await open(join(inbox.inbox, 'stalled.txt'), 'w');
        await file.write(first);
        // A file that comes later, and is taken, shows that the looks went on.
        await writeFile(join(inbox.inbox, 'other.txt'), invoice(6));
        await watched.until(1);
        await setTimeout(10 * EVERY_MS);
        expect(watched.asked).toEqual(['INV-6']);
        await file.write(second);
      }
      await watched.until(2);
      const { rows } = await watched.end();
      expect(rows.map(({ output }) => output)).toEqual([
        { number: 'INV-6', total: 6.5 },
        { number: 'INV-5', total: 5.5 },
      ]);
    },
  );

  test('does not take the unfinished file of a download, but the finished one', async () => {
    const inbox = await createInbox({
      'a.pdf.crdownload': 'half',
      '~$b.docx': 'who has it open',
      'x.txt': invoice(1),
    });
    const watched = watch(inbox);
    await watched.until(1);
    await setTimeout(10 * EVERY_MS);
    await rename(join(inbox.inbox, 'a.pdf.crdownload'), join(inbox.inbox, 'a.txt'));
    await writeFile(join(inbox.inbox, 'a.txt'), invoice(3));
    await watched.until(2);
    const { rows, failures, left } = await watched.end();
    expect([names(rows), failures, left]).toEqual([['a.txt', 'x.txt'], [], []]);
  });

  test('tries a damaged file again when it changes, and has no row for one that is gone', async () => {
    const inbox = await createInbox({ 'a.txt': '', 'b.txt': invoice(2) });
    const watched = watch(inbox);
    await watched.until(2);
    await setTimeout(10 * EVERY_MS);
    expect(watched.told).toHaveLength(2);
    await writeFile(join(inbox.inbox, 'a.txt'), invoice(1));
    await watched.until(3);
    await rm(join(inbox.inbox, 'b.txt'));
    const { rows, failures } = await watched.end();
    expect([names(rows), failures]).toEqual([['a.txt'], []]);
  });

  test('has each document moved once it is noted, and takes the next of the same name', async () => {
    const inbox = await createInbox({ 'scan.txt': invoice(1), 'bad.txt': '' });
    const watched = watch(inbox, { move: { done: 'done', failed: 'failed' } });
    await watched.until(4);
    await writeFile(join(inbox.inbox, 'scan.txt'), invoice(2));
    await watched.until(6);
    const { rows, failures } = await watched.end();
    expect(names(rows)).toEqual(['done/scan.txt', 'done/scan (2).txt']);
    expect(names(failures)).toEqual(['failed/bad.txt']);
  });

  test('ends at once when it is aborted', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const stop = new AbortController();
    const watched = watch(inbox, { signal: stop.signal, watch: { everyMs: 60_000 } });
    const ended = expect(watched.run).rejects.toThrow('enough');
    await setTimeout(20);
    stop.abort(new Error('enough'));
    await ended;
  });
});
