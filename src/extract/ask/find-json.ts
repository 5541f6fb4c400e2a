import type { JsonValue } from '../../messages.ts';
import { parseTwins } from './parse-twins.ts';

/** A model that writes of JSON again and again is not read to its end. */
const MOST_STARTS = 200;

const STARTS = /[{[]|<\/?think>/i;

/** The longest JSON object or array in a text, which may stand in prose or in a fence; undefined where there is none. What
 * stands in a thought is no answer: between `<think>` and `</think>`, or before the latter. A member that is written twice
 * is an array of both. */
export function findJson(text: string): JsonValue | undefined {
  const whole = parse(text.trim());
  if (whole !== undefined) return whole;
  let best: { readonly json: JsonValue; readonly length: number } | undefined;
  let from = 0;
  for (let tries = 0; tries < MOST_STARTS; tries++) {
    const found = STARTS.exec(text.slice(from));
    if (!found) break;
    const start = from + found.index;
    from = start + found[0].length;
    if (/^<think>/i.test(found[0])) {
      const end = text.slice(from).search(/<\/think>/i);
      if (end === -1) break;
      from += end + '</think>'.length;
    } else if (found[0].startsWith('<')) best = undefined;
    else {
      const end = endOf(text, start);
      const source = end === undefined ? undefined : text.slice(start, end);
      const json = source === undefined ? undefined : parse(source);
      if (json === undefined || source === undefined) continue;
      if (source.length > (best?.length ?? 0)) best = { json, length: source.length };
      from = start + source.length;
    }
  }
  return best?.json;
}

function parse(source: string): JsonValue | undefined {
  if (!/^[{[]/.test(source)) return undefined;
  try {
    return parseTwins(source);
  } catch {
    return undefined;
  }
}

/** Behind the bracket that closes the one at `start`; brackets within strings do not count. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}
