import { ConfigError } from '../../errors.ts';
import type { Review, Value } from '../../extract/extraction.ts';
import { readJob } from '../../extract/job/jobs.ts';
import { reviewValue } from '../../extract/job/review-value.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import { toRows } from '../terminal-rows.ts';
import type { PageTexts } from './page-texts.ts';
import { isSameItem, type ReviewItem, reviewItems } from './review-items.ts';
import type { ReviewKeys } from './review-keys.ts';
import { showItem, shownValue } from './show-item.ts';

export type Decisions = Readonly<Record<Review['decision'], number>>;
export type WalkContext = {
  readonly home: string;
  readonly jobId: string;
  /** Whether it goes through what is verified too. */
  readonly all: boolean;
  readonly texts: PageTexts;
  readonly output: Output;
  readonly keys: ReviewKeys;
  readonly signal: AbortSignal;
};

const QUESTION = '  accept correct reject skip back quit? [a c r s b q ?] ';
const HELP = [
  '  a  accept: the value is right, and counts as verified by you',
  '  c  correct: you type what is right',
  '  r  reject: the value is wrong, and is left out of the table;',
  '     a line of which all is rejected is left out as a whole;',
  '     where none was found: you looked, and there is none',
  '  s  skip: decide another time',
  '  b  back: to the one before, to decide anew',
  '  q  quit: what you decided is kept',
];

/** Goes through the values one by one; each decision is in the ledger before the next value is shown. */
export async function walkItems(items: readonly ReviewItem[], context: WalkContext): Promise<Decisions> {
  const decided = new Map<number, Review['decision']>();
  let current = items;
  for (let index = 0; index < current.length; ) {
    const item = current[index];
    if (!item) break;
    await show(item, { index, count: current.length, context });
    const step = await decide(item, context);
    if (step === 'quit') break;
    if (step === 'back') index = Math.max(0, index - 1);
    else {
      if (step !== 'skip') {
        decided.set(index, step.decision);
        current = await lookAgain(current, index, context);
      }
      index += 1;
    }
  }
  const count = (decision: Review['decision']) =>
    [...decided.values()].filter((one) => one === decision).length;
  return { accepted: count('accepted'), corrected: count('corrected'), rejected: count('rejected') };
}

/** A decision changes what the checks say of other values. Those that were shown stay, as they are now, since one may come
 * back to them; behind them come all that are still to be looked at. */
async function lookAgain(
  items: readonly ReviewItem[],
  index: number,
  { home, jobId, all }: WalkContext,
): Promise<readonly ReviewItem[]> {
  const job = await readJob(home, jobId);
  const now = reviewItems(job, { all: true });
  const shown = items.slice(0, index + 1).map((item) => now.find((each) => isSameItem(each, item)) ?? item);
  const open = reviewItems(job, { all }).filter((item) => !shown.some((each) => isSameItem(each, item)));
  return [...shown, ...open];
}

type Shown = { readonly index: number; readonly count: number; readonly context: WalkContext };

async function show(item: ReviewItem, { index, count, context }: Shown): Promise<void> {
  const { texts, output } = context;
  const endWait = output.wait('reading the page');
  const surroundings = await texts.around(item.row, item.field, item.value).finally(endWait);
  for (const line of showItem({ item, index, count, columns: output.columns, surroundings }))
    output.note(line);
}

type Step = 'quit' | 'back' | 'skip' | { readonly decision: Review['decision'] };

async function decide(item: ReviewItem, context: WalkContext): Promise<Step> {
  const { keys, output, signal } = context;
  for (;;) {
    const key = await keys.key(QUESTION, signal);
    if (key === 'q') return 'quit';
    if (key === 'b') return 'back';
    if (key === 's') return 'skip';
    if (key === 'r') return note(item, 'rejected', context);
    if (key === 'a' && item.value.value !== null) return note(item, 'accepted', context);
    if (key === 'a') output.note(nothingToAccept(item.value));
    else if (key === 'c') {
      const step = await correct(item, context);
      if (step) return step;
    } else for (const line of HELP) output.note(line);
  }
}

const nothingToAccept = ({ status }: Value): string =>
  status === 'missing'
    ? '  There is no value to accept: c gives one, r says that there is none.'
    : '  There is no value to accept: c corrects it, r rejects it.';

/** Until it can be read, or is left by an empty line or Escape. */
async function correct(item: ReviewItem, context: WalkContext): Promise<Step | undefined> {
  const { keys, output, signal } = context;
  const start = item.value.value === null ? '' : shownValue(item.value);
  for (let typed = escapeLine(start); ; typed = '') {
    const answer = await keys.line('  right is (empty or Esc: back): ', typed, signal);
    if (answer === undefined || answer.trim() === '') return undefined;
    try {
      return await note(item, 'corrected', context, answer);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of toRows(`  ${error.message}`, output.columns - 1)) output.note(line);
    }
  }
}

async function note(
  item: ReviewItem,
  decision: Review['decision'],
  { home, jobId }: WalkContext,
  typed?: string,
): Promise<Step> {
  const { row, path } = item;
  const request = { sha256: row.sha256, path, decision, ...(typed !== undefined && { value: typed }) };
  await reviewValue(home, jobId, request);
  return { decision };
}
