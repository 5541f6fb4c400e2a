import { foldText } from '../../tool/fold-text.ts';
import type { VerifyContext } from '../evidence/verify-claim.ts';
import type { Field, Scalar, Value } from '../extraction.ts';
import { isOpposite, type Located, locateStated } from './locate-stated.ts';
import { isSameValue, showValue } from './merge-values.ts';
import { readStated } from './read-stated.ts';

export type Stated = {
  readonly field: Field;
  /** As the XML has it. */
  readonly text: string;
  /** By the model, of the pages. */
  readonly said: Value | undefined;
};
export type StatedContext = VerifyContext & {
  /** Whether the pages may print amounts with the other sign than the XML has. */
  readonly isCreditNote: boolean;
  /** Why no value of the XML is sure by itself. */
  readonly doubt: string | undefined;
  readonly hasReadPages: boolean;
};

/**
 * A value of the invoice's XML, with the place where the pages show it. It is verified no longer where code found
 * something else on the pages for it: which of the two is right, a person has to see.
 */
export function stateValue({ field, text, said }: Stated, context: StatedContext): Value {
  const read = readStated(field, text);
  // A choice that has no word for what the XML says is no contradiction of the pages.
  if (!read.ok && field.type === 'choice' && said?.status === 'verified') return said;
  if (!read.ok) return unread(text, read.problem, said);
  const { value } = read;
  const isOther = (one: Value) => context.isCreditNote && isOpposite(field, one.value, value);
  const claims = foundOnPages(said);
  const agreeing = claims.find((one) => isSameValue(one.value, value)) ?? claims.find((one) => isOther(one));
  const located: Located | undefined = agreeing
    ? { place: agreeing, isOpposite: isOther(agreeing) }
    : locate(field, value, context);
  const differing = claims.filter(
    (one) =>
      !isSameValue(one.value, value) && !isOther(one) && !(located && isPartOf(field, one.value, value)),
  );
  const base = { value, source: 'invoice-xml', original: text, ...placeOf(located?.place) } as const;
  if (differing.length > 0)
    return { ...base, status: 'unverified', problem: contradiction(value, differing), others: differing };
  if (context.doubt !== undefined && !agreeing)
    return { ...base, status: 'unverified', problem: context.doubt };
  if (!located) {
    const others = said && hasOtherPlace(said, value) ? { others: [withoutOthers(said)] } : {};
    return { ...base, status: 'verified', problem: whyNoPlace(field, value, context), ...others };
  }
  return { ...base, status: 'verified', ...(located.isOpposite && { problem: OTHER_SIGN }) };
}

const OTHER_SIGN =
  'The pages print it with the other sign. The sign that counts is that of the XML that the document carries.';

/** What the model said that code found on the pages. Several that differ were all found, though none is verified. */
function foundOnPages(said: Value | undefined): readonly Value[] {
  if (!said) return [];
  const { others = [] } = said;
  if (said.status !== 'verified' && !others.some(({ status }) => status === 'verified')) return [];
  return [withoutOthers(said), ...others].filter(({ value }) => value !== null);
}

const withoutOthers = ({ others: _, ...value }: Value): Value => value;

function locate(field: Field, value: Scalar, context: StatedContext): Located | undefined {
  const located = locateStated(field, value, context);
  return located?.isOpposite && !context.isCreditNote ? undefined : located;
}

/** Whether one text has all of the other's words in a row: an article's name with and without its number. */
function isPartOf({ type }: Field, one: Scalar | null, other: Scalar): boolean {
  if (type !== 'text') return false;
  const [short = '', long = ''] = [one, other].map(wordsOf).sort((a, b) => a.length - b.length);
  return /\p{L}{3}/u.test(short) && long.includes(short);
}

const wordsOf = (text: Scalar | null): string => ` ${foldText(String(text)).replace(/\s+/g, ' ').trim()} `;

function contradiction(value: Scalar, others: readonly Value[]): string {
  const said = others.map(
    (other) =>
      `${other.page === undefined ? 'the pages say' : `page ${other.page} says`} ${showValue(other.value)}`,
  );
  return `The invoice's XML says ${showValue(value)}, ${said.join(', and ')}.`;
}

function whyNoPlace(field: Field, value: Scalar, context: StatedContext): string {
  if (!context.hasReadPages) return "Only in the invoice's XML; the pages were not read.";
  return locate(field, value, { ...context, siblings: [] })
    ? "Only in the invoice's XML; the pages show the same under the name of something else."
    : "Only in the invoice's XML; the pages do not show it.";
}

const hasOtherPlace = (said: Value, value: Scalar): boolean =>
  said.page !== undefined && said.value !== null && !isSameValue(said.value, value);

/** What the pages say stays, for a person to decide. */
function unread(text: string, problem: string, said: Value | undefined): Value {
  if (said && said.value !== null) return { ...said, status: 'unverified', problem };
  return { value: null, status: 'unverified', source: 'invoice-xml', original: text, problem };
}

const placeOf = (value: Value | undefined): Pick<Value, 'quote' | 'page' | 'box' | 'via'> => ({
  ...(value?.quote !== undefined && { quote: value.quote }),
  ...(value?.page !== undefined && { page: value.page }),
  ...(value?.box !== undefined && { box: value.box }),
  ...(value?.via !== undefined && { via: value.via }),
});
