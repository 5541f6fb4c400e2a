import { z } from 'zod';
import { ContextOverflowError, firstLine } from '../src/errors.ts';
import { defineTool, type ToolContext } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { type AskedPart, documentFindings } from './document-findings.ts';
import { type DocumentPart, documentParts, namePlaces } from './document-parts.ts';
import { type LoadedDocument, loadDocument } from './load-document.ts';
import { MAX_BYTES } from './read-file.ts';
import { MAX_CHARACTERS } from './read-for-model.ts';
import { pages } from './reading-input.ts';

/** Short, as the smallest models need it. */
const INSTRUCTIONS =
  'Answer the question from the text, in one or two sentences, with the exact values. If the text does not say it, answer: not here.';
const ANSWER_TOKENS = 256;
const SMALLEST_PART = 250;
/** The longest that a timer of Node holds: a large record takes hours on a small machine, and who waits sees how far it
 * is. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Answers a question about a document of any length: the model reads all of it, part by part, and what it found is put
 * together with its places. */
export const askDocument = defineTool({
  name: 'ask_document',
  description: 'Answer a question about a long document by reading all of it, part by part.',
  input: z.object({
    path: z.string().describe('File path, relative to the workspace'),
    question: z.string().min(1).describe('What to find out. It is asked of every part'),
    pages,
  }),
  effect: 'read',
  timeoutMs: NO_TIMEOUT_MS,
  run: async ({ path, question, pages: wanted = '' }, context) => {
    const bytes = await context.workspace.readBytes(path, { maxBytes: MAX_BYTES });
    const document = await loadDocument(bytes, { path, pages: wanted, signal: context.signal });
    if ('isError' in document) return document;
    if (document.lines.length === 0) {
      return ['There is no text to ask about.', ...document.notes].join('\n');
    }
    const asked = await askParts(document, question, context);
    if (!asked) return toolFailure('The question leaves no room for the document: ask it in fewer words.');
    return documentFindings(asked, document, context.maxCharacters);
  },
});

/** Nothing where not even the smallest part has room beside the question. */
async function askParts(
  { lines, unit }: LoadedDocument,
  question: string,
  context: ToolContext,
): Promise<readonly AskedPart[] | undefined> {
  let size = Math.min(MAX_CHARACTERS, Math.max(SMALLEST_PART, context.maxCharacters));
  let left = documentParts(lines, size);
  const asked: AskedPart[] = [];
  for (let part = left[0]; part; part = left[0]) {
    const all = asked.length + left.length;
    context.report(`part ${asked.length + 1} of ${all} (${namePlaces([part.place], unit)})`);
    try {
      const answer = await context.ask({
        instructions: INSTRUCTIONS,
        text: questionAbout(part, question),
        maxTokens: ANSWER_TOKENS,
      });
      asked.push(answer.trim() === '' ? { part, problem: 'The model gave no answer.' } : { part, answer });
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof ContextOverflowError) {
        if (size <= SMALLEST_PART) return undefined;
        size = Math.max(SMALLEST_PART, Math.ceil(size / 2));
        left = left.flatMap((longer) => documentParts(longer.lines, size));
        continue;
      }
      asked.push({ part, problem: firstLine(error) });
    }
    left = left.slice(1);
  }
  return asked;
}

const questionAbout = ({ lines }: DocumentPart, question: string): string =>
  `Text:\n${lines.map(({ text }) => text).join('\n')}\n\nQuestion: ${question}`;
