import type { Field } from '../extraction.ts';
import { foldWords } from '../values/fold-words.ts';
import { lastName, wordsOf } from './field-words.ts';
import { meaningsOf } from './label-words.ts';

const NO_IDENTIFIER = 'This is no number or code: it has no digit.';

/** Why a text cannot be the identifier that its field asks for. */
export function identifierProblem(field: Field, text: string): string | undefined {
  if (!isIdentifier(field) || /\p{N}/u.test(text)) return undefined;
  const isCode = wordsIn(lastName(field)).some((word) => CODES.has(word));
  return isCode && /^[\p{Lu}\p{Lo}][\p{Lu}\p{Lo}./_-]*$/u.test(text) ? undefined : NO_IDENTIFIER;
}

const NUMBERS: ReadonlySet<string> = new Set(['iban', 'bic', 'swift']);
/** These may do without a digit: `COBADEFFXXX`. They are one word in capitals then. */
const CODES: ReadonlySet<string> = new Set(['bic', 'swift', 'code', 'ref', 'reference', 'referenz']);

const wordsIn = (name: string): readonly string[] =>
  foldWords(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')).split(' ');

/** Whether a field asks for a number or a code that tells one thing from others, by its name, or by a description that
 * begins with it: `Number of the invoice`, but neither `Number of guests` nor `Street and number`. */
export function isIdentifier(field: Field): boolean {
  if (field.type !== 'text') return false;
  const name = meaningsOf(lastName(field));
  if (name.has('number') && name.isDisjointFrom(WORDY) && wordsIn(lastName(field)).some(isNumberWord))
    return true;
  if (!name.isDisjointFrom(NAME_LIKE)) return false;
  if (name.has('number') || wordsIn(lastName(field)).some((word) => NUMBERS.has(word))) return true;
  const [begin = ''] = field.description.split(/[,.;:(]|\s(?:of|de|der|des|van)\s/u);
  if (COUNT.test(field.description) || begin.split(/\s+/).length > MOST_WORDS || JOINED.test(begin))
    return false;
  return meaningsOf(begin).has('number');
}

const MOST_WORDS = 5;
const COUNT = /\bnumber of (?!(?:the|this|an?)\b)[^,.;]*s\b/i;
const JOINED = /[&/]|\b(?:and|or|with|und|oder|mit|et|ou|y|e|en)\b/iu;

const WORDY: ReadonlySet<string> = new Set(['name', 'description']);
/** `customerNumber`, `Kundennummer`; a `customerReference` may be a name. */
const isNumberWord = (word: string): boolean => /^(?:number|numero|no|nr|num|id)$|nummer$/.test(word);
const NAME_LIKE: ReadonlySet<string> = new Set(['seller', 'customer', 'name', 'description']);
const NAMES: ReadonlySet<string> = new Set(['seller', 'customer', 'name', 'company', 'firm', 'firma']);

/**
 * Whether a label names the identifier of a sibling, and the text is such a one: `Invoice NG-77120` is no vendor where
 * the number of the invoice is asked for too. A company's name that begins so, `Invoice Services Ltd`, has no digit.
 */
export function isCalledIdentifier(
  label: string,
  text: string,
  field: Field,
  siblings: readonly Field[],
): boolean {
  if (field.type !== 'text' || !/^\S*\p{N}\S*$/u.test(text)) return false;
  const own = wordsOf(field).name;
  if (own.isDisjointFrom(NAMES) || isIdentifier(field)) return false;
  const said = meaningsOf(wordsBefore(label));
  if (!said.isDisjointFrom(own)) return false;
  return siblings.filter(isIdentifier).some((sibling) => {
    const { name, description } = wordsOf(sibling);
    return !name.union(description).isDisjointFrom(said);
  });
}

/** The last word, and the one before it where the last is a sign for a number: `Invoice no`, `Facture n`, but not the
 * words of `Invoice from`. */
function wordsBefore(label: string): string {
  const [before = '', last = ''] = ['', ...label.trim().split(/\s+/)].slice(-2);
  return foldWords(last).length < 2 || meaningsOf(last).has('number') ? `${before} ${last}` : last;
}
