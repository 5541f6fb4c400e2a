/**
 * The checks that a schema declares, such as `total = net + tax`, computed. What documents say comes in as numbers that
 * were normalised, and never as text.
 *
 * A sum of stated amounts has to be right to the cent. What documents round may differ by half a cent for each: products,
 * quotients, and amounts with more decimals than the currency has. (A cent is the smallest unit of the document's
 * currency, if a field holds that; else a hundredth.)
 */
import { ExpressionProblem } from '../../arithmetic/expression-tokens.ts';
import type { CheckResult, Extracted, FieldPlan, Value } from '../extraction.ts';
import { isCurrencyCode } from '../values/currency-signs.ts';
import { type BoundCheck, bindChecks, listWithin } from './check-names.ts';
import { exactValue, type Numbers, type Reckoned, reckonNode, showNumber } from './reckon-check.ts';
import { keptLines } from './removed-lines.ts';

type Plan = Pick<FieldPlan, 'fields' | 'lists'>;
type Taken = Pick<Extracted, 'values' | 'lists'>;

/** Rows that do not hold, and values that are missing, that a sentence names. */
const MOST_NAMED = 3;

/** Throws `ConfigError` for a check that cannot be read, or that does not fit the fields. */
export function checkNames(checks: readonly string[], plan: Plan): void {
  bindChecks(checks, plan);
}

/** Every check in the plan's order. One over the columns of a list holds where it holds for each of its lines. */
export const runChecks = (plan: FieldPlan, taken: Taken): readonly CheckResult[] =>
  runBoundChecks(plan, taken).map(({ result }) => result);

export type RunCheck = {
  readonly check: BoundCheck;
  readonly result: CheckResult;
  /** What is to be said of each line by its index, where it is a check over lines. */
  readonly lines: ReadonlyMap<number, string>;
};

/** As `runChecks`, with what the result is of. */
export function runBoundChecks(plan: FieldPlan, taken: Taken): readonly RunCheck[] {
  const decimals = decimalsOf(plan, taken);
  const numbers = numbersOf(plan, taken);
  return bindChecks(plan.checks, plan).map((check): RunCheck => {
    const { text, list } = check;
    const ran = (compared: Compared, lines: readonly ComparedLine[] = []): RunCheck => ({
      check,
      result: { check: text, ...compared },
      lines: new Map(lines.map(({ index, sentence }) => [index, sentence])),
    });
    if (list === undefined) return ran(compare(check, numbers, decimals));
    const kept = keptLines(taken.lists[list]);
    if (kept.length === 0) return ran({ sentence: `the lines of ${list} are missing` });
    const lines = kept.map(({ index }, row) => ({
      index,
      ...compare(check, numbers.inRow(list, row), decimals),
    }));
    return ran(sumUp(lines), lines);
  });
}

type Compared = Omit<CheckResult, 'check'>;
type ComparedLine = Compared & { readonly index: number };

function compare({ left, relation, right }: BoundCheck, numbers: Numbers, decimals: number): Compared {
  const [one, other] = [left, right].map((side) => reckonNode(side, { numbers, decimals })) as [
    Reckoned,
    Reckoned,
  ];
  const missing = [...new Set([...one.missing, ...other.missing])];
  if (missing.length > 0) return { sentence: missingSentence(missing) };
  try {
    const [first, second] = [exactValue(one), exactValue(other)];
    const tolerance = exactValue({
      ...one,
      expression: `${one.roundedTerms + other.roundedTerms} / 2 / ${10 ** decimals}`,
    });
    const difference = first.sub(second);
    const isSame = difference.abs().compare(tolerance) <= 0;
    const holds = isSame ? relation.includes('=') : relation.includes(difference.s < 0n ? '<' : '>');
    const result =
      right.kind === 'name' || right.kind === 'number' ? '' : ` (${showNumber(Number(second), decimals)})`;
    const computed =
      left.kind === 'name' || left.kind === 'number' ? '' : ` (${showNumber(Number(first), decimals)})`;
    const said = holds ? SAID[relation] : NOT_SAID[relation];
    return { holds, sentence: `${one.shown}${computed} ${said} ${other.shown}${result}` };
  } catch (thrown) {
    if (!(thrown instanceof ExpressionProblem)) throw thrown;
    return { sentence: `it cannot be computed: ${thrown.message.replace(/\.$/, '')}` };
  }
}

