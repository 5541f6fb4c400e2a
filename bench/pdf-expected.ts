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

/** The words stand in the file, whole, and nothing is in the way. Of nearly all these files the table of objects is off by
 * some bytes, besides the defect of the name: to say that the file was damaged is right too. */
const TEXT = ['read', 'recovered'];
/** The words stand there, at places that the table of objects tells wrong: who looks for them finds them. */
const FOUND_AGAIN = ['recovered'];
/** No page hangs on the root. */
const NO_PAGES = ['damaged'];
/** Nothing leads to the root, though it is there. Poppler opens none of these either; a reader may search for it. */
const NO_ROOT = ['damaged', 'recovered'];
/** The page's words, or what makes them be shown, are not where the file says: what may not be said is that the page was
 * read, or is blank. */
const LOST = ['page-failed'];

const BY_DEFECT: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^T01_/, TEXT],
  [/^T02-01_002/, NO_ROOT],
  [/^T02-01_003/, NO_PAGES],
  [/^T02-01_00[56]/, TEXT],
  [/^T02-02_001/, NO_PAGES],
  [/^T02-02_00[34]/, LOST],
  [/^T02-02_007/, TEXT],
  [/^T02-03_01[01]/, LOST],
  [/^T02-03_/, TEXT],
  // A font without a name: its letters are those of the standard.
  [/^T02-04-01_/, TEXT],
  [/^T02-05-01_00[23]/, TEXT],
  // Where the stream ends is told twice: by its length and by its end mark.
  [/^T02-05-01_01[467]/, TEXT],
  [/^T02-05-01_/, LOST],
  [/^T03_/, TEXT],
  // All of the file is there: it is not cut off.
  [/^T04_00[67]/, FOUND_AGAIN],
  [/^T04_00[124]/, TEXT],
  [/^T04_01[067]/, TEXT],
  [/^T04_/, NO_ROOT],
];

/** What may be said of a file of `pdf/handbuilt`: its name tells its one defect. */
export function expectedOutcomes(name: string): readonly string[] {
  return BY_DEFECT.find(([pattern]) => pattern.test(name))?.[1] ?? TEXT;
}
