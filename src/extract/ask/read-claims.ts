import type { JsonValue } from '../../messages.ts';
import { isObject } from '../../qwen/schema-branches.ts';
import type { Claim, List } from '../extraction.ts';
import { type AnswerGroup, columnName } from './answer-groups.ts';
import { findJson } from './find-json.ts';

/** A line of a list as a model gave it: its columns by their paths, those without a value left out. */
export type ClaimedRow = { readonly quote: string; readonly values: Readonly<Record<string, string>> };

export type Claims = {
  /** By path. More than one where the model gave several values for one field. */
  readonly fields: ReadonlyMap<string, readonly Claim[]>;
  readonly rows: readonly ClaimedRow[];
};

/** Between the values of a cell that was given several. */
const SEVERAL = ' / ';

/** What a model writes for a value that is not there. */
const NOTHING =
  /^(?:|-+|[–—.]+|n\/?a|none|null|nil|unknown|undefined|not (?:stated|found|given|available|specified|mentioned|applicable)|missing)$/i;

/**
 * What a model's answer says. Engines hold the answer to the group's schema, but for those that cannot: so prose around
 * the JSON, nested members, bare values, numbers and lists of one are understood too, and unknown names are passed over.
 *
 * Undefined where the text holds no JSON of objects at all.
 */
export function readClaims(text: string, { fields, list }: AnswerGroup): Claims | undefined {
  const json = findJson(text);
  if (json === undefined) return undefined;
  const paths = list ? [list.path] : fields.map(({ path }) => path);
  const answer = unwrap(json, paths);
  const claims = fields.map((field) => {
    const found = claimsOf(memberAt(answer, field.path), field.type === 'choice');
    return [field.path, found] as const;
  });
  return {
    fields: new Map(claims.filter(([, found]) => found.length > 0)),
    rows: list ? rowsOf(list, answer) : [],
  };
}

/** The object that the paths stand in: the answer itself, or the only object in it, such as `{"fields": {…}}`. */
function unwrap(json: JsonValue, paths: readonly string[]): JsonValue {
  if (!isObject(json)) {
    const [only] = Array.isArray(json) ? json : [];
    const isWrapped = Array.isArray(json) && json.length === 1 && isObject(only) && holdsAny(only, paths);
    return isWrapped ? (only ?? json) : json;
  }
  if (holdsAny(json, paths)) return json;
  const found = Object.values(json).find((each) => holdsAny(each, paths));
  return found ?? json;
}

const holdsAny = (json: JsonValue, paths: readonly string[]): boolean =>
  paths.some((path) => memberAt(json, path) !== undefined);

/** By its whole path, or object by object; of an object that was written twice, what both have. */
function memberAt(json: JsonValue | undefined, path: string): JsonValue | undefined {
  if (Array.isArray(json)) {
    const found = json.flatMap((each) => memberAt(each, path) ?? []);
    return found.length === 0 ? undefined : found;
  }
  if (!isObject(json)) return undefined;
  if (Object.hasOwn(json, path)) return json[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    const found = Object.hasOwn(json, name) ? memberAt(json[name], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function claimsOf(json: JsonValue | undefined, isChoice: boolean): readonly Claim[] {
  if (Array.isArray(json)) return json.flatMap((item) => claimsOf(item, isChoice));
  if (!isObject(json)) return toClaims('', textOf(json), isChoice);
  const quote = textOf(json.quote);
  const values = Array.isArray(json.value) ? json.value : [json.value];
  return values.flatMap((value) => toClaims(quote, textOf(value), isChoice));
}

function toClaims(quote: string, value: string, isChoice: boolean): readonly Claim[] {
  return isNothing(value, quote, isChoice) ? [] : [{ quote, value }];
}

/** "None" is a value where it is one of the choices, or where the quote says so: "Allergies: none". */
function isNothing(value: string, quote: string, isChoice: boolean): boolean {
  const text = value.trim();
  if (!NOTHING.test(text)) return false;
  if (text === '') return true;
  const isSaid = /\p{L}/u.test(text) && !NOTHING.test(quote.trim());
  return !(isChoice || (isSaid && quote.toLowerCase().includes(text.toLowerCase())));
}

const textOf = (json: JsonValue | undefined): string =>
  typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? String(json) : '';

function rowsOf(list: List, answer: JsonValue): readonly ClaimedRow[] {
  const stated = memberAt(answer, list.path) ?? (Array.isArray(answer) ? answer : undefined);
  const items = Array.isArray(stated) ? stated : stated === undefined || stated === null ? [] : [stated];
  return items.flatMap((item) => rowOf(list, item) ?? []);
}

/** Undefined where no column has a value. */
function rowOf(list: List, item: JsonValue): ClaimedRow | undefined {
  const quote = isObject(item) ? textOf(item.quote) : '';
  const cells = list.columns.flatMap((column): [string, string][] => {
    const bare = list.isOfValues && !isObject(item) ? item : memberAt(item, columnName(list, column));
    const claims = claimsOf(bare, column.type === 'choice');
    const ofRow = claims.filter(
      (claim) => !isNothing(claim.value, claim.quote || quote, column.type === 'choice'),
    );
    // A cell has one value: of several, what the model said goes on, and cannot be found as one.
    const values = [...new Set(ofRow.map(({ value }) => value))];
    return values.length === 0 ? [] : [[column.path, values.join(SEVERAL)]];
  });
  return cells.length === 0 ? undefined : { quote, values: Object.fromEntries(cells) };
}
