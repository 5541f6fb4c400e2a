/** The JSON Schema Test Suite: what a grammar admits is valid, wherever it says that it widened nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/messages.ts';
import { parseToolCall } from '../../src/qwen/parse-tool-call.ts';
import { isObject } from '../../src/qwen/schema-branches.ts';
import { toolGrammar } from '../../src/qwen/tool-grammar.ts';
import { CORPORA } from '../helpers/bfcl.ts';
import { admits, callText, compile, toolOf } from '../helpers/grammar.ts';

type Group = {
  readonly description: string;
  readonly schema: JsonValue;
  readonly tests: readonly {
    readonly description: string;
    readonly data: JsonValue;
    readonly valid: boolean;
  }[];
};

const folder = join(CORPORA, 'json/schema-2020-12');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (files.length === 0) console.log(`Skipped: there is no ${folder}.`);

test.skipIf(files.length === 0)('admits no invalid value', async () => {
  const count = { groups: 0, widened: 0, valid: 0, admitted: 0, invalid: 0 };
  const wrong: string[] = [];
  for (const file of files) {
    const groups: Group[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { description, schema, tests } of groups) {
      const tool = toolOf({ v: withRefsAt('#/properties/v', schema) });
      const { gbnf, widened } = toolGrammar([tool]);
      const grammar = await compile(gbnf);
      count.groups++;
      if (widened.length > 0) count.widened++;
      for (const { description: name, data, valid } of tests) {
        const text = callText('t', { v: data });
        const { input, problem } = parseToolCall(text, [tool]);
        const isAdmitted = admits(grammar, `${text}</tool_call>`) && isDeepStrictEqual(input, { v: data });
        if (isAdmitted) expect(problem).toBeUndefined();
        count[valid ? 'valid' : 'invalid']++;
        if (valid && isAdmitted) count.admitted++;
        if (isAdmitted && !valid && widened.length === 0) wrong.push(`${file}: ${description}: ${name}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  console.log('JSON Schema Test Suite:', count);
});

/** The schema is a parameter's: its references into itself go there. */
function withRefsAt(place: string, schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map((item) => withRefsAt(place, item));
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, JsonValue] => [
    key,
    key === '$ref' && typeof value === 'string' ? value.replace(/^#/, place) : withRefsAt(place, value),
  ]);
  return Object.fromEntries(entries);
}
