/** Grammars held against texts by llama.cpp itself. */
import { getLlama, type LlamaGrammar, LlamaLogLevel } from 'node-llama-cpp';
import type { JsonObject, JsonValue } from '../../src/messages.ts';
import { toTemplateJson } from '../../src/qwen/template-json.ts';
import type { ToolSpec } from '../../src/tool/define-tool.ts';

export const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.error });

/** Throws where llama.cpp refuses the grammar. */
export const compile = (gbnf: string): Promise<LlamaGrammar> => llama.createGrammar({ grammar: gbnf });

/** Whether the grammar admits the whole text. */
export function admits(grammar: LlamaGrammar, text: string): boolean {
  // node-llama-cpp declares it internal: without it every text would have to be made of tokens first.
  const { _testText } = grammar as unknown as { _testText(text: string): boolean };
  return _testText.call(grammar, text);
}

/** A tool `t` with these parameters. */
export const toolOf = (properties: JsonObject, rest: JsonObject = {}): ToolSpec => ({
  name: 't',
  description: '',
  parameters: { type: 'object', properties, required: Object.keys(properties), ...rest },
});

/** A call in the official form, without `</tool_call>`. */
export function callText(name: string, input: JsonObject): string {
  const parameters = Object.entries(input).map(([key, value]) => parameterText(key, toText(value)));
  return `\n<function=${name}>\n${parameters.join('')}</function>\n`;
}

/** One parameter in the official form, its value already written. */
export const parameterText = (key: string, text: string): string =>
  `<parameter=${key}>\n${text}\n</parameter>\n`;

const toText = (value: JsonValue) => (typeof value === 'string' ? value : toTemplateJson(value));
