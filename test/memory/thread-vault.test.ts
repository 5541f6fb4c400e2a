import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEntries, recoverJournal } from '../../src/memory/journal.ts';
import { listThreads, readThread } from '../../src/memory/threads.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { listOf, said, snapshotOf, turnsSaid, writeTurns } from './thread-store.ts';

test('a thread of an encrypted folder is kept, folded and repaired without a readable word on the disk', async () => {
  const { home } = await createTempProject();
  createVault(home, 'a long passphrase', { workFactor: 4 });
  writeTurns(home, 4, { letters: 40_000 });
  const four = turnsSaid('a1', 'a2', 'a3', 'a4');
  const first = await readThread(home, 'main');
  expect(first && said(first)).toEqual(four);
  const again = await readThread(home, 'main');
  expect(again?.messages).toEqual(first?.messages);
  await writeFile(listOf(home), (await readFile(listOf(home), 'utf8')).slice(0, -40));
  expect((await listThreads(home))[0]).toMatchObject({ turns: 4, task: 'Question a1' });
  const path = join(home, 'runs/a4.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.with(1, `${lines[1]?.slice(0, -8)}AAAAAAAA`).join('\n'));
  expect(readEntries(home, 'a4').entries).toHaveLength(1);
  expect(recoverJournal(home, 'a4')).toMatchObject({ entries: [{ type: 'run-start' }] });
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['main.json', 'main.jsonl', 'a4.jsonl']),
  );
  for (const { parentPath, name } of files) {
    expect(await readFile(join(parentPath, name), 'utf8')).not.toMatch(/Question|Answer|clerk/);
  }
  expect((await readFile(snapshotOf(home), 'utf8')).startsWith('-----BEGIN AGE')).toBe(true);
});
