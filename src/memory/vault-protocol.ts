/** What the program and the vault's worker thread (`vault-worker.ts`) say to each other: one question, one answer. */
import type { MessagePort } from 'node:worker_threads';

/** `age`: ASCII armor, which the `age` program reads. `line`: the same file's bytes as base64, without a line's end. */
export type SealedForm = 'age' | 'line';

/** `key` numbers an identity that the thread holds. No secret key ever leaves the thread in the open. */
export type VaultRequest =
  | { readonly type: 'new-key' }
  | {
      readonly type: 'seal-key';
      readonly key: number;
      readonly passphrase: string;
      readonly workFactor: number;
    }
  | { readonly type: 'open-key'; readonly sealed: Uint8Array; readonly passphrase: string }
  | { readonly type: 'seal'; readonly key: number; readonly form: SealedForm; readonly content: Uint8Array }
  | { readonly type: 'open'; readonly key: number; readonly form: SealedForm; readonly sealed: Uint8Array };

/**
 * `not-sealed`: it is no age file. `other-key`: nothing in its head is for this key; in a file with a passphrase, that this
 * is another one. `damaged`: the key fits and the rest is not what was written, or it is age and cannot be parsed.
 */
export type VaultProblem = 'not-sealed' | 'other-key' | 'damaged';

export type VaultAnswer =
  | { readonly type: 'key'; readonly key: number; readonly recipient: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'problem'; readonly problem: VaultProblem }
  /** Of the thread itself. */
  | { readonly type: 'failed'; readonly reason: string };

/** The thread's first message: where it answers, and what it wakes the program with. */
export type VaultPort = { readonly port: MessagePort; readonly bell: Int32Array };
