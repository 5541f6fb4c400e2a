/**
 * From the text of a tool call to its name and input.
 *
 * Where a value ends (it may itself hold look-alikes of tags, in the middle of a line):
 * 1. In the official form, whose tags stand at the start of a line, at the first of
 *    - a line that begins with `</parameter>`, followed by `<parameter=`, `</function>` or nothing;
 *    - a line that begins with `<parameter=KEY>`, KEY being a parameter of the tool that was not given yet;
 *    - a line that begins with `</function>`, with nothing after it.
 *    The last two are a forgotten end tag, or text after one, which is a problem. tool-grammar.ts admits no text that
 *    these rules read otherwise: in it no line of a value begins with `</parameter>` or `<parameter=`, and each value
 *    has its end tag.
 * 2. After an opening tag that is indented, or has the value on its own line, at the first such tag anywhere.
 */
import type { JsonObject, JsonValue } from '../messages.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { type ObjectShape, parametersShape } from './object-shape.ts';
import { readValue } from './read-value.ts';
import { isObject, type SchemaContext } from './schema-branches.ts';

/** `problem`: why the call could not be read, a sentence for the model. Such a call is never run; its name and input
 * are what could be read. */
export type ReadCall = { readonly name: string; readonly input: JsonObject; readonly problem?: string };

/**
 * Reads what stands between `<tool_call>` and `</tool_call>`, or between `<tool_call>` and where generation ended.
 *
 * An unknown tool, or a missing, unknown or wrong parameter is no problem here: the call's check will say so.
 * JSON (`{"name": …, "arguments": {…}}`, the form of Qwen 2.5 and 3) is read too.
 */
export function parseToolCall(body: string, tools: readonly ToolSpec[]): ReadCall {
  const text = body.trim();
  if (text.startsWith('{')) return readJsonCall(text);
  const start = text.indexOf('<function=');
  if (start < 0) return { name: '', input: {}, problem: NO_FUNCTION };
  const nameTag = readTag(
    text,
    start + '<function='.length,
    tools.map((tool) => tool.name),
  );
  const tool = tools.find((candidate) => candidate.name === nameTag.name);
  const schema = tool?.parameters ?? {};
  const context = { root: schema, note: () => {} };
  const { given, problem } = readParameters({
    text,
    at: nameTag.end,
    shape: parametersShape(schema, context),
    context,
  });
  const call = { name: nameTag.name, input: Object.fromEntries(given) };
  return problem === undefined ? call : { ...call, problem };
}

const NO_FUNCTION =
  'The call names no function: write <function=NAME> and its parameters inside <tool_call>, as the instructions show.';
const CUT_OFF =
  'The call was cut off before its </function>: send it again as a whole, with shorter values if they are long.';
const NOT_A_CALL =
  'The call is not in the expected form and not complete JSON: write <function=NAME>, a <parameter=KEY> for each parameter, and </function>.';
const TEXT_AFTER_END =
  'There is another call after </function>: write each call in a <tool_call> of its own.';

type Reading = {
  readonly text: string;
  readonly at: number;
  readonly shape: ObjectShape;
  readonly context: SchemaContext;
};
type Parameters = { readonly given: ReadonlyMap<string, JsonValue>; readonly problem?: string };

function readParameters({ text, at, shape, context }: Reading): Parameters {
  const given = new Map<string, JsonValue>();
  const keys = [...shape.properties.keys()];
  let position = skip(/\s*/y, text, at);
  while (text.startsWith('<parameter=', position)) {
    const tag = readTag(text, position + '<parameter='.length, keys);
    const end = findEnd(text, tag.end, {
      isOfficial: text[position - 1] === '\n' && text[tag.end] === '\n',
      canFollow: (key) => key !== tag.name && !given.has(key) && (keys.includes(key) || keys.length === 0),
    });
    if (!end) return { given, problem: CUT_OFF };
    if (given.has(tag.name))
      return { given, problem: `The parameter "${tag.name}" is given twice: send it once.` };
    const schema = shape.properties.get(tag.name) ?? shape.additional;
    given.set(tag.name, readValue(text.slice(tag.end, end.from).replace(/^\n/, ''), schema, context));
    position = skip(/(?:\s|<\/parameter>)*/y, text, end.to);
  }
  return finish(text, position, given);
}

/** What follows the last parameter. Some models write all of them as one JSON object: that is taken too. */
function finish(text: string, position: number, given: ReadonlyMap<string, JsonValue>): Parameters {
  const rest = text.slice(position);
  if ('</function>'.startsWith(rest) ? rest !== '</function>' : '<parameter='.startsWith(rest)) {
    return { given, problem: CUT_OFF };
  }
  const end = rest.lastIndexOf('</function>');
  const members = given.size === 0 && end > 0 ? parseObject(rest.slice(0, end)) : undefined;
  if (members) return { given: new Map(Object.entries(members)) };
  if (!rest.startsWith('</function>')) return { given, problem: strayText(rest) };
  return /<(?:function|parameter)=/.test(rest) ? { given, problem: TEXT_AFTER_END } : { given };
}

const strayText = (text: string) =>
  `There is text outside of a parameter (${JSON.stringify(text.slice(0, 40))}): write each value as <parameter=KEY>, the value and </parameter>.`;

/** The name in a tag that was opened before `at`; `end` is behind its `>`, or where that is missing. */
function readTag(text: string, at: number, known: readonly string[]): { name: string; end: number } {
  const exact = known.find((name) => text.startsWith(`${name}>\n`, at));
  if (exact !== undefined) return { name: exact, end: at + exact.length + 1 };
  const end = skip(/[^>\n]*>?/y, text, at);
  return { name: text.slice(at, end).replace(/>$/, '').trim(), end };
}

const END_TAG = '\n</parameter>';

type EndRules = { readonly isOfficial: boolean; canFollow(key: string): boolean };

/** Where the value ends and where the text goes on, by the rules at the head of this file. */
function findEnd(text: string, at: number, { isOfficial, canFollow }: EndRules) {
  const pattern = isOfficial
    ? /\n<\/parameter>(?=\s*(?:<\/parameter>\s*){0,3}(?:<parameter=|<\/function>|$))|\n(?=<parameter=([^>\n]*)>)|\n(?=<\/function>\s*$)/g
    : /\n?[ \t]{0,40}<\/parameter>(?=\s*(?:<parameter=|<\/function>|$))|\s{0,40}(?=<parameter=([^>\n]*)>)|\s{0,40}(?=<\/function>\s*$)/g;
  pattern.lastIndex = at;
  for (const match of text.matchAll(pattern)) {
    const to = match.index + match[0].length;
    if (match[0].endsWith('</parameter>')) return { from: match.index, to };
    if (match[1] !== undefined && !canFollow(match[1].trim())) continue;
    const value = text.slice(at, match.index).replace(/\n?[ \t]*<\/parameter>[ \t]*$/, '');
    const early = isOfficial ? value.indexOf(END_TAG) : -1;
    if (early >= 0) return { from: at + early, to: at + early + END_TAG.length };
    return { from: at + value.length, to };
  }
  return undefined;
}

/** The index behind what a sticky pattern matches at `at`. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The form of Qwen 2.5 and 3: one JSON object; its arguments may be JSON in a string. */
function readJsonCall(text: string): ReadCall {
  const call = parseObject(text);
  const given = call?.arguments ?? call?.parameters ?? {};
  const input = typeof given === 'string' ? parseObject(given) : given;
  if (typeof call?.name !== 'string' || !isObject(input)) return { name: '', input: {}, problem: NOT_A_CALL };
  return { name: call.name, input };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
