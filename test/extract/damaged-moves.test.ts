/** A damaged line of the ledger costs at most itself, also where it was one of a move. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldFacts } from '../../src/extract/job/job-facts.ts';
import { createExtractor, createInbox, type Inbox, invoice, runExtract } from './job-fakes.ts';

const MOVE = { done: 'done', failed: 'failed' };

async function damage({ home }: Inbox, jobId: string, isDamaged: (line: string) => boolean) {
  const path = join(home, 'jobs', jobId, 'ledger.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.map((line) => (isDamaged(line) ? '\0'.repeat(9) : line)).join('\n'));
}

const names = (files: readonly { readonly file: string }[]) =>
  files.map(({ file }) => file.split('/inbox/').at(-1));

/** Moves a, b and a bad one, then another a. */
async function movedJob() {
  const inbox = await createInbox({
    'a.txt': invoice(1),
    'sub/b.txt': invoice(2),
    'c.pdf': '%PDF-1.7\nthis is no pdf',
  });
  const { extractor, asked } = createExtractor();
  await runExtract(inbox, { extractor, move: MOVE });
  await writeFile(join(inbox.inbox, 'a.txt'), invoice(3));
  const { jobId } = await runExtract(inbox, { extractor, move: MOVE });
  expect(asked).toEqual(['INV-1', 'INV-2', 'INV-3']);
  const again = async () => {
    const listing = await readdir(inbox.inbox, { recursive: true });
    const next = createExtractor();
    const { rows, failures, left, events } = await runExtract(inbox, {
      extractor: next.extractor,
      move: MOVE,
    });
    expect(await readdir(inbox.inbox, { recursive: true })).toEqual(listing);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.sentence] : []));
    return { asked: next.asked, files: [...names(rows), ...names(failures)].toSorted(), left, notices };
  };
  return { inbox, jobId, again };
}

const FILES = ['done/a (2).txt', 'done/a.txt', 'done/sub/b.txt', 'failed/c.pdf'];

test.each([
  ['the ends of moves', (line: string) => line.includes('"move-end"')],
  ['the beginnings', (line: string) => line.includes('"move-start"')],
  ['both', (line: string) => line.includes('"move-')],
  ['that of one that has the name of another', (line: string) => /"move-.*done\/a\.txt"/.test(line)],
] as const)('keeps every row, asks nothing, and lists nothing twice: %s', async (_, isDamaged) => {
  const { inbox, jobId, again } = await movedJob();
  await damage(inbox, jobId, isDamaged);
  const { asked, files, left, notices } = await again();
  expect({ asked, files, left }).toEqual({ asked: [], files: FILES, left: [] });
  expect(notices).toEqual([expect.stringContaining("of the job's ledger cannot be read")]);
  expect(await again()).toEqual({ asked: [], files: FILES, left: [], notices: [] });
});

test('reads a document again where it lies when the line of its values is lost', async () => {
  const { inbox, jobId, again } = await movedJob();
  await damage(inbox, jobId, (line) => line.includes('"document-done"') && line.includes('INV-2'));
  expect(await again()).toMatchObject({ asked: ['INV-2'], files: FILES, left: [] });
  expect(await again()).toMatchObject({ asked: [], files: FILES, left: [], notices: [] });
});

test('knows of every move that began at a path, and moves what is known of the file that was moved only', () => {
  const [from, a, b] = ['/in/a.txt', '/in/done/a.txt', '/in/done/a (2).txt'];
  const { state, add } = foldFacts([
    { type: 'file-found', path: from, sha256: 'first' },
    { type: 'move-start', from, to: a, sha256: 'first' },
    { type: 'file-found', path: from, sha256: 'second' },
    { type: 'move-start', from, to: b, sha256: 'second' },
  ]);
  expect([...state.moving.keys()]).toEqual([a, b]);
  add({ type: 'move-end', from, to: a, sha256: 'first' });
  expect([...state.contents]).toEqual([
    [from, 'second'],
    [a, 'first'],
  ]);
});
