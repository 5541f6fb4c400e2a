import type { FileSource } from '../messages.ts';

/** Where a fact was said, as far as it is known. */
export type FactSource = Partial<FileSource> & {
  readonly threadId?: string;
  readonly runId?: string;
  /** The name of the agent. */
  readonly agent?: string;
  /** Of the file, 1-based. */
  readonly page?: number;
};

/** A sentence that is remembered across threads. */
export type Fact = {
  readonly id: string;
  readonly text: string;
  /** When it was remembered, ISO 8601; for people only, the order is that of the list. */
  readonly at: string;
  /** Who said it. */
  readonly by: 'user' | 'agent';
  readonly source?: FactSource;
};

export type FactOrigin = Pick<Fact, 'by' | 'source'>;

/** What agents remember. Contract: a change returns once it is on the disk. */
export type FactStore = {
  /** Default of `origin`: an agent, nobody knows where. */
  add(text: string, origin?: FactOrigin): Promise<Fact>;
  /** The facts that have words of the query, the best first and then the newest; all of them for an empty query.
   * Default of `most`: 20. */
  search(query: string, most?: number): Promise<readonly Fact[]>;
  /** All of them, the oldest first. */
  list(): Promise<readonly Fact[]>;
  /** The fact keeps its id and its place, and is the user's from then on. Nothing where there is no such fact. */
  edit(id: string, text: string): Promise<Fact | undefined>;
  /** Returns what was forgotten, or nothing where there is no such fact. The previous version forgets it too. */
  forget(id: string): Promise<Fact | undefined>;
};
