/** Places to work in, so many at once; who waits comes in turn. */
export type Slots = {
  /** Waits for a place. */
  take(): Promise<Slot>;
  /** Waits until nobody works, and keeps all others waiting. */
  takeAll(): Promise<Slot>;
};
export type Slot = {
  /** May be called twice. */
  release(): void;
};

export function createSlots(total: number): Slots {
  let free = total;
  const waiting: { readonly count: number; readonly start: (slot: Slot) => void }[] = [];
  const toSlot = (count: number): Slot => {
    free -= count;
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) return;
        isReleased = true;
        free += count;
        serve();
      },
    };
  };
  const serve = (): void => {
    for (let [next] = waiting; next && next.count <= free; [next] = waiting) {
      waiting.shift();
      next.start(toSlot(next.count));
    }
  };
  const wait = (count: number): Promise<Slot> =>
    new Promise((start) => {
      waiting.push({ count, start });
      serve();
    });
  return {
    take: () => wait(1),
    takeAll: () => wait(total),
  };
}
