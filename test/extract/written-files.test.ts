/** What Sotto wrote is no document of a later job. */
import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findDocuments } from '../../src/extract/job/find-documents.ts';
import { isWritten, rememberWritten } from '../../src/extract/job/written-files.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { createExtractor, createInbox, invoice, runExtract } from './job-fakes.ts';

describe('a file that was written', () => {
  test('is known as long as it holds what was written, by whatever way it is reached', async () => {
    const { inbox, home, folder } = await createInbox({ 'one.csv': 'a', 'other.csv': 'a' });
    const path = join(inbox, 'one.csv');
    await rememberWritten(home, [path]);
    await symlink(inbox, join(folder, 'way'));
    expect(await isWritten(home, join(folder, 'way/one.csv'))).toBe(true);
    expect(await isWritten(home, join(inbox, 'other.csv'))).toBe(false);
    // The same bytes with another time, as a backup gives them back.
    await writeFile(join(inbox, 'new'), 'a');
    await rename(join(inbox, 'new'), path);
    expect(await isWritten(home, path)).toBe(true);
    await writeFile(path, 'b');
    expect(await isWritten(home, path)).toBe(false);
    await rememberWritten(home, [path]);
    expect(await isWritten(home, path)).toBe(true);
  });

  test('is known where the folder is encrypted later, and then too, by a note that nobody can read', async () => {
    const { inbox, home } = await createInbox({ 'one.csv': 'a', 'two.csv': 'b' });
    const [one, two] = [join(inbox, 'one.csv'), join(inbox, 'two.csv')];
    await rememberWritten(home, [one]);
    createVault(home, 'a passphrase', { workFactor: 1 });
    await rememberWritten(home, [two]);
    expect([await isWritten(home, one), await isWritten(home, two)]).toEqual([true, true]);
    const notes = await readdir(join(home, 'written'));
    expect(notes).toHaveLength(2);
    for (const note of notes) {
      expect(await readFile(join(home, 'written', note), 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE/);
    }
  });

  test('is no document of a later job, which says so; but where it is named', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'one.csv': invoice(2), 'one.pages.csv': 'x' });
    const paths = ['one.csv', 'one.pages.csv'].map((name) => join(inbox.inbox, name));
    await rememberWritten(inbox.home, paths);
    const { extractor, asked } = createExtractor();
    const { events, left } = await runExtract(inbox, { extractor });
    expect([asked, left]).toEqual([['INV-1'], []]);
    expect(events).toContainEqual({
      type: 'notice',
      sentence: `2 files that earlier runs wrote are left out: ${paths.join(', ')}.`,
    });
    const [named = ''] = paths;
    const found = await findDocuments({
      files: [named],
      except: [],
      isOutput: (path) => isWritten(inbox.home, path),
      signal: new AbortController().signal,
    });
    expect(found.paths).toEqual([named]);
  });

  test('is not taken by a watch either, that of another job', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const { extractor, asked } = createExtractor();
    const finish = new AbortController();
    const run = runExtract(inbox, { extractor, finish: finish.signal, watch: { everyMs: 20 } });
    while (asked.length < 1) await setTimeout(5);
    const own = join(inbox.inbox, 'b.csv');
    await writeFile(own, invoice(2));
    await rememberWritten(inbox.home, [own]);
    await writeFile(join(inbox.inbox, 'c.txt'), invoice(3));
    while (asked.length < 2) await setTimeout(5);
    finish.abort();
    expect((await run).rows).toHaveLength(2);
    expect(asked).toEqual(['INV-1', 'INV-3']);
  });
});
