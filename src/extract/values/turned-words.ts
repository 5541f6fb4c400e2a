/** Words that say yes, no or a choice, and that the words and boxes around them turn or deny. */
import { foldWords } from './fold-words.ts';

type Range = { readonly start: number; readonly end: number };

const DIRECT =
  /(?<!\p{L})(?:no|kein(?:e[nmrs]?)?|un|in|non-?|pas|nunca|jamais|without|ohne|sans|sin|senza)[\s-]+$/iu;
/** With up to two words between: `not yet fully paid`. */
const NOT =
  /(?<!\p{L})(?:\p{L}+n['’]t|not|cannot|non|nicht|nie|niet|geen|ikke|inte|never|neither|nor|weder|noch)(?:\s+[\p{L}]+){0,2}[\s:-]+$/iu;
/** `paid: no`, `paid | ☐`, `paid = not yet`. */
const DENIED_BEHIND = /^[\s:=?|–—-]{1,6}(?:(?<word>\p{L}+)(?![\p{L}.]?\s?[#\d])|☐|□|✗|✘|\[ ?\]|\( ?\))/u;
const DENIALS: ReadonlySet<string> = new Set(
  'no not non nein nicht nee nej nei niet nao nie false falsch faux falso pending outstanding ausstehend offen'.split(
    ' ',
  ),
);

const BOX = /[☐□☑☒✓✔🗹✗✘■◻◼]|\[ ?[xX✓✔]? ?\]|\( ?[xX✓✔]? ?\)/gu;
const TICKED = /[☑☒✓✔🗹xX]/u;
const REACH = 40;
const LONGEST_LINE = 200;

/** Whether a choice, a mark, a yes or a no does not say at this place what it says elsewhere. `isAnswer`: it is a yes or a
 * no: another one beside it is a value of its own. */
export function isTurned(text: string, range: Range, isAnswer = false): boolean {
  const { start, end } = range;
  const before = text.slice(Math.max(0, start - REACH), start);
  if (NOT.test(before) || (!isAnswer && DIRECT.test(before))) return true;
  const behind = isAnswer ? null : DENIED_BEHIND.exec(text.slice(end, end + REACH));
  const word = behind?.groups?.word;
  if (word !== undefined && DENIALS.has(foldWords(word))) return true;
  return (behind !== null && word === undefined && !hasBoxBefore(text, range)) || isUnticked(text, range);
}

/** Its line, as far as that is near. */
function lineOf(text: string, { start, end }: Range): Range {
  const from = Math.max(0, start - LONGEST_LINE);
  const before = text.slice(from, start);
  const next = text.slice(end, end + LONGEST_LINE).indexOf('\n');
  return {
    start: from + before.lastIndexOf('\n') + 1,
    end: next < 0 ? Math.min(text.length, end + LONGEST_LINE) : end + next,
  };
}

const boxesOf = (text: string, range: Range) => {
  const line = lineOf(text, range);
  return [...text.slice(line.start, line.end).matchAll(BOX)].map(({ 0: box, index }) => ({
    start: line.start + index,
    end: line.start + index + box.length,
    isTicked: TICKED.test(box),
  }));
};

const hasBoxBefore = (text: string, range: Range): boolean =>
  boxesOf(text, range).some(({ end }) => end <= range.start);

/** On a line with boxes, a word counts where its own box is ticked: the one before it; where the line ends with a box,
 * the one behind it. */
function isUnticked(text: string, range: Range): boolean {
  const boxes = boxesOf(text, range).filter(({ start, end }) => end <= range.start || start >= range.end);
  const last = boxes.at(-1);
  if (!last) return false;
  const isBehind = !/[\p{L}\p{N}]/u.test(text.slice(last.end, lineOf(text, range).end));
  const own = isBehind
    ? boxes.find(({ start }) => start >= range.end)
    : boxes.findLast(({ end }) => end <= range.start);
  if (!own?.isTicked) return true;
  const between = isBehind ? text.slice(range.end, own.start) : text.slice(own.end, range.start);
  return /[\p{L}\p{N}]/u.test(between);
}
