/**
 * The model's process: the only one that runs node-llama-cpp.
 *
 * It is a process of its own since a native crash must not take the program along, and since llama.cpp generates a
 * quarter faster when its evaluations have the only thread of the libuv pool (UV_THREADPOOL_SIZE=1).
 */

import { NoBinaryFoundError } from 'node-llama-cpp';
import { firstLine } from '../errors.ts';
import { generate, PromptOverflow } from './generate.ts';
import { type LoadedModel, loadModel } from './load-model.ts';
import type { FromProcess, LoadOptions, ToProcess } from './protocol.ts';

type Request = Exclude<ToProcess, { type: 'load' | 'abort' }>;

let loaded: LoadedModel | undefined;
/** Of the calls that are worked on or wait. */
const aborts = new Map<number, AbortController>();

const send = (message: FromProcess) => process.send?.(message);

process.on('disconnect', () => process.exit());
// Where it shares the program's terminal (Windows), the program decides what Ctrl-C means.
process.on('SIGINT', () => {});
process.on('message', (message: ToProcess) => {
  if (message.type === 'abort') aborts.get(message.id)?.abort();
  else if (message.type === 'load') void load(message.options);
  else void handle(message);
});

async function load(options: LoadOptions): Promise<void> {
  try {
    loaded = await loadModel(options);
    send({ type: 'loaded' });
  } catch (error) {
    send({ type: 'load-failed', problem: problemOf(error, options) });
  }
}

async function handle(request: Request): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    if (!loaded) throw new Error('no model is loaded');
    send(await answer(request, loaded, controller.signal));
  } catch (error) {
    if (controller.signal.aborted) send({ type: 'aborted', id });
    else if (error instanceof PromptOverflow)
      send({ type: 'overflow', id, promptTokens: error.promptTokens });
    else send({ type: 'failed', id, problem: firstLine(error) });
  } finally {
    aborts.delete(id);
  }
}

async function answer(request: Request, model: LoadedModel, signal: AbortSignal): Promise<FromProcess> {
  const { id } = request;
  if (request.type === 'save-state') {
    return { type: 'state-saved', id, saved: await model.sequences.save(request.session) };
  }
  if (request.type === 'forget') {
    await model.sequences.forget(request.session);
    return { type: 'forgotten', id };
  }
  if (request.type === 'tokenize') {
    return { type: 'tokenized', id, tokens: model.tokenizeAside(request.prompt).tokens };
  }
  const grammars = await model.grammarsFor(request.request);
  const end = await generate(request.request, {
    ...model,
    grammars,
    signal,
    onEvent: (event) => send({ type: 'event', id, event }),
  });
  return { type: 'generated', id, end };
}

function problemOf(error: unknown, { gpu }: LoadOptions): string {
  if (!(error instanceof NoBinaryFoundError)) return firstLine(error);
  return `there is no build of llama.cpp for gpu ${JSON.stringify(gpu)} on this machine; leave model.gpu out.`;
}
