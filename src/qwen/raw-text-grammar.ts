/**
 * GBNF for the raw text of a string parameter, up to and with the `\n</parameter>` that ends it.
 *
 * The text may hold anything, tags too, but not a line that begins with `</parameter>` (it would end there) or with
 * `<parameter=` (small models forget the end tag; so they cannot). Such a pair of texts makes a finite automaton, a
 * state of which is how much of one of them was just read. Its rules are right-linear: llama.cpp's stack does not grow
 * with the text, and two or three alternatives are open at any time.
 */
import { anyCharacterBut, literal, type Rules } from './gbnf.ts';

const END = '\n</parameter>';
const FORBIDDEN = '\n<parameter=';

/** In characters. */
export type TextLimits = { readonly min: number; readonly max: number | undefined };

/** `matched` was just read of END or FORBIDDEN, after `before` characters of the value (only counted where limits ask). */
type State = { readonly matched: string; readonly before: number };

/** The name of a rule that begins right after the newline of the opening tag, which counts as the start of a line. */
export function rawTextRule(rules: Rules, limits: TextLimits): string {
  const names = new Map<string, string>();
  const open: State[] = [];
  const nameOf = (state: State): string => {
    const key = `${state.before} ${state.matched}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = rules.reserve();
    names.set(key, name);
    open.push(state);
    return name;
  };
  // The opening newline is not the value's own: hence one character less than none.
  const start = nameOf({ matched: '\n', before: count(-1, limits) });
  for (let state = open.pop(); state; state = open.pop()) {
    rules.define(nameOf(state), stateBody(state, limits, nameOf));
  }
  return start;
}

function stateBody({ matched, before }: State, limits: TextLimits, nameOf: (state: State) => string): string {
  const alternatives: string[] = [];
  const expected = [...new Set([END, FORBIDDEN].flatMap((text) => nextOf(text, matched)))];
  const goTo = (characters: string, state: State) => {
    if (canEnd(state, limits)) alternatives.push(`${characters} ${nameOf(state)}`);
  };
  for (const character of expected) {
    const next = matched + character;
    if (next === END && hasLength(before, limits)) alternatives.push(literal(character));
    if (next !== END && next !== FORBIDDEN) goTo(literal(character), { matched: next, before });
  }
  if (matched !== '') goTo(literal('\n'), { matched: '\n', before: count(before + matched.length, limits) });
  const others = anyCharacterBut([...new Set(['\n', ...expected])].join(''));
  goTo(others, { matched: '', before: count(before + matched.length + 1, limits) });
  return alternatives.join(' | ');
}

const nextOf = (text: string, matched: string) =>
  text.startsWith(matched) ? [text.charAt(matched.length)] : [];

const hasLength = (length: number, { min, max }: TextLimits) =>
  Math.max(0, length) >= min && (max === undefined || length <= max);

/** A count that no limit looks at any more stands still, so that there are few states. */
const count = (length: number, { min, max }: TextLimits) =>
  max === undefined && (min === 0 || length > min) ? min : length;

/** Whether the value can still end within its limits: at once, or as text that only looked like a tag. */
const canEnd = ({ matched, before }: State, limits: TextLimits) =>
  (END.startsWith(matched) && hasLength(before, limits)) ||
  limits.max === undefined ||
  before + matched.length <= limits.max;
