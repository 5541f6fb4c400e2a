import { z } from 'zod';
import { detectKind } from '../src/readers/detect-kind.ts';
import type { Kind } from '../src/readers/document.ts';
import { decodeText } from '../src/readers/text/decode-text.ts';
import { escapeLine } from '../src/terminal-text.ts';
import { defineTool, type ToolOutput } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { parsePages } from './parse-pages.ts';
import { MAX_CHARACTERS, READ_TIMEOUT_MS, readForModel } from './read-for-model.ts';
import { pages } from './reading-input.ts';

/** Room for the sentences about what was left out. */
const NOTE_CHARACTERS = 300;
export const MAX_BYTES = 50_000_000;

const input = z.object({
  path: z.string().describe('File path, relative to the workspace'),
  from_line: z.int().min(1).optional().describe('First line to read, 1-based. Default: 1'),
  line_count: z.int().min(1).optional().describe('How many lines to read. Default: as many as fit'),
  pages,
});
/** Kinds that are given as they stand. A web page and a mail are not: markup and encodings hide what they say. */
export const PLAIN: readonly Kind[] = ['text', 'markdown', 'csv', 'tsv', 'json', 'xml'];

/** A text exactly as it stands, in parts where it is long; any other file as its reader reads it. */
export const readFile = defineTool({
  name: 'read_file',
  description: 'Read a text file from the workspace.',
  input,
  shown: ['path'],
  effect: 'read',
  timeoutMs: READ_TIMEOUT_MS,
  run: async (range, context) => {
    const bytes = await context.workspace.readBytes(range.path, { maxBytes: MAX_BYTES });
    if (!isPlain(bytes, range.path)) return readForModel(bytes, range, context);
    const asked = parsePages(range.pages ?? '');
    if (!asked.ok || asked.ranges) {
      return toolFailure(`${escapeLine(range.path)} is a text without pages. Read it without "pages".`);
    }
    const limit = Math.min(MAX_CHARACTERS, context.maxCharacters - NOTE_CHARACTERS);
    const { text, warnings } = decodeText(bytes);
    const shown = showLines(text, range, limit);
    const notes = warnings.map(({ sentence }) => sentence).join(' ');
    return typeof shown === 'string' && notes !== '' ? withNote(shown, notes) : shown;
  },
});

/** An empty file is an empty text. */
export function isPlain(bytes: Uint8Array, path: string): boolean {
  const found = detectKind(bytes, path);
  return bytes.length === 0 || ('kind' in found && PLAIN.includes(found.kind));
}

function showLines(
  text: string,
  { path, from_line, line_count }: z.output<typeof input>,
  maxCharacters: number,
): ToolOutput {
  if (text === '') return '[The file is empty.]';
  const ends = lineEnds(text);
  const first = from_line ?? 1;
  if (first > ends.length) return toolFailure(`${path} has ${ends.length} lines: there is no line ${first}.`);
  const start = ends[first - 2] ?? 0;
  const wanted = Math.min(ends.length, first - 1 + (line_count ?? ends.length));
  const last = Math.max(
    first,
    ends.findLastIndex((end, at) => at < wanted && end - start <= maxCharacters) + 1,
  );
  const shown = cutCharacters(text.slice(start, ends[last - 1]), maxCharacters);
  if (first === 1 && last === ends.length && shown.complete) return text;
  const lines = shown.complete
    ? `Lines ${first} to ${last} of ${ends.length}.`
    : `Line ${first} of ${ends.length} is cut after ${maxCharacters} of its ${(ends[last - 1] ?? 0) - start} characters.`;
  return withNote(shown.text, last < ends.length ? `${lines} Read on with from_line ${last + 1}.` : lines);
}

/** Where each line ends, behind its newline. */
function lineEnds(text: string): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at + 1);
  return text.endsWith('\n') ? ends : [...ends, text.length];
}

/** Never between the halves of a surrogate pair. */
function cutCharacters(
  text: string,
  maxCharacters: number,
): { readonly text: string; readonly complete: boolean } {
  if (text.length <= maxCharacters) return { text, complete: true };
  return { text: text.slice(0, maxCharacters).replace(/[\ud800-\udbff]$/, ''), complete: false };
}

const withNote = (text: string, note: string): string => `${text}${text.endsWith('\n') ? '' : '\n'}[${note}]`;
