/** What the program and the reader's worker thread (`reader-worker.ts`) say to each other. One job at a time. */
import type { Box, Kind, Problem } from './document.ts';
import type { Limits } from './limits.ts';
import type { Part, ReadOptions } from './reader.ts';

export type DrawOptions = {
  readonly name: string;
  /** 1-based. */
  readonly page: number;
  /** The part of the page that is shown, and framed. Default: the whole page, without a frame. */
  readonly box?: Box;
  /** Default: 150. */
  readonly dpi?: number;
  readonly password?: string;
};

export type Drawn =
  | { readonly ok: true; readonly png: Uint8Array; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly problem: Problem };

export type Job =
  | {
      readonly type: 'read';
      readonly bytes: Uint8Array;
      readonly options: ReadOptions;
      readonly limits: Limits;
    }
  | {
      readonly type: 'draw';
      readonly bytes: Uint8Array;
      readonly options: DrawOptions;
      readonly limits: Limits;
    };

export type ToThread = Job | { readonly type: 'stop' };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'kind'; readonly kind: Kind }
  | { readonly type: 'part'; readonly part: Part }
  /** OCR takes its time and its memory: the watchdog has to know. */
  | { readonly type: 'ocr'; readonly running: boolean }
  | { readonly type: 'drawn'; readonly drawn: Drawn }
  | { readonly type: 'end' };
