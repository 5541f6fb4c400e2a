import { describe, expect, test } from 'vitest';
import type { SavedStates } from '../../src/engine/saved-states.ts';
import { createSequences, type Slot } from '../../src/engine/sequences.ts';

const { signal } = new AbortController();
const tick = () => new Promise((resolve) => setImmediate(resolve));

type FakeSlot = Slot & { readonly index: number; content: readonly number[] };

/** Sequences whose content a test sets, and the names that states were saved under. */
function open(count: number, save: SavedStates['save'] = async () => ({ bytes: 1 })) {
  const slots = Array.from({ length: count }, (_, index): FakeSlot => {
    const slot = { index, content: [] as readonly number[] };
    const compareContextTokens = (tokens: readonly number[]) => {
      const different = slot.content.findIndex((token, at) => token !== tokens[at]);
      return { firstDifferentIndex: different === -1 ? slot.content.length : different };
    };
    return Object.assign(slot, { sequence: { compareContextTokens }, checkpoints: {} } as unknown as Slot);
  });
  const saved: string[] = [];
  const states = {
    save: (sequence, session) => {
      saved.push(session);
      return save(sequence, session);
    },
  } as SavedStates;
  const sequences = createSequences(slots, states);
  /** Takes a sequence until `end` is called. */
  const hold = (session?: string, tokens: readonly number[] = []) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = { at: undefined as number | undefined, end: resolve, done: Promise.resolve() };
    const wanted = { tokens, signal, ...(session !== undefined && { session }) };
    held.done = sequences.use(wanted, (slot) => {
      held.at = (slot as FakeSlot).index;
      return promise;
    });
    return held;
  };
  const visit = async (session?: string, tokens?: readonly number[]) => {
    const held = hold(session, tokens);
    held.end();
    await held.done;
    return held.at;
  };
  return { sequences, slots, saved, hold, visit };
}

describe('a request', () => {
  test('has the sequence that its session had before', async () => {
    const { visit } = open(3);
    const first = await visit('a');
    await visit('b');
    expect(await visit('a')).toBe(first);
  });

  test('waits for the one before it of the same session, though others are free', async () => {
    const { hold } = open(2);
    const first = hold('a');
    const second = hold('a');
    await tick();
    expect([first.at, second.at]).toEqual([0, undefined]);
    first.end();
    await tick();
    expect(second.at).toBe(0);
    second.end();
    await second.done;
  });

  test('of a session waits though the one before it is still making another one leave', async () => {
    const saving = Promise.withResolvers<{ bytes: number }>();
    const { visit, hold } = open(2, () => saving.promise);
    await visit('a');
    await visit('b');
    const first = hold('c');
    const second = hold('c');
    saving.resolve({ bytes: 1 });
    await tick();
    expect([first.at, second.at]).toEqual([0, undefined]);
    first.end();
    second.end();
    await second.done;
  });

  test('that finds all busy waits, and who came first goes first', async () => {
    const { hold } = open(2);
    const [first, second, third, fourth] = [hold('a'), hold('b'), hold('c'), hold()];
    await tick();
    expect([third.at, fourth.at]).toEqual([undefined, undefined]);
    second.end();
    await tick();
    expect([third.at, fourth.at]).toEqual([1, undefined]);
    first.end();
    await tick();
    expect(fourth.at).toBe(0);
    third.end();
    fourth.end();
    await Promise.all([third.done, fourth.done]);
  });

  test('that waits for its session holds nobody up behind it', async () => {
    const { hold } = open(2);
    const [first, second] = [hold('a'), hold('a')];
    const third = hold('b');
    await tick();
    expect([first.at, second.at, third.at]).toEqual([0, undefined, 1]);
    for (const held of [first, second, third]) held.end();
    await second.done;
  });

  test('whose work fails leaves its sequence to the next', async () => {
    const { sequences, visit } = open(1);
    const failing = sequences.use({ tokens: [], signal }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await visit('a')).toBe(0);
  });

  test('that is aborted while it waits rejects at once, and never has a sequence', async () => {
    const { sequences, hold, visit } = open(1);
    const first = hold('a');
    const controller = new AbortController();
    let ran = false;
    const second = sequences.use({ tokens: [], signal: controller.signal }, async () => {
      ran = true;
    });
    controller.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    first.end();
    await first.done;
    expect(await visit('a')).toBe(0);
    expect(ran).toBe(false);
  });

  test('that was aborted before it came has no sequence and does not wait', async () => {
    const { sequences, hold } = open(1);
    const first = hold('a');
    const aborted = AbortSignal.abort(new Error('stop'));
    await expect(sequences.use({ tokens: [], signal: aborted }, async () => {})).rejects.toThrow('stop');
    first.end();
    await first.done;
  });
});

