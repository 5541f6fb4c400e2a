import type { JsonObject, JsonValue } from '../../messages.ts';
import { isObject } from '../../qwen/schema-branches.ts';

/** No name of a schema has it. */
const MARK = '\u0000';

/**
 * As `JSON.parse`, which keeps the last of two members of one name, and loses the other unseen: here such a member is an
 * array of all that was written for it. Throws as `JSON.parse` does.
 */
export function parseTwins(source: string): JsonValue {
  const json: JsonValue = JSON.parse(source);
  const { text, hasTwins } = nameApart(source);
  if (!hasTwins) return json;
  return JSON.parse(text, (_, value: JsonValue) => (isObject(value) ? bringTogether(value) : value));
}

/** Gives the second of two members of one name, and each further one, a name of its own. */
function nameApart(source: string): { readonly text: string; readonly hasTwins: boolean } {
  const open: Map<string, number>[] = [];
  let hasTwins = false;
  const text = source.replace(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g, (token, colon?: string) => {
    if (token === '{') open.push(new Map());
    else if (token === '}') open.pop();
    const names = open.at(-1);
    if (colon === undefined || !names) return token;
    const name: string = JSON.parse(token.slice(0, -colon.length));
    const before = names.get(name) ?? 0;
    names.set(name, before + 1);
    if (before === 0) return token;
    hasTwins = true;
    return `${JSON.stringify(`${name}${MARK}${before}`)}:`;
  });
  return { text, hasTwins };
}

function bringTogether(members: JsonObject): JsonObject {
  const together = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(members)) {
    const [own = name, twin] = name.split(MARK);
    const known = together.get(own);
    together.set(
      own,
      twin === undefined || known === undefined ? value : [listOf(known), listOf(value)].flat(),
    );
  }
  return Object.fromEntries(together);
}

const listOf = (value: JsonValue): readonly JsonValue[] => (Array.isArray(value) ? value : [value]);
