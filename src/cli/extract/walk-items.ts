import { ConfigError } from '../../errors.ts';
import type { Review } from '../../extract/extraction.ts';
import { reviewValue } from '../../extract/job/review-value.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import type { PageTexts } from './page-texts.ts';
import type { ReviewItem } from './review-items.ts';
import type { ReviewKeys } from './review-keys.ts';
import { showItem, shownValue } from './show-item.ts';

export type Decisions = Readonly<Record<Review['decision'], number>>;
export type WalkContext = {
  readonly home: string;
  readonly jobId: string;
  readonly texts: PageTexts;
  readonly output: Output;
  readonly keys: ReviewKeys;
  readonly signal: AbortSignal;
};

const QUESTION = '  accept, correct, reject, skip, back, quit? [a c r s b q ?] ';
const HELP = [
  '  a  accept: the value is right, and counts as verified by you',
  '  c  correct: you type what is right',
  '  r  reject: the value is wrong, and is left out of the table',
  '  s  skip: decide another time',
  '  b  back: to the one before, to decide anew',
  '  q  quit: what you decided is kept',
];

/** Goes through the values one by one; each decision is in the ledger before the next value is shown. */
export async function walkItems(items: readonly ReviewItem[], context: WalkContext): Promise<Decisions> {
  const decided = new Map<number, Review['decision']>();
  // As they are after what was decided here: one may come back to them.
  const current = [...items];
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
        current[index] = step.item;
      }
      index += 1;
    }
  }
  const count = (decision: Review['decision']) =>
    [...decided.values()].filter((one) => one === decision).length;
  return { accepted: count('accepted'), corrected: count('corrected'), rejected: count('rejected') };
}

type Shown = { readonly index: number; readonly count: number; readonly context: WalkContext };

async function show(item: ReviewItem, { index, count, context }: Shown): Promise<void> {
  const { texts, output } = context;
  const endWait = output.wait('reading the page');
  const surroundings = await texts.around(item.row, item.value).finally(endWait);
  for (const line of showItem({ item, index, count, columns: output.columns, surroundings }))
    output.note(line);
}

type Step = 'quit' | 'back' | 'skip' | { readonly decision: Review['decision']; readonly item: ReviewItem };

async function decide(item: ReviewItem, context: WalkContext): Promise<Step> {
  const { keys, output, signal } = context;
  for (;;) {
    const key = await keys.key(QUESTION, signal);
    if (key === 'q') return 'quit';
    if (key === 'b') return 'back';
    if (key === 's') return 'skip';
    if (key === 'r') return note(item, 'rejected', context);
    if (key === 'a' && item.value.value !== null) return note(item, 'accepted', context);
    if (key === 'a') output.note('  There is no value to accept: c corrects it, r rejects it.');
    else if (key === 'c') {
      const step = await correct(item, context);
      if (step) return step;
    } else for (const line of HELP) output.note(line);
  }
}

/** Until it can be read, or is left by an empty line. */
async function correct(item: ReviewItem, context: WalkContext): Promise<Step | undefined> {
  const { keys, output, signal } = context;
  const start = item.value.value === null ? '' : shownValue(item.value);
  for (let typed = escapeLine(start); ; ) {
    const answer = await keys.line('  right is (an empty line leaves it): ', typed, signal);
    if (answer === undefined || answer.trim() === '') return undefined;
    try {
      return await note(item, 'corrected', context, answer);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      output.note(escapeLine(`  ${error.message}`));
      typed = answer;
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
  return { decision, item: { ...item, value: await reviewValue(home, jobId, request) } };
}
