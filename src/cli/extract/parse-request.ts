import { win32 } from 'node:path';
import { parseArgs } from 'node:util';
import type { Thinking } from '../../qwen/thinking.ts';
import { parseThinking } from '../agent-options.ts';
import { UsageError } from '../command.ts';
import { parseLanguages } from '../read/parse-request.ts';

/** What the command line of `sotto extract` asks for. */
export type ExtractRequest = {
  /** Files and folders, as they were named; none where a job is resumed that knows its own. */
  readonly paths: readonly string[];
  readonly schema?: string;
  readonly out?: string;
  readonly report?: string;
  readonly agent?: string;
  readonly instructions?: string;
  readonly model?: string;
  readonly thinking?: Thinking;
  readonly languages?: readonly string[];
  readonly parallel?: number;
  readonly resume: boolean;
  readonly watch: boolean;
  readonly move?: { readonly done: string; readonly failed: string };
  readonly json: boolean;
  readonly config?: string;
};

const OPTIONS = {
  schema: { type: 'string' },
  out: { type: 'string' },
  report: { type: 'string' },
  agent: { type: 'string' },
  instructions: { type: 'string' },
  model: { type: 'string' },
  thinking: { type: 'string' },
  languages: { type: 'string' },
  parallel: { type: 'string' },
  resume: { type: 'boolean' },
  watch: { type: 'boolean' },
  move: { type: 'string' },
  json: { type: 'boolean' },
  config: { type: 'string' },
} as const;

/** As many documents as an engine may have sequences. */
const MOST_PARALLEL = 32;
const HOW =
  '`sotto extract` takes a folder or files, a schema and a table: sotto extract inbox --schema s.json --out table.xlsx.';

/** Throws a UsageError, or what `parseArgs` throws, where the command line is wrong. */
export function parseRequest(args: readonly string[]): ExtractRequest {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const {
    thinking,
    languages,
    parallel,
    move,
    resume = false,
    watch = false,
    json = false,
    ...texts
  } = values;
  const empty = Object.entries(texts).find(([, text]) => text?.trim() === '');
  if (empty) throw new UsageError(`--${empty[0]} is empty.`);
  if (positionals.includes('')) throw new UsageError('A path is empty.');
  const request: ExtractRequest = {
    paths: positionals,
    ...texts,
    resume,
    watch,
    json,
    ...(thinking !== undefined && { thinking: parseThinking(thinking) }),
    ...(languages !== undefined && { languages: parseLanguages(languages) }),
    ...(parallel !== undefined && { parallel: parseParallel(parallel) }),
    ...(move !== undefined && { move: parseMove(move) }),
  };
  const isResumed = resume && positionals.length === 0;
  if (!isResumed && (positionals.length === 0 || !request.schema || !request.out)) throw new UsageError(HOW);
  if (
    isResumed &&
    (request.schema || request.instructions || request.agent || request.languages || thinking)
  ) {
    throw new UsageError(
      '--resume alone goes on with the newest job as it was begun. To change what is asked, name the folder, --schema and --out.',
    );
  }
  return request;
}

function parseParallel(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PARALLEL) return count;
  throw new UsageError(
    `--parallel takes a number of documents from 1 to ${MOST_PARALLEL}, not ${JSON.stringify(value)}.`,
  );
}

function parseMove(value: string): { readonly done: string; readonly failed: string } {
  const [done = '', failed = '', ...others] = value
    .split(',')
    .map((folder) => folder.trim().replace(/\/+$/, ''));
  const isName = (name: string) =>
    name !== '' &&
    name !== '.' &&
    // Those of other systems too: `/a` is absolute on all of them.
    !win32.isAbsolute(name) &&
    !name.split(/[\\/]/).includes('..');
  if (others.length > 0 || !isName(done) || !isName(failed) || done === failed) {
    throw new UsageError(
      `--move takes two folders within the one that is read, for what is done and for what failed: --move done/,failed/, not ${JSON.stringify(value)}.`,
    );
  }
  return { done, failed };
}
