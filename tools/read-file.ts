import { z } from 'zod';
import { defineTool, type ToolOutput } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { decodeText } from '../src/workspace/decode-text.ts';

export const MAX_CHARACTERS = 12_000;
/** Room for the sentences about what was left out. */
const NOTE_CHARACTERS = 300;
export const MAX_BYTES = 50_000_000;

const input = z.object({
  path: z.string().describe('File path, relative to the workspace'),
  from_line: z.int().min(1).optional().describe('First line to read, 1-based. Default: 1'),
  line_count: z.int().min(1).optional().describe('How many lines to read. Default: as many as fit'),
});

export const readFile = defineTool({
  name: 'read_file',
  description: 'Read a text file from the workspace.',
  input,
  shown: ['path'],
  effect: 'read',
  run: async (range, { workspace, maxCharacters }) => {
    const decoded = decodeText(await workspace.readBytes(range.path, { maxBytes: MAX_BYTES }), range.path);
    if (!decoded.ok) {
      return toolFailure(`${range.path} is ${decoded.kind}, not text. read_file reads text only.`);
    }
    const limit = Math.min(MAX_CHARACTERS, maxCharacters - NOTE_CHARACTERS);
    const shown = showLines(decoded.text, range, limit);
    return typeof shown === 'string' && decoded.note ? withNote(shown, decoded.note) : shown;
  },
});

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
