import { ContextOverflowError, firstLine, GenerationError } from '../errors.ts';
import type { Segment } from '../qwen/render.ts';
import { attentionOnCpu } from './attention.ts';
import { checkModelFile } from './check-model-file.ts';
import {
  collectMessage,
  type Engine,
  type EngineEvent,
  type GenerateOptions,
  type GenerateRequest,
  type Generation,
  type ModelFacts,
  type Sampling,
  type SavedState,
} from './engine.ts';
import type { GgufHeader } from './gguf-header.ts';
import { checkpointBytes, resolveContextTokens } from './memory-estimate.ts';
import { ModelProcess } from './model-process.ts';
import type { FromProcess, Gpu, KvCacheType, LoadOptions, ToProcess } from './protocol.ts';
import { deleteStates } from './saved-states.ts';

export type LlamaEngineOptions = {
  /** The GGUF file. */
  readonly path: string;
  /** Of each conversation. Default: what fits the machine's free memory, at most 32,768 and what the model was trained with. */
  readonly contextTokens?: number;
  /** How many calls are worked on at once; each has a context of that length, and takes its memory. Default: 1. */
  readonly parallel?: number;
  /** Default: `f16`. */
  readonly kvCache?: KvCacheType;
  /** Default: `auto`. */
  readonly gpu?: Gpu;
  /** Default: what the machine has; one for a model of a few megabytes. */
  readonly threads?: number;
  /** Repeats a run to the letter on the same machine. Default: another one every time. */
  readonly seed?: number;
  /** What departs from the model card's sampling. */
  readonly sampling?: Partial<Omit<Sampling, 'seed'>>;
  /** Where the states of conversations are kept for later processes. Default: nowhere. */
  readonly stateFolder?: string;
  /** Most bytes of all of them, of which the oldest are dropped; 0 saves none. Default: 2 GB. */
  readonly maxStateBytes?: number;
};

/** Threads wait for each other hundreds of times a token: below this they cost more than they bring, and a hundred times
 * more where another program has one of the cores. */
const SMALL_MODEL_BYTES = 64e6;
const DEFAULT_STATE_BYTES = 2e9;

/** Runs a model in a process of its own (llama-process.ts). Throws `ModelLoadError` before anything native is touched
 * where the file cannot be right. */
export class LlamaEngine implements Engine {
  readonly model: ModelFacts;
  readonly #load: LoadOptions;
  #process: ModelProcess | undefined;
  #isDisposed = false;

  private constructor(model: ModelFacts, load: LoadOptions) {
    this.model = model;
    this.#load = load;
  }

  /** Loads the model. Rejects with the signal's reason, or `ModelLoadError`. */
  static async create(
    options: LlamaEngineOptions,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<LlamaEngine> {
    signal?.throwIfAborted();
    const { path, seed } = options;
    const sampling = { ...options.sampling, ...(seed !== undefined && { seed }) };
    const header = await checkModelFile(path);
    const load = toLoadOptions(header, options);
    const { name, fingerprint } = header;
    const { contextTokens } = load;
    const engine = new LlamaEngine({ name, path, fingerprint, contextTokens, sampling }, load);
    const stop = () => void engine[Symbol.asyncDispose]();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await engine.#start();
      return engine;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async generate(request: GenerateRequest, { signal, onEvent }: GenerateOptions = {}): Promise<Generation> {
    signal?.throwIfAborted();
    const events: EngineEvent[] = [];
    const message = await this.#ask((id) => ({ type: 'generate', id, request }), {
      ...(signal && { signal }),
      onEvent: (event) => {
        if (signal?.aborted) return;
        events.push(event);
        onEvent?.(event);
      },
    });
    // The process may have finished before it heard of the abort: the message's events are not all here then.
    signal?.throwIfAborted();
    if (message.type === 'generated') return { ...collectMessage(events), ...message.end };
    if (message.type === 'overflow') throw new ContextOverflowError({ ...this.model, ...message });
    throw new GenerationError({ problem: problemOf(message) });
  }

  async tokenize(prompt: readonly Segment[]): Promise<readonly number[]> {
    const message = await this.#ask((id) => ({ type: 'tokenize', id, prompt }));
    if (message.type === 'tokenized') return message.tokens;
    throw new GenerationError({ problem: problemOf(message) });
  }

  async saveState(session: string): Promise<SavedState | undefined> {
    if (!this.#process?.isAlive) return undefined;
    try {
      const message = await this.#ask((id) => ({ type: 'save-state', id, session }));
      return message.type === 'state-saved' ? message.saved : { bytes: 0, problem: problemOf(message) };
    } catch (error) {
      return { bytes: 0, problem: firstLine(error) };
    }
  }

  async forget(session: string): Promise<void> {
    try {
      if (this.#process?.isAlive) await this.#ask((id) => ({ type: 'forget', id, session }));
      const { states } = this.#load;
      if (states) deleteStates(states.folder, session);
    } catch {
      // What is left takes room on the disk until newer states need it, and that is all.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#process?.kill();
  }

  async #ask(toMessage: (id: number) => ToProcess, options: GenerateOptions = {}): Promise<FromProcess> {
    try {
      const running = await this.#start();
      return await running.ask(toMessage, options);
    } catch (error) {
      if (!this.#isDisposed) throw error;
      options.signal?.throwIfAborted();
      throw new GenerationError({ problem: 'the engine was disposed of' });
    }
  }

  /** The process that lives, or a new one. */
  async #start(): Promise<ModelProcess> {
    if (this.#isDisposed) throw new GenerationError({ problem: 'the engine was disposed of' });
    const running = this.#process?.isAlive ? this.#process : new ModelProcess(this.#load);
    this.#process = running;
    await running.loaded;
    return running;
  }
}

/** Throws `ModelLoadError` where the contexts do not fit the memory. */
function toLoadOptions(header: GgufHeader, options: LlamaEngineOptions): LoadOptions {
  const { path, kvCache = 'f16', gpu = 'auto', parallel = 1 } = options;
  const threads = options.threads ?? (header.fileBytes < SMALL_MODEL_BYTES ? 1 : undefined);
  const { stateFolder: folder, maxStateBytes: maxBytes = DEFAULT_STATE_BYTES } = options;
  const contextTokens = resolveContextTokens(header, { ...options, kvCache, parallel });
  return {
    path,
    contextTokens,
    attention: attentionOnCpu(header.shape, contextTokens, kvCache),
    parallel,
    checkpointBytes: checkpointBytes(header, parallel),
    kvCache,
    gpu,
    specials: header.specialTokens,
    ...(threads !== undefined && { threads }),
    ...(folder !== undefined && maxBytes > 0 && { states: { folder, maxBytes, model: header.fingerprint } }),
  };
}

const problemOf = (message: FromProcess) => ('problem' in message ? message.problem : message.type);
