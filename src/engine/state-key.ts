import { createHash } from 'node:crypto';
import { getModuleVersion } from 'node-llama-cpp';

type StateKeyInput = {
  /** Fingerprint of the model. */
  readonly model: string;
  readonly kvCache: string;
  /** What the model runs on: the layout of a state differs. */
  readonly gpu: string | false;
  /** Whether attention is computed the flash way: the cache is laid out otherwise. */
  readonly flash: boolean;
  /** Sequences of the context: so many streams its cache has. */
  readonly parallel: number;
};

/** 16 hex digits that change with whatever a saved state depends on: a state of another key may crash llama.cpp. */
export async function stateKey({ model, kvCache, gpu, flash, parallel }: StateKeyInput): Promise<string> {
  const parts = [
    model,
    kvCache,
    gpu,
    flash,
    parallel,
    await getModuleVersion(),
    process.platform,
    process.arch,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
