import { z } from 'zod';
import { escapeLine } from '../src/terminal-text.ts';
import { defineTool } from '../src/tool/define-tool.ts';

/** Writes a file whole; an existing one with other content is kept as a version. */
export const writeFile = defineTool({
  name: 'write_file',
  description: 'Write a text file into the workspace.',
  input: z.object({
    path: z.string().describe('File path, relative to the workspace'),
    content: z.string().describe('The text to write'),
  }),
  effect: 'write',
  writes: ({ path }) => [path],
  run: async ({ path, content }, { workspace }) => {
    const written = await workspace.write(path, content);
    const line = `Wrote ${written.bytes} bytes to ${escapeLine(written.path)}`;
    return written.previous === undefined
      ? line
      : `${line}\nThe former version is ${escapeLine(written.previous)}`;
  },
});
