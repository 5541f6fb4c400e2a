/** The table of a watch is written as it goes on. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../src/extract/extraction.ts';
import { createTableKeeper } from '../../src/extract/job/keep-table.ts';
import { createExtractor, createInbox, invoice, runExtract } from './job-fakes.ts';

describe('a table that is kept up', () => {
  test('is written once for changes that come together, and again for later ones', async () => {
    const written: number[] = [];
    let changes = 0;
    const write = async () => void written.push(changes);
    const keeper = createTableKeeper({ write, restMs: 20, onProblem: () => {} });
    for (changes = 1; changes < 5; changes += 1) keeper.change();
    while (written.length < 1) await setTimeout(5);
    expect(written).toEqual([5]);
    changes = 6;
    keeper.change();
    while (written.length < 2) await setTimeout(5);
    expect(written).toEqual([5, 6]);
    await keeper.end();
    keeper.change();
    await setTimeout(60);
    expect(written).toHaveLength(2);
  });

  test('is written by one call at a time, whose end is waited for', async () => {
    let inHand = 0;
    let most = 0;
    let count = 0;
    const write = async () => {
      inHand += 1;
      most = Math.max(most, inHand);
      await setTimeout(50);
      inHand -= 1;
      count += 1;
    };
    const keeper = createTableKeeper({ write, restMs: 5, onProblem: () => {} });
    keeper.change();
    while (inHand < 1) await setTimeout(1);
    keeper.change();
    await setTimeout(20);
    await keeper.end();
    expect([most, count, inHand]).toEqual([1, 1, 0]);
  });

  test('is tried again where it could not be written, which is told once', async () => {
    const told: string[] = [];
    let tries = 0;
    const write = async () => {
      tries += 1;
      if (tries < 3) throw new Error('The disk is full.');
    };
    const keeper = createTableKeeper({ write, restMs: 5, onProblem: (sentence) => told.push(sentence) });
    for (let at = 1; at <= 3; at += 1) {
      keeper.change();
      while (tries < at) await setTimeout(5);
    }
    await keeper.end();
    expect(told).toEqual(['The disk is full.']);
  });
});

test('a watch gives its table after what arrives, with what was moved', async () => {
  const inbox = await createInbox({ 'a.txt': invoice(1) });
  const { extractor } = createExtractor();
  const finish = new AbortController();
  const tables: (readonly string[])[] = [];
  const onTable = async ({ rows }: Extraction) => void tables.push(rows.map(({ file }) => file));
  const run = runExtract(inbox, {
    extractor,
    finish: finish.signal,
    watch: { everyMs: 20, onTable },
    move: { done: 'done', failed: 'failed' },
  });
  const has = (name: string) => tables.some((files) => files.includes(join(inbox.inbox, name)));
  while (!has('done/a.txt')) await setTimeout(5);
  await writeFile(join(inbox.inbox, 'b.txt'), invoice(2));
  while (!has('done/b.txt')) await setTimeout(5);
  finish.abort();
  await run;
  expect(tables.at(-1)).toEqual(['done/a.txt', 'done/b.txt'].map((name) => join(inbox.inbox, name)));
});
