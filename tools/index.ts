import type { Tool } from '../src/tool/define-tool.ts';
import { askDocument } from './ask-document.ts';
import { calculate } from './calculate.ts';
import { listFiles } from './list-files.ts';
import { now } from './now.ts';
import { readFile } from './read-file.ts';
import { readImage } from './read-image.ts';
import { readPdf } from './read-pdf.ts';
import { recall } from './recall.ts';
import { remember } from './remember.ts';
import { searchFiles } from './search-files.ts';
import { writeFile } from './write-file.ts';

/** The tools that an agent can name. */
export const builtInTools: readonly Tool[] = [
  listFiles,
  readFile,
  readPdf,
  readImage,
  searchFiles,
  askDocument,
  calculate,
  now,
  recall,
  remember,
  writeFile,
];
