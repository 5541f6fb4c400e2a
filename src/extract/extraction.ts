/**
 * What extraction makes of documents: rows of values, each with its evidence. Pure values; all of it is JSON.
 *
 * - field: one value that the schema asks for, named by its path: `total`, `seller.name`.
 * - list: an array of the schema; its columns are fields named by the list too: `items.amount`.
 * - quote: the words of the document that state a value. Code finds them; the model's word for it counts nothing.
 * - claim: what a model says of a field, before anybody has looked.
 */
import type { JsonObject } from '../messages.ts';
import type { Box, Via } from '../readers/document.ts';

/** `amount`: an exact number with decimals. `currency`: a code of ISO 4217. `choice`: one of the schema's `enum`. */
export type FieldType = 'text' | 'amount' | 'integer' | 'boolean' | 'date' | 'currency' | 'choice';

export type Field = {
  readonly path: string;
  readonly type: FieldType;
  /** The schema's `title` and `description`, which guide the model. */
  readonly description: string;
  /** Of a `choice`. */
  readonly choices: readonly string[];
  readonly isRequired: boolean;
};
export type List = {
  readonly path: string;
  readonly description: string;
  /** One, with the list's own path, where the array is of plain values. */
  readonly columns: readonly Field[];
  readonly isOfValues: boolean;
};

/** A schema as extraction works by it. */
export type FieldPlan = {
  readonly fields: readonly Field[];
  readonly lists: readonly List[];
  /** What has to hold between the values, such as `total = net + tax`. */
  readonly checks: readonly string[];
  /** The schema as it was given, as JSON Schema. */
  readonly schema: JsonObject;
};

/** What a model says of a value: the words that state it, and the value as it stands in them. */
export type Claim = { readonly quote: string; readonly value: string };

/** `verified`: code found the quote in the document, and the value in the quote. `missing`: the document does not state
 * it, as far as was read. `rejected`: a person said that it is wrong. */
export type Status = 'verified' | 'unverified' | 'missing' | 'rejected';
/** `invoice-xml`: of the XML that the document carries, which outranks the model. */
export type Source = 'model' | 'invoice-xml' | 'person';

export type Scalar = string | number | boolean;

export type Value = {
  /** As the schema's type has it: a number, a date as YYYY-MM-DD, a currency's code. `null` where there is none. */
  readonly value: Scalar | null;
  readonly status: Status;
  readonly source: Source;
  /** As it stands in the document, or as the model gave it. */
  readonly original?: string;
  /** Why it is not verified, or what a reader should know; one plain sentence. */
  readonly problem?: string;
  /** As it stands in the document where it was found, else as the model gave it. */
  readonly quote?: string;
  /** 1-based: where the quote was found. */
  readonly page?: number;
  /** Of the value on that page, or of the quote where the value is not in it; absent where the format has no geometry. */
  readonly box?: Box;
  /** How that page was read. */
  readonly via?: Via;
  /** What other passages of the document say, where they differ. */
  readonly others?: readonly Value[];
  /** What a person decided about it. */
  readonly review?: Review;
};

export type Review = {
  readonly decision: 'accepted' | 'corrected' | 'rejected';
  /** ISO 8601. */
  readonly at: string;
};

/** A line of a list: its columns by their paths. */
export type ListRow = Readonly<Record<string, Value>>;

/** `holds`: true, false, or undefined where a value that it needs is missing. */
export type CheckResult = {
  readonly check: string;
  readonly holds?: boolean;
  /** Of a check over the columns of a list that does not hold: the rows it does not hold for, 0-based. */
  readonly rows?: readonly number[];
  /** Such as `228.83 is not 190.00 + 36.54`, or what is missing. */
  readonly sentence: string;
};

/** Every page of the document stands in `first` to `last` of one entry. */
export type PageAccount = {
  readonly first: number;
  readonly last: number;
  readonly via: Via;
  /** Whether a model was given all of it. */
  readonly isAsked: boolean;
  /** How it was read, or why not; why it was not asked. */
  readonly sentence: string;
};

/** Prompt tokens, and what was written; see `Usage`. */
export type TokenCounts = {
  readonly evaluatedTokens: number;
  readonly reusedTokens: number;
  readonly generatedTokens: number;
};

/** What was taken out of one content. It does not say which file: two files may hold the same bytes. */
export type Extracted = {
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  readonly pageCount: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly lists: Readonly<Record<string, readonly ListRow[]>>;
  readonly checks: readonly CheckResult[];
  readonly pages: readonly PageAccount[];
  /** What a reader of the table should know of the document, in plain sentences. */
  readonly notes: readonly string[];
  readonly usage: TokenCounts;
};

/** A document of the job, in the table. */
export type Row = Extracted & { /** As it was found, or where the job moved it. */ readonly file: string };

/** A document of which nothing could be taken. */
export type Failure = {
  readonly file: string;
  readonly sha256?: string;
  /** One sentence. */
  readonly problem: string;
};

export type Extraction = {
  readonly jobId: string;
  readonly plan: FieldPlan;
  /** In the order of the files. */
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  /** Files that were not looked at, since the job was stopped before. */
  readonly left: readonly string[];
};

/** What is told while a job goes on. */
export type ExtractEvent =
  | {
      readonly type: 'job-start';
      readonly jobId: string;
      readonly total: number;
      /** Documents that were done before. */
      readonly known: number;
    }
  | { readonly type: 'document-start'; readonly file: string }
  | {
      readonly type: 'passage-start';
      readonly file: string;
      /** 1-based. */
      readonly passage: number;
      readonly passageCount: number;
    }
  | { readonly type: 'document-end'; readonly row: Row; readonly isNew: boolean }
  | { readonly type: 'document-failed'; readonly failure: Failure; readonly isNew: boolean }
  | { readonly type: 'file-moved'; readonly file: string; readonly to: string }
  /** Something that the person should know, and that ends nothing. */
  | { readonly type: 'notice'; readonly sentence: string };
