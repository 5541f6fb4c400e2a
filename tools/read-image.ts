import { z } from 'zod';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import { defineTool } from '../src/tool/define-tool.ts';
import { READ_TIMEOUT_MS, readForModel } from './read-for-model.ts';
import { fromLine, pages, question } from './reading-input.ts';

const NO_EYES =
  '[No model that sees pictures is set up. This is the text that was read from the file: a question about anything else in it cannot be answered.]';

/** The words in a picture, and in any other file that a model takes for one. */
export const readImage = defineTool({
  name: 'read_image',
  description: 'Look at an image file from the workspace.',
  input: z.object({
    path: z.string().describe('File path, relative to the workspace'),
    question,
    pages,
    from_line: fromLine,
  }),
  shown: ['path', 'question'],
  effect: 'read',
  timeoutMs: READ_TIMEOUT_MS,
  run: async (input, context) => {
    const bytes = await context.workspace.readBytes(input.path, { maxBytes: DEFAULT_LIMITS.fileBytes });
    const hasQuestion = (input.question ?? '').trim() !== '';
    const maxCharacters = context.maxCharacters - (hasQuestion ? NO_EYES.length + 1 : 0);
    const text = await readForModel(bytes, input, { ...context, maxCharacters });
    return hasQuestion && typeof text === 'string' ? `${text}\n${NO_EYES}` : text;
  },
});
