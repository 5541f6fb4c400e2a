/** A sentence that is remembered across threads. */
export type Fact = {
  readonly id: string;
  readonly text: string;
  /** When it was remembered, ISO 8601. */
  readonly at: string;
};

/** What agents remember. Contract: `add` returns once the fact is on the disk. */
export type FactStore = {
  add(text: string): Promise<Fact>;
  /** The facts that have words of the query, the best first and then the newest; all of them for an empty query.
   * Default of `most`: 20. */
  search(query: string, most?: number): Promise<readonly Fact[]>;
};