const SAID = { '=': 'is', '<': 'is less than', '>': 'is more than', '<=': 'is at most', '>=': 'is at least' };
const NOT_SAID = {
  '=': 'is not',
  '<': 'is not less than',
  '>': 'is not more than',
  '<=': 'is more than',
  '>=': 'is less than',
};

/** `holds`: false where one line does not hold, true where all do. */
function sumUp(lines: readonly ComparedLine[]): Compared {
  const numbered = lines.map((line) => ({ ...line, sentence: `line ${line.index + 1}: ${line.sentence}` }));
  const wrong = numbered.filter(({ holds }) => holds === false);
  const rows = wrong.map(({ index }) => index);
  const open = numbered.filter(({ holds }) => holds === undefined);
  if (wrong.length > 0)
    return {
      holds: false,
      rows,
      sentence: few(
        wrong.map(({ sentence }) => sentence),
        '; ',
      ),
    };
  if (open.length > 0)
    return {
      sentence: few(
        open.map(({ sentence }) => sentence),
        '; ',
      ),
    };
  return {
    holds: true,
    sentence: lines.length === 1 ? (numbered[0]?.sentence ?? '') : `it holds for all ${lines.length} lines`,
  };
}

const missingSentence = (missing: readonly string[]): string =>
  `${few(missing, ', ')} ${missing.length === 1 && !missing[0]?.startsWith('the lines') ? 'is' : 'are'} missing`;

const few = (texts: readonly string[], between: string): string =>
  texts.length <= MOST_NAMED
    ? texts.join(between)
    : `${texts.slice(0, MOST_NAMED).join(between)}${between}and ${texts.length - MOST_NAMED} more`;

function numbersOf(plan: Plan, { values, lists }: Taken): Numbers {
  const typeOf = new Map(
    [...plan.fields, ...plan.lists.flatMap(({ columns }) => columns)].map(({ path, type }) => [path, type]),
  );
  const toNumber = (path: string, value: Value | undefined) => {
    const isGiven = value !== undefined && value.status !== 'rejected' && typeof value.value === 'number';
    return isGiven ? { value: value.value as number, isAmount: typeOf.get(path) === 'amount' } : undefined;
  };
  const kept = Object.fromEntries(Object.entries(lists).map(([list, rows]) => [list, keptLines(rows)]));
  /** `row`: among those that were not removed. */
  const within = (list?: string, row = 0): Numbers => {
    const { line: cells = {}, index = row } = (list === undefined ? undefined : kept[list]?.[row]) ?? {};
    return {
      one: (path) => toNumber(path, Object.hasOwn(cells, path) ? cells[path] : values[path]),
      listWithin: (operand) => {
        const path = listWithin(operand, plan);
        return path === undefined ? undefined : { path, length: kept[path]?.length ?? 0 };
      },
      inRow: within,
      nameOf: (path) => (isColumn(path, plan) && list !== undefined ? `${path} of line ${index + 1}` : path),
    };
  };
  return within();
}

const isColumn = (path: string, { fields, lists }: Plan): boolean =>
  !fields.some((field) => field.path === path) &&
  lists.some(({ columns }) => columns.some((column) => column.path === path));

/** Of the smallest unit of the document's currency: 2, but 0 of the yen. */
function decimalsOf({ fields }: Plan, { values }: Taken): number {
  const codes = fields.flatMap(({ path, type }) => {
    const code = values[path]?.value;
    const isCode =
      (type === 'currency' || type === 'choice') && typeof code === 'string' && isCurrencyCode(code);
    return isCode ? [code] : [];
  });
  const [currency, other] = new Set(codes);
  if (currency === undefined || other !== undefined) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
