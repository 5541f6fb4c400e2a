import type { Page } from '../../src/readers/document.ts';

/** A page of text, as a reader gives it. */
export const makePage = (number: number, more: Partial<Page> = {}): Page => ({
  number,
  text: 'words',
  spans: [],
  tables: [],
  fields: [],
  pictures: [],
  via: 'text',
  warnings: [],
  ...more,
});
