import type { JsonObject, JsonValue } from '../messages.ts';
import { decimalGrammar } from './decimal-grammar.ts';
import { anyCharacterBut, type Rules } from './gbnf.ts';
import { integerGrammar } from './integer-grammar.ts';
import type { SchemaContext } from './schema-branches.ts';

/** Upper limits on free strings (characters) and arrays (items), so that random sampling ends. Default: none. */
export type Bounds = { readonly maxStringChars?: number; readonly maxItems?: number };

export type GrammarContext = SchemaContext & {
  readonly rules: Rules;
  readonly bounds: Bounds;
  /** The rules of schemas that were met, for recursion. One for each `root`. */
  readonly met: Map<JsonValue, MetSchema>;
};
export type MetSchema = { readonly name: string; recursive: boolean };
export type Limits = { readonly min: number; readonly max: number | undefined };

/** llama.cpp writes a rule for each repetition, and refuses more than 2,000. */
const MAX_REPETITIONS = 500;

export function stringBody(schema: JsonObject, context: GrammarContext): string {
  const { rules, bounds } = context;
  if (schema.format === 'date') return `"\\"" [0-9]{4} "-" ${rules.add(MONTH_AND_DAY)} "\\""`;
  const hex = rules.add('[0-9a-fA-F]');
  const unicode = `[0-9a-cefA-CEF] ${hex} ${hex} ${hex} | [dD] [0-7] ${hex} ${hex}`;
  const pair = `[dD] [89abAB] ${hex} ${hex} "\\\\u" [dD] [c-fC-F] ${hex} ${hex}`;
  const escaped = rules.add(`["\\\\/bfnrt] | "u" (${unicode} | ${pair})`);
  const character = rules.add(`${anyCharacterBut(`${CONTROL_CHARACTERS}"\\`)} | "\\\\" ${escaped}`);
  const { minLength: min, maxLength: max } = schema;
  const limits = readLimits({ min, max, bound: bounds.maxStringChars }, context.note);
  return `"\\"" ${character}${repeat(limits)} "\\""`;
}

/** Without leap years: 29 February is always one. */
const MONTH_AND_DAY = [
  '("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])',
  '("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30")',
  '"02-" ("0" [1-9] | [12] [0-9])',
].join(' | ');

const CONTROL_CHARACTERS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');

export function integerBody(schema: JsonObject, { note }: GrammarContext): string {
  const range = integerGrammar(schema);
  if (range === undefined) note();
  return range ?? integerGrammar({}) ?? '';
}

export function numberBody(schema: JsonObject, { rules, note }: GrammarContext): string {
  const limited = decimalGrammar(schema);
  if (limited !== undefined) return limited;
  const isPositive = schema.minimum === 0;
  if (schema.minimum !== undefined && !isPositive) note();
  if ([schema.maximum, schema.exclusiveMinimum, schema.exclusiveMaximum].some((limit) => limit !== undefined))
    note();
  const unsigned = rules.add('("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?');
  return isPositive ? unsigned : `"-"? ${unsigned}`;
}

type StatedLimits = {
  readonly min: unknown;
  readonly max: unknown;
  readonly bound: number | undefined;
  /** A limit beyond this is dropped. Default: what can be written as a repetition. */
  readonly largest?: number;
};

/** A schema's own limits with the bound on top of them; `note` hears of one that is too large for rules. */
export function readLimits(stated: StatedLimits, note: () => void): Limits {
  const { bound, largest = MAX_REPETITIONS } = stated;
  const low = toCount(stated.min) ?? 0;
  const high = toCount(stated.max);
  const isKept = high !== undefined && high <= largest && low <= high;
  if (low > largest || (high !== undefined && !isKept)) note();
  const min = Math.min(low, largest);
  const max = isKept ? high : undefined;
  if (bound === undefined) return { min, max };
  return { min, max: Math.max(min, Math.min(max ?? bound, bound, largest)) };
}

const toCount = (limit: unknown) => (typeof limit === 'number' && limit >= 0 ? Math.ceil(limit) : undefined);

export const repeat = ({ min, max }: Limits) => `{${min},${max ?? ''}}`;
