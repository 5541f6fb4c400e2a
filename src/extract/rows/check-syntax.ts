/** Checks as a schema states them, such as `total = net + tax`: read once, whatever documents say. */

export type Sign = '+' | '-' | '*' | '/';
export type CheckNode =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'name'; readonly path: string }
  | { readonly kind: 'negative'; readonly of: CheckNode }
  | { readonly kind: 'pair'; readonly sign: Sign; readonly left: CheckNode; readonly right: CheckNode }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly CheckNode[] };

export type Relation = '=' | '<=' | '>=' | '<' | '>';
export type Check = { readonly left: CheckNode; readonly relation: Relation; readonly right: CheckNode };

/** What makes one value of those of all lines of a list. */
export const OF_LISTS: readonly string[] = ['sum', 'average', 'min', 'max'];
const FUNCTIONS: readonly string[] = [...OF_LISTS, 'abs', 'round'];

/** Why a check cannot be read; one clause without a full stop. */
export class CheckProblem extends Error {}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<name>[\p{L}_$][\p{L}\p{M}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{M}\p{N}_$]*)*)|`(?<quoted>[^`]+)`|(?<sign><=|>=|==|[-+*/(),=<>≤≥−×·÷]))/uy;
const SAME: Readonly<Record<string, string>> = {
  '==': '=',
  '≤': '<=',
  '≥': '>=',
  '−': '-',
  '×': '*',
  '·': '*',
  '÷': '/',
};
const LONGEST = 1000;
const MAX_DEPTH = 30;

type Token =
  | { readonly kind: 'number' | 'sign'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string; readonly isQuoted: boolean };

/** Throws `CheckProblem`. */
export function parseCheck(text: string): Check {
  if (text.length > LONGEST) throw new CheckProblem(`it has more than ${LONGEST} letters`);
  const cursor: Cursor = { tokens: tokenize(text), at: 0, depth: 0 };
  const left = sumOf(cursor);
  const relation = take(cursor, '=', '<=', '>=', '<', '>');
  if (relation === undefined) {
    throw new CheckProblem(cursor.at < cursor.tokens.length ? unexpected(cursor) : 'it compares nothing');
  }
  const right = sumOf(cursor);
  if (cursor.at < cursor.tokens.length) throw new CheckProblem(unexpected(cursor));
  return { left, relation: relation as Relation, right };
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const { number, name, quoted, sign } = TOKEN.exec(text)?.groups ?? {};
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: SAME[sign] ?? sign });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, isQuoted: false });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted, isQuoted: true });
    else throw new CheckProblem(`it cannot be read at ${JSON.stringify(text.slice(at, at + 20).trim())}`);
  }
  return tokens;
}

type Cursor = { readonly tokens: readonly Token[]; at: number; depth: number };

function sumOf(cursor: Cursor): CheckNode {
  let left = productOf(cursor);
  for (let sign = take(cursor, '+', '-'); sign; sign = take(cursor, '+', '-')) {
    left = { kind: 'pair', sign: sign as Sign, left, right: productOf(cursor) };
  }
  return left;
}

function productOf(cursor: Cursor): CheckNode {
  let left = operand(cursor);
  for (let sign = take(cursor, '*', '/'); sign; sign = take(cursor, '*', '/')) {
    left = { kind: 'pair', sign: sign as Sign, left, right: operand(cursor) };
  }
  return left;
}

function operand(cursor: Cursor): CheckNode {
  if (cursor.depth === MAX_DEPTH) throw new CheckProblem('it has too many brackets in brackets');
  const token = cursor.tokens[cursor.at];
  if (token === undefined) throw new CheckProblem('it ends too early');
  cursor.at += 1;
  cursor.depth += 1;
  const node = operandAt(cursor, token);
  cursor.depth -= 1;
  return node;
}

function operandAt(cursor: Cursor, token: Token): CheckNode {
  if (token.kind === 'number') return { kind: 'number', text: token.text };
  if (token.kind === 'name') {
    if (token.isQuoted || !isNext(cursor, '(')) return { kind: 'name', path: token.text };
    return callOf(cursor, token.text);
  }
  if (token.text === '-') return { kind: 'negative', of: operand(cursor) };
  if (token.text === '+') return operand(cursor);
  cursor.at -= 1;
  expect(cursor, '(');
  const inner = sumOf(cursor);
  expect(cursor, ')');
  return inner;
}

function callOf(cursor: Cursor, text: string): CheckNode {
  const name = text.toLowerCase();
  if (!FUNCTIONS.includes(name)) {
    throw new CheckProblem(`"${text}" is no function: there are ${FUNCTIONS.join(', ')}`);
  }
  expect(cursor, '(');
  const operands = [sumOf(cursor)];
  while (take(cursor, ',')) operands.push(sumOf(cursor));
  expect(cursor, ')');
  const most = { abs: 1, round: 2 }[name] ?? Number.POSITIVE_INFINITY;
  if (operands.length > most) throw new CheckProblem(`"${name}" has too many values`);
  return { kind: 'call', name, operands };
}

/** The fields that a check names, in brackets and functions too. */
export function namesIn({ left, right }: Pick<Check, 'left' | 'right'>): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: CheckNode): void => {
    if (node.kind === 'name') names.add(node.path);
    else if (node.kind === 'negative') collect(node.of);
    else if (node.kind === 'pair') for (const side of [node.left, node.right]) collect(side);
    else if (node.kind === 'call') for (const operand of node.operands) collect(operand);
  };
  collect(left);
  collect(right);
  return names;
}

const isNext = ({ tokens, at }: Cursor, ...texts: readonly string[]): boolean => {
  const token = tokens[at];
  return token?.kind === 'sign' && texts.includes(token.text);
};

const take = (cursor: Cursor, ...texts: readonly string[]): string | undefined =>
  isNext(cursor, ...texts) ? cursor.tokens[cursor.at++]?.text : undefined;

function expect(cursor: Cursor, text: string): void {
  if (take(cursor, text) === undefined) throw new CheckProblem(unexpected(cursor));
}

const unexpected = ({ tokens, at }: Cursor): string => {
  const next = tokens[at];
  return next ? `it cannot be read at "${next.text}"` : 'it ends too early';
};
