/**
 * The bare engine for bench/step.ts, in a process of its own: for every step it evaluates what is new of the prompt and
 * decodes the given tokens with node-llama-cpp's `sequence.evaluate`. No parser, no grammar, no checkpoints, and a message
 * to the program only once a thread.
 *
 *     node bench/plain-steps.ts <model> <context tokens> <threads, 0 for what the machine has>
 */
import { getLlama, type SequenceEvaluateOptions, type Token } from 'node-llama-cpp';

export type PlainRequest = {
  /** Of each step the end of the prompt that the state does not hold yet, and the tokens that are then written. */
  readonly steps: readonly { readonly prompt: readonly number[]; readonly written: readonly number[] }[];
  readonly sampling: Pick<SequenceEvaluateOptions, 'temperature' | 'topP' | 'topK'>;
};
export type PlainTimes = { readonly promptMs: number; readonly generatingMs: number };

const [path = '', contextTokens = '', threads = '0'] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: 'never' });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: Number(contextTokens),
  // As Sotto does on the CPU (src/engine/attention.ts).
  flashAttention: false,
  ...(threads !== '0' && { threads: Number(threads) }),
});
const sequence = context.getSequence();
process.on('message', async (request: PlainRequest) => process.send?.(await play(request)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function play({ steps, sampling }: PlainRequest): Promise<PlainTimes> {
  await sequence.clearHistory();
  let [promptMs, generatingMs] = [0, 0];
  for (const { prompt, written } of steps) {
    const started = performance.now();
    const stream = sequence.evaluate(prompt as Token[], { ...sampling, yieldEogToken: true });
    await stream.next();
    const first = performance.now();
    for (const token of written) await stream.next(token as Token);
    generatingMs += performance.now() - first;
    promptMs += first - started;
    await stream.return();
  }
  return { promptMs, generatingMs };
}
