/** A program that tests start: adds so many turns to a thread as the chat does, and says who had it where it could not. */
import { setTimeout } from 'node:timers/promises';
import { LockError } from '../../src/errors.ts';
import { lockThread, readThread } from '../../src/memory/threads.ts';
import { writeTurn } from './thread-store.ts';

const [home = '', name = '', turns = '1'] = process.argv.slice(2);
for (let written = 0; written < Number(turns); ) {
  try {
    using _ = lockThread(home, 'main');
    const last = (await readThread(home, 'main'))?.runs.at(-1);
    const turn = 1 + (last?.entries[0]?.type === 'run-start' ? last.entries[0].turn : 0);
    writeTurn(home, `${name}-${written}`, { turn, ...(last && { after: { runId: last.runId } }) });
    written += 1;
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    process.stdout.write(`${error.pid}\n`);
  }
  await setTimeout(Math.random() * 3);
}
