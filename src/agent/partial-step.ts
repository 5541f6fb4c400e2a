import type { RunEvent, RunFact } from '../events.ts';

/** Hears what the model writes, and knows of a step that does not end what was written of it. */
export type PartialStep = {
  hear(event: RunEvent): void;
  /** Nothing where the last step has ended, or nothing was written of it. */
  fact(): Extract<RunFact, { readonly type: 'step-abort' }> | undefined;
};

export function createPartialStep(): PartialStep {
  let step: number | undefined;
  let thinking = '';
  let text = '';
  return {
    hear(event) {
      if (event.type === 'thinking-delta') thinking += event.text;
      else if (event.type === 'text-delta') text += event.text;
      else if (event.type === 'step-start') step = event.step;
      else if (event.type === 'step-end') step = undefined;
      // A step is also written anew in a shorter context, or by a new process of the model.
      if (STARTS.has(event.type)) thinking = text = '';
    },
    fact: () =>
      step === undefined || thinking + text === '' ? undefined : { type: 'step-abort', step, thinking, text },
  };
}

const STARTS: ReadonlySet<RunEvent['type']> = new Set(['step-start', 'context-compact', 'engine-restart']);
