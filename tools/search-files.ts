import { z } from 'zod';
import { WorkspacePathError } from '../src/errors.ts';
import { detectKind } from '../src/readers/detect-kind.ts';
import type { Kind } from '../src/readers/document.ts';
import { decodeText } from '../src/readers/text/decode-text.ts';
import { escapeLine } from '../src/terminal-text.ts';
import { defineTool, type ToolContext } from '../src/tool/define-tool.ts';
import { toolFailure } from '../src/tool/tool-result.ts';
import { documentPages } from './document-pages.ts';
import { findLines, toWanted, type Wanted } from './find-lines.ts';
import { MAX_BYTES, PLAIN } from './read-file.ts';
import { MAX_CHARACTERS, READ_TIMEOUT_MS } from './read-for-model.ts';
import { asText } from './reading-input.ts';
import { createSearchHits, type SearchHits } from './search-hits.ts';
import { type WalkedFile, walkFiles } from './walk-files.ts';

export const MAX_FILES = 20_000;
/** Room for the sentences about what was not searched. */
const NOTE_CHARACTERS = 1500;
const MAX_NAMES = 5;
/** No further file is begun after so long: those that are texts come first, documents have the rest. */
const TEXTS_MS = 20_000;
const SEARCH_MS = 45_000;

/** Plain text search: a pattern of a model's could hold up the program. Files and folders whose names begin with a dot,
 * links and former versions are left out. */
export const searchFiles = defineTool({
  name: 'search_files',
  description: 'Find text in the files of the workspace, also in PDF and Office files.',
  input: z.object({
    query: asText(z.string()).describe('The words to find, in any case'),
    path: asText(z.string().optional()).describe('Folder or file to search. Default: the whole workspace'),
  }),
  effect: 'read',
  timeoutMs: READ_TIMEOUT_MS,
  run: async ({ query, path = '.' }, context) => {
    const wanted = toWanted(query);
    if (!wanted) return toolFailure('The query is empty: name the words to find.');
    const started = performance.now();
    const { files, isCut } = await walkFiles(path, { ...context, maxFiles: MAX_FILES });
    const search: Search = {
      wanted,
      hits: createSearchHits({ isAlone: files.length === 1 }),
      isLate: (ms) => performance.now() - started > ms,
      left: new Map(),
      searched: 0,
      context,
    };
    await searchDocuments(await searchTexts(files, search), search);
    const notes = [...search.left].map(leftNote);
    if (isCut) notes.push(`[Only the first ${MAX_FILES} files were searched: name a folder in path.]`);
    const room = Math.min(MAX_CHARACTERS, context.maxCharacters) - NOTE_CHARACTERS;
    const shown = search.hits.show(room) ?? nothingFound(query, wanted, search.searched);
    return [shown, ...notes].join('\n');
  },
});

type Search = {
  readonly wanted: Wanted;
  readonly hits: SearchHits;
  readonly isLate: (ms: number) => boolean;
  /** Files that were not searched, by the reason. */
  readonly left: Map<string, string[]>;
  searched: number;
  readonly context: ToolContext;
};

const PICTURES: readonly Kind[] = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif', 'heic'];
const LATE = 'Not searched, as it took too long (name a folder in path, or search once more)';
const PICTURE = 'Pictures and scans are not searched (read_image reads them)';
const UNREADABLE = 'Cannot be read';
const TOO_LARGE = `Not searched, as a file over ${MAX_BYTES.toLocaleString('en')} bytes is not read (tell the user to split it)`;
const CUT = 'Only the beginning was searched of';

/** Searches the files that are plain text. Returns the documents among the others. */
async function searchTexts(files: readonly WalkedFile[], search: Search): Promise<readonly string[]> {
  const { wanted, hits, context } = search;
  const documents: string[] = [];
  for (const { path, bytes: size } of files) {
    if (size > MAX_BYTES) {
      leave(search, TOO_LARGE, path);
      continue;
    }
    const bytes = search.isLate(TEXTS_MS) ? leave(search, LATE, path) : await open(path, search);
    if (!bytes) continue;
    const found = bytes.length === 0 ? { kind: 'text' as const } : detectKind(bytes, path);
    if ('problem' in found) leave(search, UNREADABLE, path);
    else if (PICTURES.includes(found.kind)) leave(search, PICTURE, path);
    else if (PLAIN.includes(found.kind)) {
      const lines = findLines(decodeText(bytes).text, wanted);
      hits.add(
        path,
        lines.map((line) => ({ ...line, at: `:${line.number}` })),
      );
      search.searched += 1;
    } else documents.push(path);
    context.signal.throwIfAborted();
  }
  return documents;
}

async function searchDocuments(paths: readonly string[], search: Search): Promise<void> {
  const { wanted, hits, context } = search;
  for (const [index, path] of paths.entries()) {
    const bytes = search.isLate(SEARCH_MS) ? leave(search, LATE, path) : await open(path, search);
    if (!bytes) continue;
    context.report(`${index + 1} of ${paths.length} documents`);
    const read = await documentPages(path, bytes, context.signal);
    if (!read) {
      leave(search, UNREADABLE, path);
      continue;
    }
    const found = read.pages.flatMap(({ number, text }) => {
      const at = read.isPaged ? `, page ${number}` : '';
      return findLines(text, wanted).map((line) => ({ ...line, at }));
    });
    hits.add(path, found);
    search.searched += 1;
    if (read.hasPictures) leave(search, PICTURE, path);
    if (!read.isWhole) leave(search, CUT, path);
  }
}

/** Undefined where it is not opened; what that says is no fault of the search. */
async function open(path: string, search: Search): Promise<Uint8Array | undefined> {
  try {
    return await search.context.workspace.readBytes(path, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof WorkspacePathError)) throw error;
    return leave(search, UNREADABLE, path);
  }
}

function leave({ left }: Search, reason: string, path: string): undefined {
  const paths = left.get(reason);
  if (paths) paths.push(path);
  else left.set(reason, [path]);
}

function leftNote([reason, paths]: readonly [string, readonly string[]]): string {
  const names = paths.slice(0, MAX_NAMES).map(escapeLine).join(', ');
  const more = paths.length > MAX_NAMES ? ` and ${paths.length - MAX_NAMES} more` : '';
  return `[${reason}: ${names}${more}.]`;
}

function nothingFound(query: string, { words }: Wanted, searched: number): string {
  if (searched === 0) return 'No file was searched.';
  const where = searched === 1 ? 'The file does not have' : `None of ${searched} files has`;
  const advice = words.length > 1 ? ' in one line. Search for one of the words' : '';
  return `${where} ${JSON.stringify(query.slice(0, 200))}${advice}.`;
}
