/**
 * Text as quotes are compared, with the way back to where each of its characters stands.
 *
 * Two texts are the same when they differ only in: white space and line ends, what cannot be seen, forms of a character
 * (NFKC: ligatures, full width, digits of other scripts), capitals, quotation marks, the bars of tables, hyphens and
 * dashes that stand before no digit (a word parted at the line's end), and the length of a leader such as `.....`. No
 * digit is ever lost or changed into another one, and none comes of what is no digit: `²`, `①`, `½`.
 */
export type Folded = {
  readonly text: string;
  /** Of each UTF-16 unit of `text`: where the character that it came from begins in the text as it stands. */
  readonly starts: Uint32Array;
  /** And where that character ends. */
  readonly ends: Uint32Array;
};

/** Linear in the text's length. */
export function fold(text: string): Folded {
  const units: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (folded: string, start: number, end: number) => {
    for (const unit of folded.split('')) {
      units.push(unit);
      starts.push(start);
      ends.push(end);
    }
  };
  for (let at = 0; at < text.length; ) {
    const end = endOfCharacter(text, at);
    const isPlain = end === at + 1 && text.charCodeAt(at) < 0x80;
    const folded = isPlain ? (PLAIN[text.charCodeAt(at)] ?? '') : foldCharacter(text.slice(at, end));
    if (folded !== '') add(folded, at, end);
    at = end;
  }
  const kept = keptUnits(units);
  return {
    text: kept.map((at) => units[at]).join(''),
    starts: Uint32Array.from(kept, (at) => starts[at] ?? 0),
    ends: Uint32Array.from(kept, (at) => ends[at] ?? 0),
  };
}

/** A quote, as it is looked for: without the signs around it that say nothing. */
export const foldQuote = (quote: string): string => fold(quote).text.replace(EDGES, '');

const EDGES = /^[.…_=*:;,]+|[.…_=*:;,]+$/g;

/** A base with its marks, a syllable of Hangul with its parts; or one UTF-16 unit of ASCII. */
function endOfCharacter(text: string, at: number): number {
  const isAlone = text.charCodeAt(at) < 0x80 && !(text.charCodeAt(at + 1) >= 0x300);
  if (isAlone) return at + 1;
  CHARACTER.lastIndex = at;
  CHARACTER.test(text);
  return Math.max(at + 1, CHARACTER.lastIndex);
}

const CHARACTER = /[\u1100-\u11ff]+|[\s\S]\p{M}{0,30}/uy;

function foldCharacter(character: string): string {
  const plain = character.normalize('NFKC');
  return (HAS_DIGIT.test(plain) && !HAS_DIGIT.test(character) ? character : plain)
    .toLowerCase()
    .replace(UNSEEN, '')
    .replace(DASHES, '-')
    .replace(DIGITS, digitOf)
    .replaceAll('ς', 'σ')
    .replaceAll('ß', 'ss');
}

const HAS_DIGIT = /\p{Nd}/u;
/** White space, what cannot be seen (the soft hyphen), the dot that the small letter of İ gets, quotation marks, bars. */
const UNSEEN = /\u0307|[\s\p{Cf}\p{Cc}'"`´‘’‚‛“”„‟«»‹›′″|¦│┃]/gu;
const DASHES = /[‐‑‒–—―−]/g;
const DIGITS = /(?![0-9])\p{Nd}/gu;

/** Digits of a script stand in a row of ten, from 0 on. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

const PLAIN: readonly string[] = Array.from({ length: 0x80 }, (_, code) =>
  foldCharacter(String.fromCharCode(code)),
);

/** As a value with digits is compared, whose hyphens count: `RE-X5` is not `R-EX5`. Without signs at its ends. */
export const foldWithHyphens = (text: string): string =>
  foldCharacter(text)
    .replace(/\.{3,}|([_=*])\1{2,}/g, '…')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/** Which units stay: a dash before a digit alone, and of a leader its first sign, as `…` where it is made of dots. */
function keptUnits(units: string[]): readonly number[] {
  const kept: number[] = [];
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? '';
    if (unit === '-') {
      if (/^[0-9]$/.test(units[at + 1] ?? '')) kept.push(at);
    } else if (LEADERS.has(unit)) {
      let end = at;
      while (units[end] === unit) end += 1;
      if (end - at >= SHORTEST_LEADER) {
        if (unit === '.') units[at] = '…';
        kept.push(at);
      } else for (let one = at; one < end; one += 1) kept.push(one);
      at = end - 1;
    } else kept.push(at);
  }
  return kept;
}

const LEADERS: ReadonlySet<string> = new Set(['.', '_', '=', '*']);
const SHORTEST_LEADER = 3;
