import { describe, expect, test } from 'vitest';
import { isNotHere } from '../../tools/is-not-here.ts';

describe('isNotHere', () => {
  test.each([
    'not here',
    'Not here.',
    '**Not here**',
    '"not here"',
    'Answer: not here.',
    'It is not here.',
    'Not mentioned in the text.',
    'Not found',
    'N/A',
    'Nothing found.',
    'Unknown.',
    'No information.',
    'The text does not say it.',
    "The text doesn't mention an allergy.",
    'The text does not say it. Not here.',
    'This document contains no information about the birth date.',
    'There is no mention of an allergy in this text.',
    'No information about allergies is given.',
    "I can't find the birth date in this text.",
    'The birth date is not mentioned in the text.',
    'The patient’s allergies are not stated.',
    'The birth date is not given in the provided text.',
  ])('takes %j for nothing', (answer) => {
    expect(isNotHere(answer)).toBe(true);
  });

  test.each([
    '1950-03-02',
    'No.',
    'None.',
    'No known allergies.',
    'There is no allergy to penicillin.',
    'Not here. However, the birth date is 1950-03-02.',
    'The text does not say it, but line 3 names peanuts.',
    'The dose is not given there. It is 5 mg.',
    'The patient is not here to stay: she left on 3 May.',
    'The test was not done.',
    'Unknown origin, biopsy on 2019-05-14.',
    'Peanuts',
    'Not known to have allergies.',
  ])('takes %j for a finding', (answer) => {
    expect(isNotHere(answer)).toBe(false);
  });
});
