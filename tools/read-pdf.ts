import { z } from 'zod';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import { defineTool } from '../src/tool/define-tool.ts';
import { READ_TIMEOUT_MS, readForModel } from './read-for-model.ts';
import { fromLine, pages } from './reading-input.ts';

/** The text of a PDF, and of any other file that a model takes for one. */
export const readPdf = defineTool({
  name: 'read_pdf',
  description: 'Read the text of a PDF file from the workspace.',
  input: z.object({
    path: z.string().describe('File path, relative to the workspace'),
    pages,
    from_line: fromLine,
  }),
  shown: ['path', 'pages'],
  effect: 'read',
  timeoutMs: READ_TIMEOUT_MS,
  run: async (input, context) => {
    const bytes = await context.workspace.readBytes(input.path, { maxBytes: DEFAULT_LIMITS.fileBytes });
    return readForModel(bytes, input, context);
  },
});
