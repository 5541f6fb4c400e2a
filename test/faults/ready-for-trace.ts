import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Whoever started it may be gone. */
const LONGEST_WAIT_MS = 60_000;

/** With SOTTO_READY: writes there which threads the program has, the main one and that for files, and waits until one is
 * traced. */
export async function readyForTrace(folder: string): Promise<void> {
  const ready = process.env.SOTTO_READY;
  if (ready === undefined) return;
  const threads = () => readdirSync('/proc/self/task');
  const before = threads();
  statSync(folder);
  await stat(folder);
  const [pool = ''] = threads().filter((tid) => !before.includes(tid));
  const tids = [String(process.pid), pool];
  writeFileSync(`${ready}.part`, `${tids.join(' ')}\n`);
  renameSync(`${ready}.part`, ready);
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  const isTraced = (tid: string) =>
    /^TracerPid:\t[1-9]/m.test(readFileSync(`/proc/self/task/${tid}/status`, 'utf8'));
  for (const deadline = performance.now() + LONGEST_WAIT_MS; !tids.some(isTraced); ) {
    if (performance.now() > deadline) throw new Error('nobody traces this program');
    Atomics.wait(sleep, 0, 0, 2);
  }
}
