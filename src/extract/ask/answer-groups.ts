import type { JsonObject } from '../../messages.ts';
import type { Field, FieldPlan, List } from '../extraction.ts';

/** What is asked for in one answer: plain fields, or one list. */
export type AnswerGroup = {
  readonly fields: readonly Field[];
  readonly list?: List;
  /** JSON Schema of the answer: flat, by path; all values as text, but for booleans. */
  readonly schema: JsonObject;
};

/** More in one answer, and small models lose their place in it. */
const MOST_FIELDS = 16;
/** Characters; so that a model that repeats itself comes to an end. */
const LONGEST_TEXT = 300;
/** Of an amount, a date, a currency: the longest ones are dates in words. */
const LONGEST_FIGURE = 60;

/** The answers that a schema is asked for in: its fields, so many at a time, and each list by itself. */
export function answerGroups({ fields, lists }: Pick<FieldPlan, 'fields' | 'lists'>): readonly AnswerGroup[] {
  const count = Math.ceil(fields.length / MOST_FIELDS);
  const size = Math.ceil(fields.length / Math.max(1, count));
  const ofFields = Array.from({ length: count }, (_, at) => fields.slice(at * size, (at + 1) * size));
  return [
    ...ofFields.map((some) => ({ fields: some, schema: schemaOfFields(some) })),
    ...lists.map((list) => ({ fields: [], list, schema: schemaOfList(list) })),
  ];
}

/** What a column is called in an answer: short, without the list that it stands in. */
export const columnName = ({ path, isOfValues }: List, column: Field): string =>
  isOfValues ? 'value' : column.path.slice(path.length + 1);

const schemaOfFields = (fields: readonly Field[]): JsonObject =>
  objectOf(fields.map((field) => [field.path, orNull(objectOf([QUOTE, ['value', textOrLiteral(field)]]))]));

function schemaOfList(list: List): JsonObject {
  const columns = list.columns.map(
    (column): Member => [columnName(list, column), orNull(textOrLiteral(column))],
  );
  return objectOf([[list.path, { type: 'array', items: objectOf([QUOTE, ...columns]) }]]);
}

function textOrLiteral({ type, choices }: Field): JsonObject {
  if (type === 'choice') return { enum: choices };
  if (type === 'boolean') return { type: 'boolean' };
  return type === 'text' ? TEXT : { type: 'string', maxLength: LONGEST_FIGURE };
}

type Member = readonly [name: string, schema: JsonObject];

const TEXT: JsonObject = { type: 'string', maxLength: LONGEST_TEXT };
const QUOTE: Member = ['quote', TEXT];

const objectOf = (members: readonly Member[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(members),
  required: members.map(([name]) => name),
  additionalProperties: false,
});

const orNull = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });
