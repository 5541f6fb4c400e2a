/** The tool lists of the Berkeley Function Calling Leaderboard, as people wrote them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/messages.ts';
import type { ToolSpec } from '../../src/tool/define-tool.ts';

export type BfclCase = { readonly id: string; readonly tools: readonly ToolSpec[] };

export const CORPORA = process.env.SOTTO_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora');

/** Every case of every file; undefined where the corpora are not on this machine. */
export function loadBfclCases(): BfclCase[] | undefined {
  const folder = join(CORPORA, 'bfcl');
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const questions = names.filter((name) => name.endsWith('.json') && !name.includes('possible_answer'));
  return questions.sort().flatMap((name) => readCases(join(folder, name)));
}

type BfclLine = { readonly id: string; readonly function: readonly ToolSpec[] | ToolSpec };

function readCases(path: string): BfclCase[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { id, function: functions }: BfclLine = JSON.parse(line);
      const tools = [functions].flat().map((tool) => ({ ...tool, parameters: toSchema(tool.parameters) }));
      return { id, tools };
    });
}

const TYPE_NAMES = new Map([
  ['dict', 'object'],
  ['float', 'number'],
  ['tuple', 'array'],
]);

/** BFCL names types its own way. */
function toSchema(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, JsonValue][] => {
    if (key === 'type' && typeof value === 'string') {
      return value === 'any' ? [] : [[key, TYPE_NAMES.get(value) ?? value]];
    }
    if (key === 'properties' && isObject(value)) {
      return [
        [key, Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toSubschema(item)]))],
      ];
    }
    return [[key, key === 'items' || key === 'additionalProperties' ? toSubschema(value) : value]];
  });
  return Object.fromEntries(entries);
}

const toSubschema = (value: JsonValue): JsonValue => (isObject(value) ? toSchema(value) : value);
const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
