/**
 * The grammar of a tool call: what may follow the token `<tool_call>`, up to and with `</tool_call>`.
 *
 *     \n<function=NAME>\n<parameter=KEY>\nVALUE\n</parameter>\n…</function>\n</tool_call>
 *
 * Parameters stand in the schema's declared order, the required ones are there. Strings are raw (raw-text-grammar.ts),
 * everything else is JSON of its schema (json-grammar.ts). parse-tool-call.ts reads back whatever this admits.
 */
import type { JsonObject, JsonValue } from '../messages.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { type Choice, chooseLiteral, createRules, literal } from './gbnf.ts';
import { jsonBody, MAX_LITERALS } from './json-grammar.ts';
import { type Bounds, type GrammarContext, readLimits } from './json-scalars.ts';
import { parametersShape } from './object-shape.ts';
import { rawTextRule } from './raw-text-grammar.ts';
import { type Branch, isOfKind, schemaBranches } from './schema-branches.ts';
import { isConstrained } from './schema-keywords.ts';

export type ToolGrammar = {
  readonly gbnf: string;
  /** `tool.parameter` (or `tool`) where the grammar admits more than the schema: validate such calls. */
  readonly widened: readonly string[];
};

/** The rules of a longer raw text with a limit would be too many: its limit is dropped. In characters. */
const MAX_COUNTED_CHARS = 128;
const END_OF_CALL = '</function>\n</tool_call>';

/** Never throws: what GBNF cannot say (pattern, format, not, uniqueItems…) is dropped from the grammar and named. */
export function toolGrammar(tools: readonly ToolSpec[], bounds: Bounds = {}): ToolGrammar {
  const widened = new Set<string>();
  const shared = { rules: createRules(), bounds, rawTexts: new Map<string, string>() };
  const calls = tools.map((tool): Choice => [`${tool.name}>\n`, callRule(tool, shared, widened)]);
  const root = calls.length > 0 ? `"\\n<function=" (${chooseLiteral(calls)})` : literal(`\n${END_OF_CALL}`);
  return { gbnf: shared.rules.toText(root), widened: [...widened] };
}

type Shared = Pick<GrammarContext, 'rules' | 'bounds'> & { readonly rawTexts: Map<string, string> };
type ParameterContext = GrammarContext & Shared;

/** Right-linear: for each parameter, what may follow once those before it are done. */
function callRule({ name, parameters }: ToolSpec, shared: Shared, widened: Set<string>): string {
  const { rules } = shared;
  const contextOf = (place: string): ParameterContext => ({
    ...shared,
    root: parameters,
    note: () => void widened.add(place),
    met: new Map(),
  });
  const { properties, required, additional } = parametersShape(parameters, contextOf(name));
  const end = literal(END_OF_CALL);
  if (properties.size === 0 && additional) return `${anyParameters(additional, contextOf(name))} ${end}`;
  let after = rules.add(end);
  let keys = '';
  let mayEnd = true;
  for (const [key, schema] of [...properties].reverse()) {
    const value = parameterValue(schema, contextOf(`${name}.${key}`));
    const parameter = `${literal(`${key}>\n`)} ${value} "\\n" ${after}`;
    const isOptional = !required.has(key);
    mayEnd &&= isOptional;
    keys = rules.add(isOptional && keys ? `${parameter} | ${keys}` : parameter);
    after = rules.add(`"<parameter=" ${keys}${mayEnd ? ` | ${end}` : ''}`);
  }
  return after;
}

/** For a tool that says that it takes parameters, and not which. */
function anyParameters(schema: JsonValue, context: ParameterContext): string {
  const { rules, bounds } = context;
  context.note();
  const key = `[a-zA-Z0-9_.-]{1,${bounds.maxStringChars ?? 64}}`;
  const parameter = rules.add(`"<parameter=" ${key} ">\\n" ${parameterValue(schema, context)} "\\n"`);
  return `${parameter}{0,${bounds.maxItems ?? 64}}`;
}

/** A value up to and with the end tag. */
function parameterValue(schema: JsonValue, context: ParameterContext): string {
  const branches = schemaBranches(schema, context);
  const strings = branches.flatMap((branch) => (branch.kind === 'string' ? [branch.schema] : []));
  const literals = branches.flatMap((branch) =>
    branch.kind === 'literal' && typeof branch.value === 'string' ? [branch.value] : [],
  );
  const isFree = branches.some(({ kind }) => kind === 'any') || !strings.every(isLimited);
  if (isFree || branches.length === 0 || literals.length > MAX_LITERALS) {
    if (!isFree || branches.some(isHeldToMore)) context.note();
    return rawText({}, context);
  }
  const others = branches.filter((branch) => !isText(branch));
  const values = [
    ...(literals.length > 0 ? [chooseLiteral(literals.map((text): Choice => [text, '']))] : []),
    ...(others.length > 0 ? [jsonBody(others, context)] : []),
    ...(others.length === branches.length ? pythonWords(others) : []),
  ];
  const ended = values.length > 0 ? [`(${values.join(' | ')}) ${literal('\n</parameter>')}`] : [];
  return context.rules.add([...strings.map((text) => rawText(text, context)), ...ended].join(' | '));
}

const isLimited = (schema: JsonObject) => Boolean(schema.minLength) || schema.maxLength !== undefined;

const isText = (branch: Branch) =>
  branch.kind === 'string' || (branch.kind === 'literal' && typeof branch.value === 'string');

/** A raw text that reads as JSON of an allowed type is taken for it, and was not held to that type's constraints. */
const isHeldToMore = (branch: Branch) =>
  'schema' in branch && branch.kind !== 'string' && isConstrained(branch.schema);

/** The rule of a raw text; texts with the same limits share it. */
function rawText(schema: JsonObject, { rules, bounds, rawTexts, note }: ParameterContext): string {
  const limits = readLimits(
    {
      min: schema.minLength,
      max: schema.maxLength,
      bound: bounds.maxStringChars,
      largest: MAX_COUNTED_CHARS,
    },
    note,
  );
  const key = `${limits.min} ${limits.max}`;
  const rule = rawTexts.get(key) ?? rawTextRule(rules, limits);
  rawTexts.set(key, rule);
  return rule;
}

/** The template, rendered by Python, writes booleans and null its way, and models have seen it so. */
function pythonWords(branches: readonly Branch[]): string[] {
  const words = [
    ['True', true],
    ['False', false],
    ['None', null],
  ] as const;
  return words.flatMap(([word, value]) =>
    branches.some((branch) => isOfKind(value, branch)) ? [literal(word)] : [],
  );
}