describe('a sequence', () => {
  test('without a session is taken before that of another one', async () => {
    const { saved, visit } = open(2);
    await visit('a');
    await visit();
    await visit('a');
    expect(await visit('b')).toBe(1);
    expect(saved).toEqual([]);
  });

  test('without a session is taken by the prompt that has most in common with it', async () => {
    const { slots, visit } = open(3);
    slots.forEach((slot, index) => {
      slot.content = [[9], [1, 2, 3], [1, 2]][index] ?? [];
    });
    expect(await visit(undefined, [1, 2, 3, 4])).toBe(1);
    expect(await visit(undefined, [9, 9])).toBe(0);
  });

  test('is taken from the session that was idle longest, whose state is saved first', async () => {
    const { saved, visit } = open(2);
    await visit('a');
    await visit('b');
    await visit('a');
    expect(await visit('c')).toBe(1);
    expect(saved).toEqual(['b']);
    expect(await visit('a')).toBe(0);
  });

  test('is taken though the state of the session that leaves could not be saved', async () => {
    const { visit } = open(1, async () => ({ bytes: 0, problem: 'The disk is full.' }));
    await visit('a');
    expect(await visit('b')).toBe(0);
  });

  test('is not looked for by the session that leaves before its state is saved', async () => {
    const saving = Promise.withResolvers<{ bytes: number }>();
    const { hold, visit } = open(2, async (_, session) => (session === 'a' ? saving.promise : { bytes: 1 }));
    await visit('a');
    await visit('b');
    const [other, returning] = [hold('c'), hold('a')];
    await tick();
    expect([other.at, returning.at]).toEqual([undefined, undefined]);
    saving.resolve({ bytes: 1 });
    await tick();
    expect([other.at, returning.at]).toEqual([0, 1]);
    other.end();
    returning.end();
    await Promise.all([other.done, returning.done]);
  });
});

describe('a session that has a sequence and evaluated no whole prompt in it', () => {
  /** `a` said [1, 2]; then `b` had its sequence, and ended when it held this much. */
  const interrupt = async (content: readonly number[]) => {
    const opened = open(1);
    const [slot] = opened.slots;
    const write = (session: string, tokens: readonly number[], written: readonly number[]) =>
      opened.sequences.use({ session, tokens, signal }, async () => {
        if (slot) slot.content = written;
      });
    await write('a', [1, 2], [1, 2]);
    await write('b', [3, 4, 5], content);
    return { ...opened, write };
  };

  test.each([
    ['the other one is still in it', [1, 2]],
    ['a part of its own is in it', [3, 4]],
  ])('leaves its saved state as it is, where %s', async (_what, content) => {
    const { sequences, saved, visit } = await interrupt(content);
    expect(await sequences.save('b')).toBeUndefined();
    await visit('c');
    expect(saved).toEqual(['a']);
  });

  test('is saved again once it did', async () => {
    const { saved, visit, write } = await interrupt([3, 4]);
    await write('b', [3, 4, 5], [3, 4, 5, 6]);
    await visit('c');
    expect(saved).toEqual(['a', 'b']);
  });
});

describe('forgetting a session', () => {
  test('lets its sequence go once its request is done, and saves nothing', async () => {
    const { sequences, saved, hold, visit } = open(2);
    await visit('b');
    const held = hold('a');
    let isForgotten = false;
    const forgotten = sequences.forget('a').then(() => {
      isForgotten = true;
    });
    await tick();
    expect(isForgotten).toBe(false);
    held.end();
    await forgotten;
    expect(await visit('c')).toBe(1);
    expect(saved).toEqual([]);
  });

  test('waits until it has left its sequence, so that what was saved can be deleted', async () => {
    const saving = Promise.withResolvers<{ bytes: number }>();
    const { sequences, hold, visit } = open(1, () => saving.promise);
    await visit('a');
    const other = hold('b');
    let isForgotten = false;
    const forgotten = sequences.forget('a').then(() => {
      isForgotten = true;
    });
    await tick();
    expect(isForgotten).toBe(false);
    saving.resolve({ bytes: 1 });
    await forgotten;
    other.end();
    await other.done;
    expect(await sequences.save('b')).toEqual({ bytes: 1 });
  });
});

describe('saving a session', () => {
  test('waits until its request is done, and keeps others out meanwhile', async () => {
    const saving = Promise.withResolvers<{ bytes: number }>();
    const { sequences, saved, hold } = open(1, () => saving.promise);
    const first = hold('a');
    const save = sequences.save('a');
    const behind = hold('a');
    await tick();
    expect(saved).toEqual([]);
    first.end();
    await tick();
    expect(saved).toEqual(['a']);
    expect(behind.at).toBeUndefined();
    saving.resolve({ bytes: 7 });
    expect(await save).toEqual({ bytes: 7 });
    await tick();
    expect(behind.at).toBe(0);
    behind.end();
    await behind.done;
  });

  test('that no sequence holds brings nothing', async () => {
    const { sequences, saved, visit } = open(1);
    await visit('a');
    await visit('b');
    expect(await sequences.save('a')).toBeUndefined();
    expect(saved).toEqual(['a']);
  });

  test('that had to leave while it waited saves nothing under its name', async () => {
    const { sequences, saved, hold } = open(1);
    const [first, other] = [hold('a'), hold('b')];
    const save = sequences.save('a');
    first.end();
    other.end();
    await other.done;
    expect(await save).toBeUndefined();
    expect(saved).toEqual(['a']);
  });
});
