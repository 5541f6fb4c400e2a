import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateFolder } from '../../src/engine/state-folder.ts';
import type { RunFact } from '../../src/events.ts';
import { openJournal } from '../../src/memory/journal.ts';
import { deleteThread } from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const KEY = '0123456789abcdef';

test('a thread is deleted with the states of it and of its sub-agents, and no others', async () => {
  const { home } = await createTempProject();
  const start = (runId: string, threadId: string, more: Partial<RunFact> = {}) => {
    const journal = openJournal({ home, runId });
    journal.append({ type: 'run-start', runId, threadId, ...more } as RunFact);
    journal.close();
  };
  start('run-1', 'mine');
  start('run-2', 'helper', { parent: { runId: 'run-1', toolCallId: 'call_1_1' } });
  start('run-3', 'other');
  const folder = stateFolder(home);
  await mkdir(folder);
  for (const name of ['thread-mine', 'thread-helper', 'thread-other', 'system-ab']) {
    for (const kind of ['state', 'json']) await writeFile(join(folder, `${name}.${KEY}.${kind}`), '');
  }
  expect(await deleteThread(home, 'mine')).toBe(2);
  expect((await readdir(folder)).sort()).toEqual(
    ['system-ab', 'thread-other'].flatMap((name) => [`${name}.${KEY}.json`, `${name}.${KEY}.state`]),
  );
});
