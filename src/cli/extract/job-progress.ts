import type { ExtractEvent } from '../../extract/extraction.ts';
import { escapeLine } from '../../terminal-text.ts';
import type { Output } from '../output.ts';
import { toProgressLine } from '../read/progress-bar.ts';
import { createStatusLine, type StatusLine } from '../read/status-line.ts';
import { documentLine, type RunCounts } from './show-summary.ts';

export type JobProgress = {
  onEvent(event: ExtractEvent): void;
  /** Shows a sentence above the line that is drawn over. */
  say(sentence: string, style?: 'red' | 'dim'): void;
  end(): void;
  counts(): RunCounts;
};

/** Shows what goes on: on a terminal one line that is drawn over, elsewhere a line a document. */
export function createJobProgress(output: Output): JobProgress {
  const started = performance.now();
  let counts = { done: 0, total: 0, known: 0 };
  /** Contents whose values were taken now. */
  const taken = new Set<string>();
  let copies = 0;
  let isAsked = false;
  /** What is in hand, the newest last. */
  const inHand = new Map<string, { readonly passage: number; readonly passageCount: number }>();
  const status: StatusLine | undefined = output.isPlain
    ? undefined
    : createStatusLine(process.stderr, (columns) => {
        const [name = '', { passage = 1, passageCount = 1 } = {}] = [...inHand].at(-1) ?? [];
        const elapsedMs = performance.now() - started;
        const shown = { name: escapeLine(name), page: passage - 1, pageCount: passageCount, unit: 'part' };
        // Room for the ^C that a terminal shows: it would begin a new line.
        return toProgressLine({ ...counts, ...shown, elapsedMs }, columns - 2);
      });
  const say = (sentence: string, style: 'red' | 'dim' | 'plain' = 'plain') => {
    status?.clear();
    output.note(escapeLine(sentence), style);
  };
  const endOne = (file: string) => {
    inHand.delete(file);
    counts = { ...counts, done: counts.done + 1, total: Math.max(counts.total, counts.done + 1) };
  };
  const onEvent = (event: ExtractEvent): void => {
    if (event.type === 'job-start') counts = { ...counts, total: event.total };
    else if (event.type === 'document-start') inHand.set(event.file, { passage: 1, passageCount: 1 });
    else if (event.type === 'passage-start') {
      const { file, passage, passageCount } = event;
      inHand.set(file, { passage, passageCount });
    } else if (event.type === 'document-end') {
      const { file, sha256, usage } = event.row;
      endOne(file);
      if (taken.has(sha256)) copies += 1;
      else if (!event.isNew) counts = { ...counts, known: counts.known + 1 };
      if (event.isNew) {
        taken.add(sha256);
        isAsked ||= usage.generatedTokens > 0;
        if (!status) say(documentLine(event.row));
      }
    } else if (event.type === 'document-failed') {
      const { file, problem } = event.failure;
      endOne(file);
      say(`${file}: ${problem}`, 'red');
    } else if (event.type === 'file-moved') {
      if (!status) say(`${event.file}: moved to ${event.to}`, 'dim');
    } else say(event.sentence);
  };
  return { onEvent, say, end: () => status?.end(), counts: () => ({ known: counts.known, copies, isAsked }) };
}
