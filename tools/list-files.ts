import { z } from 'zod';
import { escapeLine } from '../src/terminal-text.ts';
import { defineTool } from '../src/tool/define-tool.ts';

export const MAX_NAMES = 500;

/** One name a line, folders with `/`, without dotfiles. A name with hidden characters is shown escaped, and can be
 * asked for as it is shown. */
export const listFiles = defineTool({
  name: 'list_files',
  description: 'List the files in a folder of the workspace.',
  input: z.object({ path: z.string().describe('Folder path, relative to the workspace') }),
  effect: 'read',
  run: async ({ path }, { workspace }) => {
    const entries = (await workspace.list(path)).filter(({ name }) => !name.startsWith('.'));
    if (entries.length === 0) return 'The folder is empty.';
    const lines = entries
      .slice(0, MAX_NAMES)
      .map(({ name, kind }) => escapeLine(name) + (kind === 'folder' ? '/' : ''));
    const more = entries.length - lines.length;
    return [...lines, ...(more > 0 ? [`[${more} more names are not shown.]`] : [])].join('\n');
  },
});
