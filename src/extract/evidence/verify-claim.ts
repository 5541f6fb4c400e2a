import type { PageRange } from '../../readers/page-ranges.ts';
import type { Claim, Field, Scalar, Value } from '../extraction.ts';
import type { Conventions } from '../values/conventions.ts';
import { findReadings } from '../values/find-readings.ts';
import { normalise } from '../values/normalise.ts';
import type { DocumentIndex } from './document-index.ts';
import { findQuote, LONGEST_QUOTE, type Place } from './find-quote.ts';
import { readingsWithin, type Statement, textsWithin } from './find-values.ts';
import { identifierProblem, isIdentifier } from './identifier-check.ts';
import { bestOf, calledOtherwise, type Judged, judgeStatement } from './judge-statement.ts';
import { measureProblem } from './measure-check.ts';
import { hasRaisedDigits } from './raised-digits.ts';
import { boxOf, leastConfidence } from './value-box.ts';
import { withoutQuotationMarks } from './written-text.ts';

export type VerifyContext = {
  readonly index: DocumentIndex;
  readonly conventions: Conventions;
  /** Pages of the passage that the model was given. Default: all. */
  readonly pages?: readonly PageRange[];
  /** All fields of the same table, for the check of labels. */
  readonly siblings: readonly Field[];
};

/**
 * 0 to 100, of the words that a value was read from. Of 130 words of clean pictures Tesseract gave 126 more than 90, and
 * four 39 to 57: in this gap is the limit. A scan below it needs a person's eye.
 */
export const LEAST_CONFIDENCE = 70;

/** What a model says of a field, once code has looked: `verified` only where the document states it; see the README. */
export function verifyClaim(field: Field, claim: Claim, context: VerifyContext): Value {
  const found = findQuote(context.index, claim.quote, context.pages);
  if (!found.ok) return unverified(field, claim, context, found.problem);
  return verifyAt(field, claim, { ...context, places: found.places, isInRow: false }).value;
}

/** A value, and what states it; nothing where it is not in its quote. */
export type Verified = { readonly value: Value; readonly stated?: Judged };

type At = VerifyContext & {
  readonly places: readonly Place[];
  /** Whether the places are lines of a list. */
  readonly isInRow: boolean;
};

/** As `verifyClaim`, where it is known where the quote stands. */
export function verifyAt(field: Field, claim: Claim, at: At): Verified {
  const { places, conventions } = at;
  const claimed = claimedValue(field, claim.value, conventions);
  if (!claimed.ok) return { value: unverified(field, claim, at, claimed.problem) };
  const stated = places.flatMap((place) =>
    statementsOf(field, claimedText(field, claim.value), claimed.value, place, conventions).map((statement) =>
      judgeStatement(place.page, place, statement, { field, ...at }),
    ),
  );
  const best = bestOf(stated);
  if (!best) {
    const [place] = places;
    const value = unverified(field, claim, at, NOT_IN_QUOTE);
    return { value: { ...value, ...(place && evidence(place, place, place)) } };
  }
  const { statement, within } = best;
  const place = places.find(({ layer, start }) => layer === within.layer && start === within.start);
  const problem =
    problemOf(field, best, conventions) ?? (place?.isCut && best.verdict.says !== 'for' ? CUT : undefined);
  const value: Value = {
    value: field.type === 'text' ? textOf(field, statement, conventions) : claimed.value,
    status: problem === undefined ? 'verified' : 'unverified',
    source: 'model',
    original: inOneLine(within.layer.text.slice(statement.start, statement.end)),
    ...(problem !== undefined && { problem }),
    ...(place &&
      evidence(
        place,
        { start: Math.min(place.start, statement.start), end: Math.max(place.end, statement.end) },
        statement,
      )),
  };
  return { value, stated: best };
}

const CUT = 'The quoted words begin or end within a word of the document.';
const NOT_IN_QUOTE = 'The quoted words do not state this value.';

