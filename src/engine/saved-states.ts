import type { LlamaContextSequence } from 'node-llama-cpp';
import { firstLine } from '../errors.ts';
import type { SavedState } from './engine.ts';
import { hashTokens, openStateFiles, type StateFile, type StateFiles, StateTooLarge } from './state-files.ts';
import { deleteStatesNamed } from './state-folder.ts';

/** The states of conversations on the disk. A state of this architecture cannot be cut: it is of use only where all of
 * its tokens begin the prompt. */
export type SavedStates = {
  /** Saves the sequence's state under a session's name. Never rejects. */
  save(sequence: LlamaContextSequence, session: string): Promise<SavedState>;
  /** The longest whole state, of whatever session, that begins this prompt and holds enough more of it than `beyond`
   * tokens; and why another one could not be taken. Never rejects. */
  find(tokens: readonly number[], options: FindOptions): Promise<FoundState>;
  /** Puts a state that was found into a sequence, whose checkpoints have to be void. Returns why it could not be done, and
   * then the sequence is empty. */
  load(sequence: LlamaContextSequence, state: StateFile): Promise<string | undefined>;
  /** Saves the state that the sequence has right now as a beginning that other conversations share (the system turn),
   * unless it is saved already. Never rejects: without it they take longer, and that is all. */
  saveBeginning(sequence: LlamaContextSequence): Promise<void>;
};

type FindOptions = { readonly beyond: number; readonly session?: string | undefined };
export type FoundState = { readonly state?: StateFile; readonly problem?: string };

type SavedStatesOptions = {
  readonly folder: string;
  /** Of all states together. */
  readonly maxBytes: number;
  /** 16 hex digits that change with whatever a state depends on. */
  readonly modelKey: string;
};

/** Loading a state takes a few milliseconds and a tenth of a second for each 100 MB; evaluating this many tokens takes
 * longer with every model but the smallest. */
export const LEAST_GAIN = 64;
/** A thread's id: it becomes a file's name. */
const SESSION = /^[A-Za-z0-9._-]{1,100}$/;
const nameOf = (session: string) => `thread-${session}`;

export function createSavedStates(options: SavedStatesOptions): SavedStates {
  const files = openStateFiles(options);
  /** Names of what this process wrote or loaded: that the conversation went another way since is no news. */
  const known = new Set<string>();
  return {
    async save(sequence, session) {
      if (!SESSION.test(session)) {
        return {
          bytes: 0,
          problem: 'The state was not saved: the name of its thread cannot be that of a file.',
        };
      }
      const name = nameOf(session);
      const tokens = sequence.contextTokens;
      try {
        const same = files.list().find((file) => file.name === name && isOf(file, tokens));
        const write = (path: string) => sequence.saveStateToFile(path);
        const bytes = same?.bytes ?? (await files.put(name, tokens, write));
        known.add(name);
        return { bytes };
      } catch (error) {
        return { bytes: 0, problem: problemOfSaving(error, options) };
      }
    },
    async find(tokens, { beyond, session }) {
      try {
        const own = session === undefined ? undefined : nameOf(session);
        const misfit = own && !known.has(own) ? whyUnfit(files, own, tokens) : undefined;
        const { state, damage } = await findWhole(files, tokens, beyond);
        const problem = damage ?? misfit;
        return { ...(state && { state }), ...(problem && { problem }) };
      } catch (error) {
        return { problem: `The saved states could not be read (${reasonOf(error)}), so none was used.` };
      }
    },
    async load(sequence, state) {
      try {
        await sequence.loadStateFromFile(state.path, { acceptRisk: true });
        if (isOf(state, sequence.contextTokens)) {
          known.add(state.name);
          files.touch(state);
          return undefined;
        }
      } catch {
        // Said below: what llama.cpp says of it means nothing to anybody.
      }
      await sequence.clearHistory();
      files.drop(state);
      return 'A saved state could not be loaded, so it was deleted and its tokens are evaluated again.';
    },
    async saveBeginning(sequence) {
      try {
        const tokens = sequence.contextTokens;
        const name = `system-${hashTokens(tokens).slice(0, 16)}`;
        if (files.list().some((file) => file.name === name)) return;
        await files.put(name, tokens, (path) => sequence.saveStateToFile(path));
      } catch {
        // See the type.
      }
    },
  };
}

/** Deletes what was saved of a conversation's state, with whatever model. Throws what the system says. */
export const deleteStates = (folder: string, session: string): void =>
  deleteStatesNamed(folder, nameOf(session));

const isOf = (file: StateFile, tokens: readonly number[]): boolean =>
  file.tokens === tokens.length && file.tokensHash === hashTokens(tokens);

const begins = (file: StateFile, tokens: readonly number[]): boolean =>
  file.tokens < tokens.length && file.tokensHash === hashTokens(tokens, file.tokens);

/** A damaged one is deleted, and the next best is taken. */
async function findWhole(
  files: StateFiles,
  tokens: readonly number[],
  beyond: number,
): Promise<{ readonly state?: StateFile; readonly damage?: string }> {
  const longestFirst = files
    .list()
    .filter((file) => file.tokens >= beyond + LEAST_GAIN && begins(file, tokens))
    .toSorted((a, b) => b.tokens - a.tokens);
  let damage: string | undefined;
  for (const state of longestFirst) {
    if (await files.isWhole(state)) return { state, ...(damage && { damage }) };
    files.drop(state);
    damage = 'A saved state was damaged, so it was deleted and its tokens are evaluated again.';
  }
  return damage ? { damage } : {};
}

/** Why the state that was saved for this conversation is of no use to it. */
function whyUnfit(files: StateFiles, name: string, tokens: readonly number[]): string | undefined {
  const saved = files.list().find((file) => file.name === name);
  if (saved) {
    if (begins(saved, tokens)) return undefined;
    return 'The saved state of this thread does not fit: what was said, the instructions or the tools have changed since, or the context was made shorter.';
  }
  if (!files.has(name)) return undefined;
  return 'The saved state of this thread is incomplete, or of another model or other settings, so it was not used.';
}

function problemOfSaving(error: unknown, { maxBytes }: SavedStatesOptions): string {
  if (error instanceof StateTooLarge) {
    return `The state was not saved: it has ${error.message}, and model.maxStateBytes is ${maxBytes}.`;
  }
  return `The state was not saved (${reasonOf(error)}); the thread is safe, its next run takes longer to start.`;
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? firstLine(error, 200);
