/**
 * The sequences of one context, and who works in them: each holds the state of one conversation at a time.
 *
 * Contract: requests of one session never run at once. Where all sequences are busy a request waits, and who came first
 * goes first. A sequence whose session has to make room keeps its content: a prompt that begins alike goes on with it.
 */
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Checkpoints } from './checkpoints.ts';
import type { SavedState } from './engine.ts';
import type { SavedStates } from './saved-states.ts';

export type Slot = { readonly sequence: LlamaContextSequence; readonly checkpoints: Checkpoints };

export type SequenceRequest = {
  /** Default: a conversation of its own, forgotten afterwards. */
  readonly session?: string;
  readonly tokens: readonly number[];
  /** Ends the waiting. */
  readonly signal: AbortSignal;
};

export type Sequences = {
  /** Runs the work in a sequence that nobody else uses meanwhile. Rejects as the work does, or with the signal's reason. */
  use<Value>(request: SequenceRequest, work: (slot: Slot) => Promise<Value>): Promise<Value>;
  /** Saves the state of a session, once its requests are done. Nothing where no sequence holds it. */
  save(session: string): Promise<SavedState | undefined>;
  /** Nobody has the session's sequence any more, once its requests are done; nothing is saved. */
  forget(session: string): Promise<void>;
};

type Seat = {
  readonly slot: Slot;
  isBusy: boolean;
  /** Counts uses: the smallest is the longest ago. */
  lastUse: number;
  /** Who has it. */
  session: string | undefined;
  /** Whether its content is that of who has it: a prompt of theirs was evaluated as a whole since. */
  isOwn: boolean;
  /** Whose content is being saved to make room. */
  leaving: string | undefined;
};

export function createSequences(slots: readonly Slot[], states: SavedStates | undefined): Sequences {
  const seats = slots.map((slot): Seat => {
    return { slot, isBusy: false, lastUse: 0, session: undefined, isOwn: false, leaving: undefined };
  });
  const line = createLine();
  let uses = 0;
  const occupy = (seat: Seat): Seat => {
    uses += 1;
    return Object.assign(seat, { isBusy: true, lastUse: uses });
  };
  const leave = (seat: Seat) => {
    seat.isBusy = false;
    line.retry();
  };

  return {
    async use({ session, tokens, signal }, work) {
      const seat = await line.join(() => {
        const free = chooseSeat(seats, session, tokens);
        if (free && free.session !== session) {
          Object.assign(free, { leaving: free.isOwn ? free.session : undefined, session, isOwn: false });
        }
        return free && occupy(free);
      }, signal);
      try {
        if (seat.leaving !== undefined) await states?.save(seat.slot.sequence, seat.leaving);
        seat.leaving = undefined;
        // The next request of the session that left may be waiting for its state to be on the disk.
        line.retry();
        return await work(seat.slot);
      } finally {
        seat.isOwn ||= commonTokens(seat, tokens) === tokens.length;
        leave(seat);
      }
    },

    async save(session) {
      const seat = await line.join(() => {
        const own = seats.find((each) => each.session === session);
        if (!own || own.leaving !== undefined) return 'none';
        if (own.isBusy) return undefined;
        return own.isOwn ? occupy(own) : 'none';
      });
      if (seat === 'none') return undefined;
      try {
        return await states?.save(seat.slot.sequence, session);
      } finally {
        leave(seat);
      }
    },

    async forget(session) {
      const isOf = (seat: Seat) => seat.session === session || seat.leaving === session;
      await line.join(() => (seats.some((seat) => seat.isBusy && isOf(seat)) ? undefined : 'idle'));
      for (const seat of seats.filter(isOf)) Object.assign(seat, { session: undefined, isOwn: false });
    },
  };
}

/** Attempts that have to wait, and are made again in the order in which they came. */
function createLine() {
  let waiting: readonly (() => boolean)[] = [];
  const drop = (each: () => boolean) => {
    waiting = waiting.filter((other) => other !== each);
  };
  return {
    retry(): void {
      for (const each of waiting) if (each()) drop(each);
    },
    /** Resolves with what the attempt brings; nothing means that it has to wait. */
    join<Value>(attempt: () => Value | undefined, signal?: AbortSignal): Promise<Value> {
      return new Promise((resolve, reject) => {
        // No event comes of an abort that was before.
        signal?.throwIfAborted();
        const each = () => {
          const value = attempt();
          if (value !== undefined) resolve(value);
          return value !== undefined;
        };
        if (each()) return;
        waiting = [...waiting, each];
        signal?.addEventListener('abort', () => {
          drop(each);
          reject(signal.reason);
        });
      });
    },
  };
}

const commonTokens = ({ slot }: Seat, tokens: readonly number[]): number =>
  slot.sequence.compareContextTokens(tokens as Token[]).firstDifferentIndex;

/** The session's own seat, or the free one that costs least; nothing where the request has to wait. */
function chooseSeat(
  seats: readonly Seat[],
  session: string | undefined,
  tokens: readonly number[],
): Seat | undefined {
  if (session !== undefined) {
    if (seats.some(({ leaving }) => leaving === session)) return undefined;
    const own = seats.find((seat) => seat.session === session);
    if (own) return own.isBusy ? undefined : own;
  }
  const free = seats.filter(({ isBusy }) => !isBusy).sort((a, b) => a.lastUse - b.lastUse);
  const unclaimed = free.filter((seat) => seat.session === undefined);
  const [best] = unclaimed
    .map((seat) => ({ seat, length: commonTokens(seat, tokens) }))
    .sort((a, b) => b.length - a.length);
  return best?.seat ?? free[0];
}
