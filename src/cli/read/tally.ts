import type { Document } from '../../readers/document.ts';
import type { FoundFiles } from '../../readers/find-files.ts';
import { plural } from '../output.ts';
import { toDuration } from './progress-bar.ts';
import { howMany, type Summary } from './summarize-document.ts';

/** Counts what became of the files of a batch. */
export type Tally = {
  readonly files: () => number;
  /** Whether a file needs a password that nobody gave. */
  readonly isLocked: () => boolean;
  readonly add: (document: Document, summary: Summary) => void;
  /** What there is to say at the end. */
  readonly sentences: (found: FoundFiles) => readonly string[];
};

export function createTally(): Tally {
  const started = performance.now();
  const reads = { yes: 0, partly: 0, no: 0 };
  const pages = { text: 0, form: 0, ocr: 0, 'ocr-layer': 0, vision: 0, blank: 0, none: 0 };
  let [remarks, isLocked] = [0, false];
  const files = () => reads.yes + reads.partly + reads.no;
  const result = () => {
    if (files() === 0) return 'There is no file to read.';
    const parts = [
      remarks > 0 ? `${reads.yes} read (${remarks} with a remark)` : `${reads.yes} read`,
      reads.partly > 0 && `${reads.partly} in part`,
      reads.no > 0 && `${reads.no} not`,
    ];
    const count = Object.values(pages).reduce((sum, one) => sum + one, 0);
    const ofPages = count > 0 ? ` ${plural(count, 'page')}: ${howMany(pages)}.` : '';
    const time = toDuration((performance.now() - started) / 1000);
    return `${plural(files(), 'file')} in ${time}: ${parts.filter(Boolean).join(', ')}.${ofPages}`;
  };
  return {
    files,
    isLocked: () => isLocked,
    add: ({ report }, { isRead, counts, wrong }) => {
      reads[isRead] += 1;
      if (isRead === 'yes' && wrong.length > 0) remarks += 1;
      for (const [counted, count] of typedEntries(counts)) pages[counted] += count;
      isLocked ||= report.refused?.code === 'password-needed';
    },
    sentences: ({ problems, leftOut }) => [
      ...problems.map(({ path, sentence }) => `${path}: ${sentence}`),
      result(),
      ...toLeftOut(leftOut),
    ],
  };
}

const typedEntries = <K extends string>(record: Readonly<Record<K, number>>) =>
  Object.entries(record) as [K, number][];

function toLeftOut({ hidden, link, other }: FoundFiles['leftOut']): readonly string[] {
  const parts = [
    hidden > 0 && plural(hidden, 'hidden name'),
    link > 0 && plural(link, 'link'),
    other > 0 && `${other} that ${other === 1 ? 'is' : 'are'} neither file nor folder`,
  ].filter(Boolean);
  return parts.length > 0 ? [`Left out: ${parts.join(', ')}.`] : [];
}
