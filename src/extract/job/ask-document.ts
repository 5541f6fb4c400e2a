import {
  ConfigError,
  ContextOverflowError,
  EngineCrashError,
  firstLine,
  GenerationError,
  JobError,
  LETTERS_OF_FAILURE,
  ModelLoadError,
} from '../../errors.ts';
import type { Extracted } from '../extraction.ts';
import type { Slot, Slots } from './slots.ts';

export type Asked =
  | { readonly ok: true; readonly extracted: Extracted }
  | { readonly ok: false; readonly problem: string };

type AskOptions = {
  readonly slots: Slots;
  /** The place that it works in; given back in any case. */
  readonly slot: Slot;
  readonly signal: AbortSignal;
};

/**
 * Has a document worked on, and makes a sentence of what goes wrong with it. Where the model's process ended, it is done
 * once more, and alone: with others beside it nobody could tell whose fault it was. Rejects with the signal's reason, and
 * with what is wrong with every document: `ConfigError`, `ModelLoadError`, `JobError`.
 */
export async function askDocument(
  work: () => Promise<Extracted>,
  { slots, slot, signal }: AskOptions,
): Promise<Asked> {
  const attempt = async (place: Slot): Promise<Asked | EngineCrashError> => {
    try {
      return { ok: true, extracted: await work() };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EngineCrashError) return error;
      return { ok: false, problem: problemOf(error) };
    } finally {
      place.release();
    }
  };
  const first = await attempt(slot);
  if (!(first instanceof EngineCrashError)) return first;
  const second = await attempt(await slots.takeAll());
  if (!(second instanceof EngineCrashError)) return second;
  const problem = `The model's process ended twice while it worked on this document (${second.exit}).`;
  return { ok: false, problem };
}

function problemOf(error: unknown): string {
  if ([ConfigError, ModelLoadError, JobError].some((kind) => error instanceof kind)) throw error;
  if (error instanceof ContextOverflowError) {
    const { promptTokens, contextTokens } = error;
    return (
      `It does not fit the model's context: a part of it takes ${promptTokens} tokens, and there are ` +
      `${contextTokens}. Raise model.contextTokens in agents.config.ts, or ask for less at a time.`
    );
  }
  if (error instanceof GenerationError) return `The model could not finish its answer: ${error.problem}.`;
  return `It could not be extracted: ${firstLine(error, LETTERS_OF_FAILURE)}`;
}
