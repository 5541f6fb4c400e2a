/** What the program and the process of the vision model (`vision-process.ts`) say to each other: one picture at a time. */
export type VisionOptions = {
  /** GGUF of the model. */
  readonly modelPath: string;
  /** GGUF of its vision projector. */
  readonly projectorPath: string;
  /** Of the picture, the question and the answer together. Default: 8192. */
  readonly contextTokens?: number;
  /** Of the answer. Default: 1024. */
  readonly answerTokens?: number;
};

export type ToVision =
  | { readonly type: 'load'; readonly options: VisionOptions }
  | { readonly type: 'read'; readonly png: Uint8Array; readonly question: string };

export type FromVision =
  | { readonly type: 'read'; readonly text: string }
  | { readonly type: 'failed'; readonly problem: string };
