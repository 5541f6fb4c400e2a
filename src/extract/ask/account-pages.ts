import type { Document } from '../../readers/document.ts';
import { pageLines } from '../../readers/pages-text.ts';
import type { PageAccount } from '../extraction.ts';

/** What became of every page of a document; pages of which the same is to be said stand together. */
export function accountPages(
  { pages, report }: Document,
  /** Numbers of the pages that a model was given whole. */
  asked: ReadonlySet<number>,
): readonly PageAccount[] {
  const withText = new Set(pages.filter((page) => pageLines(page).length > 0).map(({ number }) => number));
  const accounts: PageAccount[] = [];
  for (const { first, last, via, sentence } of report.pages) {
    for (let number = first; number <= last; number++) {
      const isAsked = asked.has(number);
      const said = isAsked || via === 'none' ? sentence : `${sentence} ${notAsked(withText.has(number))}`;
      const before = accounts.at(-1);
      if (before?.via === via && before.isAsked === isAsked && before.sentence === said) {
        accounts[accounts.length - 1] = { ...before, last: number };
      } else accounts.push({ first: number, last: number, via, isAsked, sentence: said });
    }
  }
  return accounts;
}

const notAsked = (hasText: boolean): string =>
  hasText ? 'Not all of it fitted the model.' : 'It has no text to look in.';
