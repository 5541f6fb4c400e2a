import type { Page } from '../../readers/document.ts';
import { escapeLine } from '../../terminal-text.ts';
import { keepStart } from './text-width.ts';

const LABEL_COLUMNS = 40;

/** `--- page 2 of 7, "Costs" (read by OCR, confidence 91 of 100) ---` */
export function pageHeading({ number, label, ...page }: Page, pageCount: number): string {
  const shown = keepStart(escapeLine(label ?? ''), LABEL_COLUMNS);
  const name = shown === '' || shown === String(number) ? '' : `, "${shown}"`;
  const how = howRead(page);
  return `--- page ${number} of ${pageCount}${name}${how === '' ? '' : ` (${how})`} ---`;
}

/** Nothing for what people expect: text that was read as text. */
function howRead({
  via,
  confidence,
  warnings,
  pictures,
}: Pick<Page, 'via' | 'confidence' | 'warnings' | 'pictures'>) {
  const unread = pictures.filter(({ read }) => !read).length;
  const sure = confidence === undefined ? '' : `, confidence ${Math.round(confidence)} of 100`;
  const words = {
    text: '',
    ocr: `read by OCR${sure}`,
    'ocr-layer': 'a scan, with the text that another program laid over it',
    vision: 'read by a vision model',
    form: 'the values of its form',
    none: warnings.some(({ code }) => code === 'blank') ? 'blank' : 'not read',
  }[via];
  const left =
    unread === 0 || via === 'none' ? '' : `${unread} ${unread === 1 ? 'picture' : 'pictures'} not read`;
  return [words, left].filter(Boolean).join('; ');
}
