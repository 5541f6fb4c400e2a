import { Worker } from 'node:worker_threads';
import { firstLine, LETTERS_OF_FAILURE } from '../errors.ts';
import { type Problem, problem } from './document.ts';
import type { Limits } from './limits.ts';
import type { FromThread, Job } from './thread-protocol.ts';

/** How often the program's memory is looked at. A bomb takes some 500 MB a second. */
const WATCH_MS = 20;
/** V8's own heap in the thread; what lies outside of it only `memoryBytes` bounds. */
const HEAP_MEGABYTES = 512;
/** How long a job may take to end after it was told to. */
const STOP_MS = 1000;

export type Outcome =
  | { readonly type: 'end' }
  | { readonly type: 'stopped' }
  /** The thread was ended, and is gone. */
  | { readonly type: 'killed'; readonly problem: Problem };

/** A reader's worker thread. It does not keep the program alive while it has nothing to do. */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #isDead = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#ready = new Promise((resolve) => worker.once('message', () => resolve()));
    worker.once('error', () => {});
    worker.once('exit', () => {
      this.#isDead = true;
    });
    worker.unref();
  }

  static create(): ReaderThread {
    const file = new URL(`./reader-worker${import.meta.filename.slice(-3)}`, import.meta.url);
    // What a library prints is nobody's answer, and is not read: a stream that is read keeps the program alive.
    // No execArgv: a thread with flags of its own would lose the program's permission flags, and could reach the network.
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MEGABYTES };
    return new ReaderThread(new Worker(file, { stdout: true, stderr: true, resourceLimits }));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  async end(): Promise<void> {
    this.#isDead = true;
    await this.#worker.terminate();
  }

  /**
   * Runs one job to its end. `onMessage` returns false when it has enough. The thread is ended when the job takes more
   * memory or time than its limits allow, does not stop, or is aborted (which rejects with the signal's reason).
   */
  async run(job: Job, onMessage: (message: FromThread) => boolean, signal?: AbortSignal): Promise<Outcome> {
    signal?.throwIfAborted();
    this.#worker.ref();
    const watchdog = createWatchdog(job.limits);
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    let isStopped = false;
    const kill = (why: Problem) => resolve({ type: 'killed', problem: why });
    const receive = (message: FromThread) => {
      watchdog.heard(message);
      if (message.type === 'end') resolve({ type: isStopped ? 'stopped' : 'end' });
      else if (!isStopped && !onMessage(message)) {
        isStopped = true;
        this.#worker.postMessage({ type: 'stop' });
        setTimeout(() => kill(TOO_SLOW), STOP_MS).unref();
      }
    };
    const fail = (error: unknown) =>
      kill(isOutOfMemory(error) ? BOMB : failed(firstLine(error, LETTERS_OF_FAILURE)));
    const exit = (code: number) => kill(failed(`its thread ended with ${code}`));
    const abort = () => reject(signal?.reason);
    this.#worker.on('message', receive).once('error', fail).once('exit', exit);
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setInterval(() => {
      const found = watchdog.look();
      if (found) kill(found);
    }, WATCH_MS);
    let outcome: Outcome | undefined;
    try {
      await Promise.race([this.#ready, promise]);
      watchdog.start();
      this.#worker.postMessage(job);
      outcome = await promise;
      return isStopped ? { type: 'stopped' } : outcome;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      this.#worker.off('message', receive).off('error', fail).off('exit', exit);
      if (!outcome || outcome.type === 'killed') await this.end();
      else this.#worker.unref();
    }
  }
}

const BOMB = problem(
  'bomb',
  'Stopped: reading this file takes more memory than Sotto allows. What was read before is kept.',
);
const TOO_SLOW = problem(
  'too-slow',
  'Stopped: reading this file took too long. What was read before is kept.',
);
const failed = (why: string): Problem =>
  problem('reader-failed', `This file made its reader fail (${why}). What was read before is kept.`);

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** Says when a job has to be ended: by its memory, or since nothing was heard of it for too long. */
function createWatchdog(limits: Limits) {
  let before = process.memoryUsage.rss();
  let allowed = limits.memoryBytes;
  let heardAt = Number.POSITIVE_INFINITY;
  let silenceMs = limits.pageMs;
  return {
    start: () => {
      before = process.memoryUsage.rss();
      heardAt = performance.now();
    },
    heard: (message: FromThread) => {
      heardAt = performance.now();
      if (message.type !== 'ocr') return;
      allowed = limits.memoryBytes + limits.ocrMemoryBytes;
      silenceMs = message.running ? limits.ocrMs : limits.pageMs;
    },
    look: (): Problem | undefined => {
      const now = process.memoryUsage.rss();
      // What the file before left is given back only now, and would hide as much growth.
      before = Math.min(before, now);
      if (now - before > allowed) return BOMB;
      return performance.now() - heardAt > silenceMs ? TOO_SLOW : undefined;
    },
  };
}
