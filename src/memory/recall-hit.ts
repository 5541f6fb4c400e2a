import type { FileSource } from '../messages.ts';

/** A passage of what is kept, with who said it. */
export type Passage = {
  /** `fact`: it was remembered. `message`: it was said in a thread. `document`: it was read from a file. */
  readonly kind: 'fact' | 'message' | 'document';
  /** As it stands there, whatever it is. */
  readonly text: string;
  /** Whose words these are. Those of a document are nobody else's, and what an agent repeated of one is the agent's. */
  readonly by: 'user' | 'agent' | 'document';
  /** Its name: of the agent whose words these are, or for which the document was read. */
  readonly agent?: string;
  /** Of a document: the file, or where the result does not tell which, the files. Of a fact: where it says it is from. */
  readonly sources?: readonly FileSource[];
  /** Of the document, 1-based, where the text says it. */
  readonly page?: number;
  readonly factId?: string;
  readonly threadId?: string;
  readonly runId?: string;
  /** When it was said, ISO 8601; for people only. */
  readonly at: string;
};

export type Hit = Passage & {
  /** By BM25; only to be compared with others of the same search. */
  readonly score: number;
};
