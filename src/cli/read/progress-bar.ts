import { keepEnd } from './text-width.ts';

export type BatchState = {
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  /** What is being read. */
  readonly name: string;
  /** Of that file, as far as is known. */
  readonly page: number;
  readonly pageCount: number;
  /** What of it is counted. Default: `page`. */
  readonly unit?: string;
  /** Of `done`, what took no time. Default: 0. */
  readonly known?: number;
};

const BAR_COLUMNS = 16;
/** Before this, a rate says nothing. */
const RATE_AFTER_MS = 1500;

/** `████░░░░  12 of 40, 3.2 a second, 9 s left  scans/letter.pdf, page 3 of 12`; wider than `columns` it has no file. */
export function toProgressLine(state: BatchState, columns: number): string {
  const { done, total, elapsedMs, name, page, pageCount, unit = 'page', known = 0 } = state;
  const filled = Math.round((BAR_COLUMNS * done) / Math.max(1, total));
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled);
  const counts = [`${done} of ${total}`, ...toRate(done - known, total - done, elapsedMs)].join(', ');
  const place = pageCount > 1 ? `, ${unit} ${Math.min(page + 1, pageCount)} of ${pageCount}` : '';
  const left = columns - BAR_COLUMNS - counts.length - place.length - 4;
  return left < 8 ? `${bar}  ${counts}` : `${bar}  ${counts}  ${keepEnd(name, left)}${place}`;
}

function toRate(done: number, left: number, elapsedMs: number): readonly string[] {
  if (done <= 0 || elapsedMs < RATE_AFTER_MS) return [];
  const perSecond = done / (elapsedMs / 1000);
  const rate =
    perSecond >= 1 ? `${perSecond.toFixed(1)} a second` : `${(60 * perSecond).toFixed(0)} a minute`;
  return [rate, `${toDuration(left / perSecond)} left`];
}

/** `9 s`, `4 min`, `2.5 h` */
export function toDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
