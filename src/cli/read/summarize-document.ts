import type { Document, Problem, ReportEntry, Via } from '../../readers/document.ts';
import { isWanted, type PageRange } from '../../readers/page-ranges.ts';

export type Summary = {
  /** How many pages were read in which way: `12 text, 3 OCR, 1 not read`. */
  readonly how: string;
  /** What is not right with it, the gravest first. */
  readonly wrong: readonly string[];
  /** `partly`: pages are missing. `no`: nothing of it could be read. A blank page counts as read. */
  readonly isRead: 'yes' | 'partly' | 'no';
  readonly counts: Readonly<Record<Counted, number>>;
};
export type Counted = Via | 'blank';

const WORDS: readonly (readonly [Counted, string])[] = [
  ['text', 'text'],
  ['form', 'form'],
  ['ocr', 'OCR'],
  ['ocr-layer', 'scanned text'],
  ['vision', 'vision'],
  ['blank', 'blank'],
  ['none', 'not read'],
];

export function summarizeDocument(
  { report, pages, pageCount }: Document,
  wanted?: readonly PageRange[],
): Summary {
  const entries = report.pages.filter(({ via, code }) => !wanted || via !== 'none' || code !== undefined);
  const counts = { text: 0, form: 0, ocr: 0, 'ocr-layer': 0, vision: 0, blank: 0, none: 0 };
  for (const entry of entries) counts[kindOf(entry)] += entry.last - entry.first + 1;
  const missing = entries.filter((entry) => kindOf(entry) === 'none');
  const isGone = report.refused !== undefined || (entries.length > 0 && entries.length === missing.length);
  const nothingWanted = wanted && pageCount > 0 && !pages.some(({ number }) => isWanted(number, wanted));
  return {
    how: howMany(counts),
    wrong: whatIsWrong({ report, pages, pageCount, missing }),
    isRead:
      isGone || nothingWanted ? 'no' : missing.length > 0 || report.limits.length > 0 ? 'partly' : 'yes',
    counts,
  };
}

/** `12 text, 3 OCR, 1 not read`; empty where there is nothing to count. */
export const howMany = (counts: Readonly<Record<Counted, number>>): string =>
  WORDS.flatMap(([counted, word]) => (counts[counted] > 0 ? [`${counts[counted]} ${word}`] : [])).join(', ');

const kindOf = ({ via, code }: ReportEntry): Counted => (code === 'blank' ? 'blank' : via);

function whatIsWrong({
  report,
  pages,
  pageCount,
  missing,
}: Pick<Document, 'report' | 'pages' | 'pageCount'> & {
  missing: readonly ReportEntry[];
}): readonly string[] {
  const place = (page: number, sentence: string) =>
    pageCount > 1 && !/\bpage \d/i.test(sentence) ? `Page ${page}: ${sentence}` : sentence;
  const sentences = (problems: readonly Problem[]) => problems.map(({ sentence }) => sentence);
  const ofPages = pages
    .filter(({ via }) => via !== 'none')
    .flatMap(({ number, warnings, pictures }) => {
      const unread = pictures.filter(({ read }) => !read).length;
      const isSaid = unread === 0 || warnings.some(({ code }) => code === 'picture-not-read');
      const said = isSaid
        ? []
        : [unread === 1 ? 'A picture was not read.' : `${unread} pictures were not read.`];
      const wrong = warnings.filter(({ code }) => code !== 'mixed');
      return [...sentences(wrong), ...said].map((sentence) => place(number, sentence));
    });
  return [
    ...new Set([
      ...(report.refused ? [report.refused.sentence] : []),
      ...sentences(report.limits),
      ...missing.map(({ first, sentence }) => place(first, sentence)),
      ...sentences(report.warnings),
      ...ofPages,
    ]),
  ];
}
