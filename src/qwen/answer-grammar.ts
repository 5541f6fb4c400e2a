import type { JsonObject } from '../messages.ts';
import { createRules } from './gbnf.ts';
import { jsonRule } from './json-grammar.ts';

/** The grammar of a structured answer: JSON of the schema, white space before it, and then the message's end. Never
 * throws: what GBNF cannot say is dropped, so validate the answer. */
export function answerGrammar(schema: JsonObject): string {
  const rules = createRules();
  const context = { rules, bounds: {}, root: schema, note: () => {}, met: new Map() };
  return rules.toText(`[ \\n]{0,4} ${jsonRule(schema, context)}`);
}
