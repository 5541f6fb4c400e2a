/** GBNF, the grammar notation of llama.cpp (its grammars/README.md): rules, literals, character classes. */

export type Rules = {
  /** Adds a rule and returns its name; the same body given twice is one rule. */
  add(body: string): string;
  /** A name for a rule that is defined later, because it refers to itself. */
  reserve(): string;
  define(name: string, body: string): void;
  readonly size: number;
  /** The whole grammar, beginning with `root`. */
  toText(rootBody: string): string;
};

export function createRules(): Rules {
  const bodies = new Map<string, string>();
  const names = new Map<string, string>();
  let reserved = 0;
  const reserve = () => `r${reserved++}`;
  const define = (name: string, body: string) => void bodies.set(name, body);
  return {
    reserve,
    define,
    add(body) {
      const known = names.get(body);
      if (known !== undefined) return known;
      const name = reserve();
      names.set(body, name);
      define(name, body);
      return name;
    },
    get size() {
      return reserved;
    },
    toText(rootBody) {
      const lines = [...bodies].map(([name, body]) => `${name} ::= ${body}\n`);
      return `root ::= ${rootBody}\n${lines.join('')}`;
    },
  };
}

/** The text as a GBNF literal, escaped to plain ASCII; half a surrogate pair becomes U+FFFD. */
export function literal(text: string): string {
  return `"${Array.from(text.toWellFormed(), (character) => escapeCharacter(character)).join('')}"`;
}

/**
 * Any character but NUL and the given ones.
 *
 * Positive ranges, not `[^...]`: they leave out surrogates and what lies beyond Unicode, which a model can spell
 * byte by byte, and llama.cpp rejects half a character against a negated range that it only touches.
 */
export function anyCharacterBut(excluded: string): string {
  const points = Array.from(excluded, (character) => character.codePointAt(0) ?? 0).sort((a, b) => a - b);
  const ranges: string[] = [];
  let low = 1;
  for (const point of points) {
    if (point > low) ranges.push(rangeText(low, point - 1));
    low = Math.max(low, point + 1);
  }
  return `[${ranges.join('')}${rangeText(low, 0xd7ff)}\\uE000-\\U0010FFFF]`;
}

/** A text and what follows it in the grammar ('' for nothing). */
export type Choice = readonly [text: string, tail: string];

/**
 * One of the texts, each with its tail: an alternation without its parentheses.
 *
 * Shared beginnings are written once, since llama.cpp tests every open alternative against the whole vocabulary.
 */
export function chooseLiteral(choices: readonly Choice[]): string {
  const groups = Map.groupBy(choices, ([text]) => Array.from(text)[0] ?? '');
  const branches = Array.from(groups, ([first, group]) =>
    first === '' ? group.map(([, tail]) => tail || '""').join(' | ') : shareBeginning(group),
  );
  return branches.join(' | ');
}

function shareBeginning(group: readonly Choice[]): string {
  const beginning = commonBeginning(group.map(([text]) => text));
  const rest = group.map(([text, tail]): Choice => [text.slice(beginning.length), tail]);
  const only = rest.length === 1 ? rest[0] : undefined;
  return only
    ? `${literal(beginning)} ${only[1]}`.trimEnd()
    : `${literal(beginning)} (${chooseLiteral(rest)})`;
}

/** In whole characters, never half a surrogate pair. */
function commonBeginning(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let beginning = '';
  for (const character of first) {
    if (!others.every((text) => text.startsWith(beginning + character))) break;
    beginning += character;
  }
  return beginning;
}

const rangeText = (low: number, high: number) => `${escapePoint(low)}-${escapePoint(high)}`;

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '"' || character === '\\') return `\\${character}`;
  return character >= ' ' && character <= '~' ? character : escapePoint(character.codePointAt(0) ?? 0);
}

function escapePoint(point: number): string {
  const hex = point.toString(16).toUpperCase();
  return point > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
