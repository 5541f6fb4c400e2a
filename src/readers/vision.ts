/**
 * The seam where a vision model takes a page: what it says of one becomes that page's text, `via: 'vision'`.
 * `src/engine/vision-model.ts` is one, in a process of its own.
 */
export type VisionModel = {
  /** The model's answer about a picture. It is untrusted, as the picture is. Rejects with the signal's reason when it is
   * aborted, and with an EngineCrashError or a GenerationError when the model fails. */
  read(page: PagePicture, options?: { readonly signal?: AbortSignal }): Promise<string>;
  /** May be called twice. The next picture starts the model again. */
  end(): Promise<void>;
};

export type PagePicture = {
  /** PNG of the size that `prepareForVision` gives. */
  readonly png: Uint8Array;
  readonly question: string;
};