type Claimed =
  | { readonly ok: true; readonly value: Scalar }
  | { readonly ok: false; readonly problem: string };

/** A value that comes with words around it is the one that can be read in it. */
function claimedValue(field: Field, text: string, conventions: Conventions): Claimed {
  const normalised = normalise(field, text, conventions);
  if (normalised.ok || text.length > LONGEST_QUOTE) return normalised;
  const readings = findReadings(field, text, conventions);
  const [only, ...others] = new Set(readings.map(({ value }) => value));
  const isSure = others.length === 0 && readings.every(({ isInDoubt }) => !isInDoubt);
  return only !== undefined && isSure ? { ok: true, value: only } : normalised;
}

/** Behind the digits of an identifier, a full stop ends a sentence. */
function claimedText(field: Field, text: string): string {
  const own = withoutQuotationMarks(text);
  return isIdentifier(field) ? own.replace(/(?<=\p{N})[.,;:]+$/u, '') : own;
}

function statementsOf(
  field: Field,
  text: string,
  value: Scalar,
  place: Place,
  conventions: Conventions,
): readonly Statement[] {
  if (field.type === 'text') return textsWithin(text, place);
  return readingsWithin(field, place, conventions).filter((reading) => reading.value === value);
}

function textOf(field: Field, { value }: Statement, conventions: Conventions): Scalar {
  const normalised = normalise(field, String(value), conventions);
  return normalised.ok ? normalised.value : value;
}

/** Why a value that stands in its quote is not verified all the same. */
function problemOf(field: Field, { within, statement, verdict, label }: Judged, conventions: Conventions) {
  if (verdict.says === 'against' && label !== undefined) return calledOtherwise(label);
  if (statement.isInDoubt) return statement.doubt ?? IN_DOUBT;
  if (hasRaisedDigits(within.layer, statement)) return RAISED;
  const kind =
    identifierProblem(field, within.layer.text.slice(statement.start, statement.end)) ??
    (verdict.says === 'for' ? undefined : measureProblem(field, within.layer, statement));
  if (kind !== undefined) return kind;
  if (field.type === 'choice' || field.type === 'boolean') {
    const said = readingsWithin(field, within, conventions);
    // `paid` is a part of `part paid`, and not another choice beside it.
    const beside = said.filter(({ start, end }) => start < statement.start || end > statement.end);
    if (beside.some(({ value }) => value !== statement.value)) return SAYS_BOTH;
  }
  const confidence = leastConfidence(within.layer, statement);
  return confidence !== undefined && confidence < LEAST_CONFIDENCE ? unsure(confidence) : undefined;
}

const IN_DOUBT = 'What the document says here can be read in more than one way.';
const RAISED = 'Smaller or raised digits stand at this number: they may be a part of it or of a note.';
const SAYS_BOTH = 'The quoted words say something else too.';
const unsure = (confidence: number): string =>
  `These words were read from a picture, and not surely: ${Math.round(confidence)} of 100.`;

/** What a model says where nothing of it was found. */
function unverified(field: Field, claim: Claim, { conventions }: VerifyContext, problem: string): Value {
  const claimed = claimedValue(field, claim.value, conventions);
  return {
    value: claimed.ok ? claimed.value : null,
    status: 'unverified',
    source: 'model',
    original: claim.value,
    problem,
    quote: inOneLine(claim.quote).slice(0, LONGEST_QUOTE),
  };
}

function evidence(
  { page, layer }: Place,
  quote: { readonly start: number; readonly end: number },
  value: { readonly start: number; readonly end: number },
): Pick<Value, 'quote' | 'page' | 'box' | 'via'> {
  const box = boxOf(layer, value);
  const { number, via } = page;
  return {
    quote: inOneLine(layer.text.slice(quote.start, quote.end)),
    page: number,
    ...(box && { box }),
    via,
  };
}

const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
