import type { Tool } from '../src/tool/define-tool.ts';
import { createListFilesTool } from './list-files.ts';
import { createReadFileTool } from './read-file.ts';
import { createWriteFileTool } from './write-file.ts';

/** The tools that an agent can name. */
export const builtInTools: readonly Tool[] = [
  createListFilesTool(),
  createReadFileTool(),
  createWriteFileTool(),
];
