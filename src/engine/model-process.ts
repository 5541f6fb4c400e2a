import { type ChildProcess, fork } from 'node:child_process';
import { EngineCrashError, ModelLoadError } from '../errors.ts';
import type { GenerateOptions } from './engine.ts';
import type { FromProcess, LoadOptions, ToProcess } from './protocol.ts';

type Call = {
  readonly settle: (message: FromProcess) => void;
  readonly fail: (error: Error) => void;
};

/** One process of a model (llama-process.ts), and the calls that wait for its answers. */
export class ModelProcess {
  /** Rejects with `ModelLoadError` or `EngineCrashError`. */
  readonly loaded: Promise<void>;
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Call>();
  readonly #ended = Promise.withResolvers<EngineCrashError>();
  #isAlive = true;
  #log = '';
  #lastId = 0;

  constructor(options: LoadOptions) {
    this.#child = fork(new URL(`./llama-process${import.meta.filename.slice(-3)}`, import.meta.url), {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own, so that Ctrl-C reaches the program only; it ends when the program does.
      detached: process.platform !== 'win32',
      serialization: 'advanced',
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString('latin1')).slice(-2000);
    });
    this.#child.on('error', (cause) => this.#end({ exit: 'it could not be started', cause }));
    this.#child.once('exit', (code, signal) => {
      this.#end({ exit: signal ?? `exit code ${code}`, cause: this.#log });
    });
    this.loaded = this.#load(options);
  }

  /** Whether calls can be made: of a process that just died it is not known yet. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Rejects with `EngineCrashError` once the process has ended, or with what `onEvent` throws. */
  async ask(
    toMessage: (id: number) => ToProcess,
    { signal, onEvent }: GenerateOptions = {},
  ): Promise<FromProcess> {
    this.#lastId += 1;
    const id = this.#lastId;
    const abort = () => this.#child.send({ type: 'abort', id } satisfies ToProcess, () => {});
    try {
      return await new Promise((resolve, reject) => {
        const settle = (message: FromProcess) => {
          if (message.type !== 'event') return resolve(message);
          try {
            onEvent?.(message.event);
          } catch (error) {
            abort();
            reject(error);
          }
        };
        this.#calls.set(id, { settle, fail: reject });
        this.#send(toMessage(id), reject);
        signal?.addEventListener('abort', abort, { once: true });
        if (signal?.aborted) abort();
      });
    } finally {
      this.#calls.delete(id);
      signal?.removeEventListener('abort', abort);
    }
  }

  async kill(): Promise<void> {
    if (!this.#isAlive) return;
    this.#child.kill('SIGKILL');
    await this.#ended.promise;
  }

  /** A pipe that takes nothing is that of a process that is ending. The call fails no sooner than that is known, so that
   * whoever tries again gets a new process. */
  #send(message: ToProcess, fail: (error: Error) => void): void {
    this.#child.send(message, (error) => {
      if (!error) return;
      this.#child.kill('SIGKILL');
      void this.#ended.promise.then(fail);
    });
  }

  async #load(options: LoadOptions): Promise<void> {
    const message = await new Promise<FromProcess>((resolve, reject) => {
      this.#child.on('message', (received: FromProcess) => {
        if ('id' in received) this.#calls.get(received.id)?.settle(received);
        else resolve(received);
      });
      void this.#ended.promise.then(reject);
      this.#send({ type: 'load', options }, reject);
    });
    if (message.type !== 'load-failed') return;
    await this.kill();
    throw new ModelLoadError({ path: options.path, problem: message.problem, cause: this.#log });
  }

  #end(reason: ConstructorParameters<typeof EngineCrashError>[0]): void {
    const error = new EngineCrashError(reason);
    this.#isAlive = false;
    this.#ended.resolve(error);
    for (const { fail } of this.#calls.values()) fail(error);
  }
}
