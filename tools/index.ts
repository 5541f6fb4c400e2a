import type { Tool } from '../src/tool/define-tool.ts';
import { listFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { writeFile } from './write-file.ts';

/** The tools that an agent can name. */
export const builtInTools: readonly Tool[] = [listFiles, readFile, writeFile];
