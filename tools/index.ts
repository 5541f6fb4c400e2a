import type { Tool } from '../src/tool/define-tool.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { readImage } from './read-image.ts';
import { readPdf } from './read-pdf.ts';
import { writeFile } from './write-file.ts';

/** The tools that an agent can name. */
export const builtInTools: readonly Tool[] = [listFiles, readFile, readPdf, readImage, writeFile];
