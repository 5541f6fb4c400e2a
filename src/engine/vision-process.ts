/**
 * The vision model's process: a native crash ends it and not the program. It runs @fugood/llama.node, which is not one
 * of Sotto's dependencies: node-llama-cpp takes no pictures, and few need both.
 */
import { createRequire } from 'node:module';
import type { FromVision, ToVision, VisionOptions } from './vision-protocol.ts';

/** What is used of the package. */
type Library = { loadModel(options: object): Promise<Context> };
type Context = {
  initMultimodal(options: object): Promise<boolean>;
  completion(options: object): Promise<{ readonly text: string; readonly content?: string }>;
};
type Loaded = { readonly context: Context; readonly answerTokens: number };

let loading: Promise<Loaded> | undefined;

const send = (message: FromVision) => process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
process.on('message', (message: ToVision) => {
  if (message.type === 'load') {
    loading = load(message.options);
    // Told to whoever asks for a picture to be read.
    loading.catch(() => undefined);
  } else {
    read(message).then(
      (text) => send({ type: 'read', text }),
      (error: unknown) => send({ type: 'failed', problem: problemOf(error) }),
    );
  }
});

async function load(options: VisionOptions): Promise<Loaded> {
  const { modelPath, projectorPath, contextTokens = 8192, answerTokens = 1024 } = options;
  const library: Library = createRequire(import.meta.url)('@fugood/llama.node');
  const context = await library.loadModel({ model: modelPath, n_ctx: contextTokens, n_gpu_layers: 0 });
  const canSee = await context.initMultimodal({ path: projectorPath, use_gpu: false });
  if (!canSee) throw new Error(`${projectorPath} is no vision projector of this model`);
  return { context, answerTokens };
}

async function read({ png, question }: ToVision & { type: 'read' }): Promise<string> {
  if (!loading) throw new Error('no model was loaded');
  const { context, answerTokens } = await loading;
  // As data: a path would be opened.
  const url = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const content = [
    { type: 'text', text: question },
    { type: 'image_url', image_url: { url } },
  ];
  const messages = [{ role: 'user', content }];
  const answer = await context.completion({
    messages,
    jinja: true,
    enable_thinking: false,
    temperature: 0,
    n_predict: answerTokens,
  });
  // It repeats the empty thought that it was asked to begin with.
  return (answer.content ?? answer.text).replace(/^<think>[\s\S]*?<\/think>\s*/, '');
}

function problemOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
    return 'the package that shows it pictures is missing; install it with "npm install @fugood/llama.node"';
  }
  return error instanceof Error ? error.message : String(error);
}
