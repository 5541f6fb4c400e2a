import { firstLine } from '../errors.ts';
import type { JsonValue } from '../messages.ts';
import { isObject } from './schema-branches.ts';

export type ParsedAnswer =
  | { readonly ok: true; readonly json: JsonValue }
  | {
      readonly ok: false;
      readonly problem: string;
      /** Whether it is JSON at all: then its writer has to be told what is wrong with it. */
      readonly isJson: boolean;
    };

/** The JSON of a message that is to be nothing else, but for a fence that models like to put around it. */
export function parseJsonAnswer(text: string): ParsedAnswer {
  try {
    const source = unfence(text);
    const json: JsonValue = JSON.parse(source);
    if (countNames(json) === countWrittenNames(source)) return { ok: true, json };
    return { ok: false, problem: 'an object names a member twice', isJson: true };
  } catch (error) {
    return { ok: false, problem: `it is not JSON (${firstLine(error)})`, isJson: false };
  }
}

const unfence = (text: string): string => /^```(?:json)?\s*\n([\s\S]*)\n```$/i.exec(text.trim())?.[1] ?? text;

/** `JSON.parse` keeps the last of two members of one name, and the other would be lost unseen. */
function countNames(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + countNames(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, member) => sum + 1 + countNames(member), 0);
}

const countWrittenNames = (source: string): number =>
  source.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g).reduce((sum, [, colon]) => sum + (colon ? 1 : 0), 0);
