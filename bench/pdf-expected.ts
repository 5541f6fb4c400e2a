/** Of the files in `pdf/pypdf`, as they stand in pypdf's tests, and of `pdf/pdfminer`. */
export const PASSWORDS: readonly string[] = [
  'user',
  'owner',
  'foo',
  'password',
  'openpassword',
  'asdfzxcv',
  'test',
];

/** The defect does no harm to the text, or it can be mended, and is said to be. */
const TEXT = ['read', 'recovered'];
/** The file has no root, or no pages below it. */
const NO_PAGES = ['damaged'];
/** The page's content, or a part that its text needs, is not where the file says. */
const LOST = ['page-failed', 'recovered'];
/** The end of the file is missing or wrong. Its text may be found again. */
const END = ['cut-off', 'recovered', 'page-failed'];

const BY_DEFECT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^T01_/, TEXT],
  [/^T02-01_00[23]/, NO_PAGES],
  [/^T02-01_00[56]/, TEXT],
  [/^T02-02_001/, NO_PAGES],
  [/^T02-02_00[34]/, LOST],
  [/^T02-02_007/, TEXT],
  [/^T02-03_01[01]/, LOST],
  [/^T02-03_/, TEXT],
  [/^T02-04-01_001/, LOST],
  [/^T02-04-01_/, TEXT],
  [/^T02-05-01_00[23]/, TEXT],
  [/^T02-05-01_01[67]/, TEXT],
  [/^T02-05-01_/, LOST],
  [/^T03_/, TEXT],
  [/^T04_00[1-7]/, END],
  // Without a trailer, or a root in it, pdf.js may find the root by itself.
  [/^T04_/, ['damaged', 'recovered']],
];

/** What may be said of a file of `pdf/handbuilt`: its name tells its one defect. */
export function expectedOutcomes(name: string): readonly string[] {
  return BY_DEFECT.find(([pattern]) => pattern.test(name))?.[1] ?? TEXT;
}
