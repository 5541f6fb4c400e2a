/** The sample inbox with what is right about it, and a model that answers from that: rightly, or with a lie. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field, FieldPlan, List, Row, Scalar, Value } from '../../src/extract/extraction.ts';
import type { JsonObject } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedEngine } from '../../src/testing/scripted-engine.ts';

export type Claim = { readonly quote: string; readonly value: string };
export type LineClaim = Readonly<Record<string, string>> & { readonly quote: string };
export type Claims = { readonly items: readonly LineClaim[] } & Readonly<Record<string, unknown>>;
export type Truth = {
  readonly output: Readonly<Record<string, Scalar>> & {
    readonly items: readonly Readonly<Record<string, Scalar>>[];
  };
  readonly claims: Claims;
  readonly brokenChecks: readonly string[];
};

const WORKSPACE = join(import.meta.dirname, '../../workspace');

export const readTruth = async (): Promise<Readonly<Record<string, Truth>>> =>
  JSON.parse(await readFile(join(WORKSPACE, 'inbox.truth.json'), 'utf8'));
export const readInboxSchema = async (): Promise<JsonObject> =>
  JSON.parse(await readFile(join(WORKSPACE, 'inbox.schema.json'), 'utf8'));
export const copyInbox = (folder: string): Promise<void> =>
  cp(join(WORKSPACE, 'inbox'), join(folder, 'inbox'), { recursive: true });

/** The name of the document that a prompt holds: told by its number, which no other one has. */
function fileIn(text: string, truths: Readonly<Record<string, Truth>>): string | undefined {
  return Object.keys(truths).find((file) => {
    const number = truths[file]?.output.number;
    return number !== undefined && text.includes(String(number));
  });
}

/** Changes what is claimed of a document; given it whole, so that values can change places. */
export type Lie = (claims: Claims, file: string) => Claims;

/** A model that knows what is right, and says what `lie` makes of it. */
export function createInboxEngine(
  truths: Readonly<Record<string, Truth>>,
  lie: Lie = (claims) => claims,
): ScriptedEngine {
  return createScriptedEngine(({ prompt, answer }) => {
    const text = prompt.map((part) => ('text' in part ? part.text : '')).join('');
    const file = fileIn(text, truths);
    const claims: Claims = file ? lie(truths[file]?.claims ?? { items: [] }, file) : { items: [] };
    const asked = Object.keys((answer?.properties ?? {}) as JsonObject);
    return { text: JSON.stringify(Object.fromEntries(asked.map((name) => [name, claims[name] ?? null]))) };
  });
}

export type Found = {
  readonly file: string;
  readonly name: string;
  readonly value: Value;
  /** `undefined` where the document has no such value. */
  readonly right: Scalar | undefined;
};

/** Every value of a row beside what is right. A line of the list is compared with the one that its cells belong to. */
export function compareRow(plan: FieldPlan, row: Row, truth: Truth): readonly Found[] {
  const file = row.file.replace(/^.*\//, '');
  const fields = plan.fields.flatMap((field: Field) => {
    const value = row.values[field.path];
    return value ? [{ file, name: field.path, value, right: truth.output[field.path] }] : [];
  });
  const lists = plan.lists.flatMap((list: List) =>
    (row.lists[list.path] ?? []).flatMap((line, index) =>
      list.columns.flatMap((column) => {
        const value = line[column.path];
        const name = column.path.slice(list.path.length + 1);
        const right = truth.output.items[index]?.[name];
        return value ? [{ file, name: `${list.path}[${index}].${name}`, value, right }] : [];
      }),
    ),
  );
  return [...fields, ...lists];
}
