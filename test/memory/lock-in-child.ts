/** A program that tests start: takes the lock again and again, and notes in a file when it has it. */
import { appendFileSync, closeSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LockError } from '../../src/errors.ts';
import { acquireLock } from '../../src/memory/lock.ts';

const [folder = '', times = '1', how = 'release', name = 'lock'] = process.argv.slice(2);
const lockFolder = join(folder, name);
const marker = join(folder, 'held');
const deadline = performance.now() + 50_000;

for (let taken = 0; taken < Number(times) && performance.now() < deadline; ) {
  try {
    using _lock = acquireLock({ folder: lockFolder, what: 'It' });
    taken += 1;
    let fd: number;
    try {
      fd = openSync(marker, 'wx');
    } catch {
      // A process that was killed leaves its mark; one that lives must not be met.
      appendFileSync(join(folder, 'log'), `met ${process.pid}\n`);
      fd = openSync(marker, 'a');
    }
    closeSync(fd);
    appendFileSync(join(folder, 'log'), `took ${process.pid}\n`);
    await setTimeout(Math.random() * 2);
    unlinkSync(marker);
    // Dies with the lock in hand, as of kill -9.
    if (how === 'die') process.kill(process.pid, 'SIGKILL');
    if (how === 'hold') {
      process.stdout.write('held\n');
      await setTimeout(60_000);
    }
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    await setTimeout(Math.random() * 2);
  }
}
