/** An answer that says more than this has found something. */
const LONGEST = 240;
/** Something follows after all. */
const TURN = /\b(but|however|though|although|instead|except|only that)\b/;
const PLACE = '(text|part|document|passage|excerpt|record|file|section|page|context|information|data)';

const NOT_HERE: readonly RegExp[] = [
  /^(answer )?((it|that|this|they) (is|are) )?not (here|there|found|mentioned|stated|given|specified|provided|available|included|listed)\b/,
  new RegExp(`^(answer )?((it|that|this) is )?not in (the|this)( \\w+)? ${PLACE}\\b`),
  /^(nothing|nothing (found|here|about it|relevant)|n a|unknown|no (answer|information|mention|data|result)s?)( here| found| about (it|this|that))?$/,
  new RegExp(
    `^(the|this|that)( \\w+)? ${PLACE}( \\w+)? (does not|doesn t|do not|don t|did not|never|has no|contains no|gives no|makes no)\\b`,
  ),
  /^there (is|are|s) (no|nothing) ?(mention|information|reference|data|indication|answer|said|here|about)\b/,
  /^no (mention|information|reference|data|indication|answer) (of|about|on|is|for|in)\b/,
  /^(sorry )?(i|we) (can not|cannot|can t|could not|couldn t|do not|don t|did not) (find|see|answer|tell|determine|know)\b/,
  new RegExp(
    `\\b(is|are|was|were) not (mentioned|stated|given|specified|provided|found|included|listed|available|here|in (the|this) ${PLACE})( (here|anywhere|in (the|this)( \\w+)? ${PLACE}))?$`,
  ),
];

/** Whether a model says, in its own words, that a text does not answer the question. An answer in doubt is taken for a
 * finding: "No." and "None." may be just that. */
export function isNotHere(answer: string): boolean {
  const plain = answer
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[^\p{L}\p{N} .!?;\n]/gu, ' ')
    .trim();
  const [first = '', ...more] = plain
    .split(/[.!?;]+(?= |$)/)
    .map((sentence) => sentence.replace(/[^\p{L}\p{N}]+/gu, ' ').trim())
    .filter((sentence) => sentence !== '');
  if (plain.length > LONGEST || TURN.test(plain)) return false;
  return [first, ...more].every((sentence) => NOT_HERE.some((pattern) => pattern.test(sentence)));
}
