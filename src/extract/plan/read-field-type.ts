import type { JsonValue } from '../../messages.ts';
import type { Branch } from '../../qwen/schema-branches.ts';
import type { FieldType } from '../extraction.ts';

export type FoundType =
  | { readonly ok: true; readonly type: FieldType; readonly choices: readonly string[] }
  /** Goes on after the path. */
  | { readonly ok: false; readonly problem: string };

const CODE_OF_CURRENCY = /^[A-Z]{3}$/;

/** The type of a field from what its schema allows beside `null`, and from its name. */
export function readFieldType(name: string, branches: readonly Branch[]): FoundType {
  const literals = branches.flatMap((branch) => (branch.kind === 'literal' ? [branch.value] : []));
  const others = branches.filter((branch) => branch.kind !== 'literal');
  if (branches.length === 0) return refused('allows nothing but null. Give it a type, such as "string"');
  if (others.some(({ kind }) => kind === 'any')) {
    return refused('has no type. Give it one, such as "string" or "number"');
  }
  if (others.some(({ kind }) => kind === 'object' || kind === 'array')) {
    return refused(
      'may be of several shapes. Give it one: a value, an object, or a list; what is not always there can be optional',
    );
  }
  if (others.length === 0) return ofLiterals(name, literals);
  const kinds = new Set([...others.map(({ kind }) => kind), ...literals.map(kindOf)]);
  if (kinds.has('string')) return ofString(name, others);
  if (kinds.has('boolean')) {
    return kinds.size === 1 ? found('boolean') : refused('is a boolean or a number. Decide for one of them');
  }
  return found(kinds.has('number') ? 'amount' : 'integer');
}

function ofLiterals(name: string, literals: readonly JsonValue[]): FoundType {
  const kinds = new Set(literals.map(kindOf));
  if (kinds.size === 1 && kinds.has('boolean')) return found('boolean');
  if (kinds.size === 1 && kinds.has('integer')) return found('integer');
  if (!kinds.has('string')) {
    const areNumbers = [...kinds].every((kind) => kind === 'integer' || kind === 'number');
    return areNumbers ? found('amount') : refused('has choices of several types. Make them all texts');
  }
  if (kinds.size > 1) return refused('has choices of several types. Make them all texts');
  const texts = literals.map(String);
  // As a choice, "EUR" would have to stand in a document that says "€".
  if (isCurrency(name) && texts.every((text) => CODE_OF_CURRENCY.test(text))) return found('currency');
  return { ok: true, type: 'choice', choices: [...new Set(texts)] };
}

function ofString(name: string, branches: readonly Branch[]): FoundType {
  const formats = branches.flatMap((branch) =>
    branch.kind === 'string' && typeof branch.schema.format === 'string' ? [branch.schema.format] : [],
  );
  if (formats.includes('date-time')) {
    return refused('is a date with a time, which is not normalised. Give it the format "date", or none');
  }
  if (branches.length === 1 && formats.includes('date')) return found('date');
  return found(formats.includes('currency') || isCurrency(name) ? 'currency' : 'text');
}

const isCurrency = (name: string): boolean => name.toLowerCase() === 'currency';

const kindOf = (value: JsonValue): string =>
  Number.isInteger(value) ? 'integer' : Array.isArray(value) ? 'array' : typeof value;

const found = (type: FieldType): FoundType => ({ ok: true, type, choices: [] });
const refused = (problem: string): FoundType => ({ ok: false, problem });
