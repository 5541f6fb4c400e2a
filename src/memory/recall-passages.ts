/** What a run has that can be found: what was said, and the words of documents that were read. */
import type { RunFact } from '../events.ts';
import { contentText, type FileSource, type ToolCall, type ToolResult } from '../messages.ts';
import { escapeLine } from '../terminal-text.ts';
import { foldText } from '../tool/fold-text.ts';
import type { JournalEntry } from './journal.ts';
import type { Passage } from './recall-hit.ts';

/** Of a passage, in characters: what is found is to be read at a glance. */
const LONGEST = 400;
/** How the readers mark a page, and how a search through files marks a line of one. */
const PAGE_MARK = /^\[Page (\d+) of \d+[,\]]/;
/** The tool whose lines say which file they are of. */
const SEARCH = 'search_files';
/** Tools whose result is what one file says. */
const READERS = ['read_file', 'read_pdf', 'read_image'];
/** Other files have no pages: what looks like the mark of one is their text. */
const PAGED = /\.(pdf|png|jpe?g|webp|gif|tiff?|avif|heic|pptx|xlsx|epub|eml)$/i;
const LINE_PLACE = /^(?::\d+|, page (\d+)[^:]*): /;

export type RunPassage = Passage & {
  /** The text as `foldText` gives it, in which words are looked for. */
  readonly folded: string;
};

export type RunPassages = {
  readonly start: Extract<RunFact, { type: 'run-start' }>;
  readonly passages: readonly RunPassage[];
};

/** Nothing where the entries do not begin a run. */
export function passagesOfRun(entries: readonly JournalEntry[]): RunPassages | undefined {
  const [start] = entries;
  if (start?.type !== 'run-start') return undefined;
  const { agent, threadId, runId } = start;
  const where = { threadId, runId };
  // What a tool asked the model about a document is the model's: the answer's words are the agent's.
  const asked = new Set(entries.flatMap((entry) => (entry.type === 'ask-end' ? [entry.toolCallId] : [])));
  const calls = new Map(
    entries.flatMap((entry) =>
      entry.type === 'tool-call-start' ? [[entry.toolCall.id, entry.toolCall] as const] : [],
    ),
  );
  const said = (text: string, at: string, by: 'user' | 'agent'): readonly RunPassage[] =>
    splitText(text).map((part) => ({
      kind: 'message',
      text: part,
      folded: foldText(part),
      by,
      ...(by === 'agent' && { agent }),
      ...where,
      at,
    }));
  const passages = entries.flatMap((entry): readonly RunPassage[] => {
    const { at } = entry;
    // Behind the first part stands the form that the program asks for.
    if (entry.type === 'run-start') return said(entry.message?.content[0]?.text ?? '', at, 'user');
    if (entry.type === 'user-message')
      return entry.from === 'user' ? said(contentText(entry.message.content), at, 'user') : [];
    if (entry.type === 'step-end') return said(entry.message.text, at, 'agent');
    if (entry.type !== 'tool-call-end' || entry.result.isError) return [];
    const { toolCallId } = entry.result;
    if (asked.has(toolCallId)) return said(contentText(entry.result.content), at, 'agent');
    return wordsOfDocuments(entry.result, calls.get(toolCallId)).map((words) => ({
      ...words,
      folded: foldText(words.text),
      agent,
      ...where,
      at,
    }));
  });
  return { start, passages };
}

type DocumentWords = Pick<Passage, 'kind' | 'text' | 'by' | 'sources' | 'page'>;

/** Each line that a search found belongs to the file that it names, any other to all that were read for the result. */
function wordsOfDocuments(result: ToolResult, call: ToolCall | undefined): readonly DocumentWords[] {
  const { content, sources = sourcesOfEarlier(call) } = result;
  if (sources.length === 0) return [];
  const groups: { sources: readonly FileSource[]; page: number | undefined; lines: string[] }[] = [];
  let page: number | undefined;
  for (const line of contentText(content).split('\n')) {
    const marked = sources.every(isPaged) ? PAGE_MARK.exec(line)?.[1] : undefined;
    if (marked !== undefined) {
      page = Number(marked);
      continue;
    }
    const named = call?.name === SEARCH ? readPlace(line, sources) : undefined;
    const own = named ?? { sources, page, text: line };
    const last = groups.at(-1);
    if (
      last &&
      last.sources[0] === own.sources[0] &&
      last.sources.length === own.sources.length &&
      last.page === own.page
    )
      last.lines.push(own.text);
    else groups.push({ sources: own.sources, page: own.page, lines: [own.text] });
  }
  return groups.flatMap(({ lines, sources: files, page: number }) =>
    splitText(lines.join('\n')).map((text) => ({
      kind: 'document' as const,
      text,
      by: 'document' as const,
      sources: files,
      ...(number !== undefined && { page: number }),
    })),
  );
}

/** Results of an earlier Sotto do not tell which files they are of; the calls that read one do. */
function sourcesOfEarlier(call: ToolCall | undefined): readonly FileSource[] {
  const { path } = call && READERS.includes(call.name) ? call.input : {};
  return typeof path === 'string' ? [{ path, sha256: '' }] : [];
}

const isPaged = ({ path }: FileSource): boolean => PAGED.test(path);

/** A line as a search through files gives it: `letters/a.txt:12: …`, `a.pdf, page 2: …`. */
function readPlace(line: string, sources: readonly FileSource[]) {
  // The longest name first: it may begin with another one and a place.
  for (const source of sources.toSorted((a, b) => b.path.length - a.path.length)) {
    const name = escapeLine(source.path);
    const place = line.startsWith(name) ? LINE_PLACE.exec(line.slice(name.length)) : null;
    if (!place) continue;
    const page = place[1] === undefined || !isPaged(source) ? undefined : Number(place[1]);
    return { sources: [source], page, text: line.slice(name.length + place[0].length) };
  }
  return undefined;
}

/** In pieces that can be read at a glance: between lines where there are some, then between sentences, then between words,
 * never between the halves of a surrogate pair. */
export function splitText(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > LONGEST) {
    const start = rest.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '');
    const ends = [start.lastIndexOf('\n'), lastSentenceEnd(start), start.lastIndexOf(' ')];
    const end = ends.find((at) => at > LONGEST / 3) ?? start.length;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

function lastSentenceEnd(text: string): number {
  let end = -1;
  for (const { index } of text.matchAll(/[.!?。！？]\s|[。！？]/gu)) end = index + 1;
  return end;
}
