/** What the program and the model's process say to each other. */
import type { FinishReason, Usage } from '../events.ts';
import type { Segment } from '../qwen/render.ts';
import type { SpecialToken } from '../qwen/tokenize.ts';
import type { Attention } from './attention.ts';
import type { EngineEvent, GenerateRequest, SavedState } from './engine.ts';

export type KvCacheType = 'f16' | 'q8_0' | 'q4_0';
export type Gpu = 'auto' | 'metal' | 'cuda' | 'vulkan' | false;

export type LoadOptions = {
  readonly path: string;
  /** Of each sequence. */
  readonly contextTokens: number;
  /** Sequences, which are worked on at once. */
  readonly parallel: number;
  /** What the checkpoints of one sequence may take. */
  readonly checkpointBytes: number;
  readonly kvCache: KvCacheType;
  readonly gpu: Gpu;
  /** Where it runs on the CPU. */
  readonly attention: Attention;
  /** Default: what the machine has. */
  readonly threads?: number;
  readonly specials: readonly SpecialToken[];
  /** Default: no state is saved. */
  readonly states?: StateOptions;
};

export type StateOptions = {
  readonly folder: string;
  readonly maxBytes: number;
  /** Fingerprint of the model. */
  readonly model: string;
};

export type ToProcess =
  | { readonly type: 'load'; readonly options: LoadOptions }
  | { readonly type: 'generate'; readonly id: number; readonly request: GenerateRequest }
  | { readonly type: 'tokenize'; readonly id: number; readonly prompt: readonly Segment[] }
  | { readonly type: 'save-state'; readonly id: number; readonly session: string }
  | { readonly type: 'forget'; readonly id: number; readonly session: string }
  | { readonly type: 'abort'; readonly id: number };

export type GenerationEnd = {
  readonly tokens: readonly number[];
  readonly finish: FinishReason;
  readonly usage: Usage;
};

export type FromProcess =
  | { readonly type: 'loaded' }
  | { readonly type: 'load-failed'; readonly problem: string }
  | { readonly type: 'event'; readonly id: number; readonly event: EngineEvent }
  | { readonly type: 'generated'; readonly id: number; readonly end: GenerationEnd }
  | { readonly type: 'tokenized'; readonly id: number; readonly tokens: readonly number[] }
  | { readonly type: 'state-saved'; readonly id: number; readonly saved: SavedState | undefined }
  | { readonly type: 'forgotten'; readonly id: number }
  | { readonly type: 'aborted'; readonly id: number }
  | { readonly type: 'overflow'; readonly id: number; readonly promptTokens: number }
  | { readonly type: 'failed'; readonly id: number; readonly problem: string };
