/** What a check's sides come to, for one document and one row: by exact arithmetic, of plain decimals alone. */
import { evaluateExpression } from '../../arithmetic/evaluate-expression.ts';
import { type CheckNode, OF_LISTS } from './check-syntax.ts';

export type Numbers = {
  /** Of a field, or of a column in the row that is looked at. */
  readonly one: (path: string) => { readonly value: number; readonly isAmount: boolean } | undefined;
  /** The list that an operand goes over, and how many rows it has. */
  readonly listWithin: (operand: CheckNode) => { readonly path: string; readonly length: number } | undefined;
  /** The same numbers, in a row of a list. 0-based. */
  readonly inRow: (list: string, row: number) => Numbers;
  /** What to call a value that is missing. */
  readonly nameOf: (path: string) => string;
};

export type Reckoned = {
  /** For `evaluateExpression`: brackets, signs, functions and plain decimals. */
  readonly expression: string;
  /** For people. */
  readonly shown: string;
  /** Terms that documents round: products, quotients, and numbers with more decimals than the currency has. */
  readonly roundedTerms: number;
  readonly missing: readonly string[];
};

/** A sum of more values is shown by its name. */
const MOST_SHOWN = 4;

export type Reckoning = { readonly numbers: Numbers /** Of the currency. */; readonly decimals: number };

export function reckonNode(node: CheckNode, reckoning: Reckoning): Reckoned {
  switch (node.kind) {
    case 'number':
      return { expression: node.text, shown: node.text, roundedTerms: 0, missing: [] };
    case 'name':
      return ofName(node.path, reckoning);
    case 'negative': {
      const of = reckonNode(node.of, reckoning);
      return { ...of, expression: `(-(${of.expression}))`, shown: `-${bracket(of.shown)}` };
    }
    case 'pair':
      return ofPair(node, reckoning);
    case 'call':
      return ofCall(node, reckoning);
  }
}

/** The exact value. Throws `ExpressionProblem` where there is none, as of a division by zero. */
export const exactValue = ({ expression }: Reckoned) => evaluateExpression(expression).value;

function ofName(path: string, { numbers, decimals }: Reckoning): Reckoned {
  const number = numbers.one(path);
  if (number === undefined) {
    return { expression: '0', shown: path, roundedTerms: 0, missing: [numbers.nameOf(path)] };
  }
  const plain = toPlain(number.value);
  const places = plain.split('.')[1]?.length ?? 0;
  return {
    expression: `(${plain})`,
    shown: number.isAmount ? showNumber(number.value, decimals) : plain,
    roundedTerms: places > decimals ? 1 : 0,
    missing: [],
  };
}

function ofPair(node: CheckNode & { kind: 'pair' }, reckoning: Reckoning): Reckoned {
  const { sign } = node;
  const isProduct = sign === '*' || sign === '/';
  const left = reckonNode(node.left, reckoning);
  const right = reckonNode(node.right, reckoning);
  const isSum = (side: CheckNode) => side.kind === 'pair' && (side.sign === '+' || side.sign === '-');
  const join = (part: 'expression' | 'shown'): string => {
    const first = isProduct && isSum(node.left) ? `(${left[part]})` : left[part];
    const isApart = node.right.kind === 'pair' && (isProduct || (sign === '-' && isSum(node.right)));
    return `${first} ${sign} ${isApart ? `(${right[part]})` : right[part]}`;
  };
  return {
    expression: join('expression'),
    shown: join('shown'),
    roundedTerms: isProduct ? 1 : left.roundedTerms + right.roundedTerms,
    missing: [...left.missing, ...right.missing],
  };
}

function ofCall(node: CheckNode & { kind: 'call' }, reckoning: Reckoning): Reckoned {
  const isOver = OF_LISTS.includes(node.name);
  const lists = node.operands.map((operand) => (isOver ? reckoning.numbers.listWithin(operand) : undefined));
  const operands = node.operands.flatMap((operand, at) => {
    const list = lists[at];
    if (!list) return [reckonNode(operand, reckoning)];
    return Array.from({ length: list.length }, (_, row) =>
      reckonNode(operand, { ...reckoning, numbers: reckoning.numbers.inRow(list.path, row) }),
    );
  });
  const empty = lists.flatMap((list) => (list?.length === 0 ? [`the lines of ${list.path}`] : []));
  const isSum = node.name === 'sum';
  const isShort = operands.length <= MOST_SHOWN;
  const shown = isSum && isShort ? operands.map((operand) => operand.shown).join(' + ') : undefined;
  return {
    expression: `${node.name}(${operands.map(({ expression }) => expression).join(', ') || '0'})`,
    shown:
      shown ??
      (isShort ? `${node.name}(${operands.map((operand) => operand.shown).join(', ')})` : nameOf(node)),
    roundedTerms:
      node.name === 'round'
        ? 0
        : operands.reduce((sum, { roundedTerms }) => sum + roundedTerms, node.name === 'average' ? 1 : 0),
    missing: [...empty, ...operands.flatMap(({ missing }) => missing)],
  };
}

/** As the check has it. */
function nameOf(node: CheckNode): string {
  if (node.kind === 'number') return node.text;
  if (node.kind === 'name') return node.path;
  if (node.kind === 'negative') return `-${bracket(nameOf(node.of))}`;
  if (node.kind === 'call') return `${node.name}(${node.operands.map(nameOf).join(', ')})`;
  return `${bracket(nameOf(node.left))} ${node.sign} ${bracket(nameOf(node.right))}`;
}

const bracket = (text: string): string => (/[-+*/] /.test(text) ? `(${text})` : text);

/** With its cents. */
export function showNumber(number: number, decimals: number): string {
  const [whole = '', places = ''] = toPlain(number).split('.');
  const shown = places.padEnd(decimals, '0');
  return shown === '' ? whole : `${whole}.${shown}`;
}

/** Without an exponent. A number that was normalised has no more digits. */
const toPlain = (number: number): string =>
  number.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 15 });
