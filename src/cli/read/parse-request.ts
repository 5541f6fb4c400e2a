import { parseArgs } from 'node:util';
import type { PageRange } from '../../readers/page-ranges.ts';
import type { OcrMode } from '../../readers/reader.ts';
import { UsageError } from '../command.ts';
import { type Evidence, parseEvidence } from './parse-evidence.ts';
import { parsePages } from './parse-pages.ts';

/** What the command line of `sotto read` asks for. */
export type ReadRequest = {
  /** Files and folders, as they were named. */
  readonly paths: readonly string[];
  readonly format: 'text' | 'json' | 'csv';
  /** Default: all. */
  readonly pages?: readonly PageRange[];
  readonly ocr: OcrMode;
  /** Default: what the reader takes. */
  readonly languages?: readonly string[];
  readonly gps: boolean;
  readonly passwordFile?: string;
  readonly evidence?: Evidence;
};

const OPTIONS = {
  json: { type: 'boolean' },
  pages: { type: 'string' },
  tables: { type: 'string' },
  'password-file': { type: 'string' },
  ocr: { type: 'string' },
  languages: { type: 'string' },
  gps: { type: 'boolean' },
  evidence: { type: 'string' },
} as const;

/** Throws a UsageError, or what `parseArgs` throws, where the command line is wrong. */
export function parseRequest(args: readonly string[]): ReadRequest {
  refusePassword(args);
  const { values, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    tokens: true,
  });
  const { pages, languages, evidence, 'password-file': passwordFile } = values;
  // The option has two values, and parseArgs takes the second one for a file to read.
  const isEvidence = tokens.findIndex((token) => token.kind === 'option' && token.name === 'evidence');
  const second = isEvidence < 0 ? undefined : tokens[isEvidence + 1];
  const out = second?.kind === 'positional' ? second.value : undefined;
  const files = tokens.filter((token) => token.kind === 'positional' && token !== second);
  const request: ReadRequest = {
    paths: files.map((token) => (token.kind === 'positional' ? token.value : '')),
    format: parseFormat(values),
    ocr: parseOcr(values.ocr ?? 'auto'),
    gps: values.gps ?? false,
    ...(pages !== undefined && { pages: parsePages(pages) }),
    ...(languages !== undefined && { languages: parseLanguages(languages) }),
    ...(passwordFile !== undefined && { passwordFile }),
    ...(evidence !== undefined && { evidence: parseEvidence(evidence, out) }),
  };
  checkTogether(request);
  return request;
}

function refusePassword(args: readonly string[]): void {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  if (!own.some((arg) => arg === '--password' || arg.startsWith('--password='))) return;
  throw new UsageError(
    'A password on the command line stays in the history of the shell, and other programs can see it: ' +
      'put it in a file and name that with --password-file, or leave it out and you are asked for it.',
  );
}

function parseFormat({ json, tables }: { readonly json?: boolean; readonly tables?: string }) {
  if (tables !== undefined && tables !== 'csv')
    throw new UsageError(`--tables takes csv, not ${JSON.stringify(tables)}.`);
  if (json && tables) throw new UsageError('--json holds the tables too: leave out --tables, or --json.');
  return json ? 'json' : (tables ?? 'text');
}

function parseOcr(value: string): OcrMode {
  if (value === 'off' || value === 'auto' || value === 'force') return value;
  throw new UsageError(`--ocr takes off, auto or force, not ${JSON.stringify(value)}.`);
}

export function parseLanguages(value: string): readonly string[] {
  const languages = value.split('+');
  if (languages.every((language) => /^[A-Za-z][A-Za-z0-9_]{0,30}$/.test(language))) return languages;
  throw new UsageError(`--languages takes codes such as eng or eng+deu, not ${JSON.stringify(value)}.`);
}

function checkTogether({ paths, evidence, format, pages }: ReadRequest): void {
  if (paths.length === 0 || paths.includes(''))
    throw new UsageError('`sotto read` takes files or folders: sotto read letter.pdf.');
  if (!evidence) return;
  if (paths.length > 1) throw new UsageError('--evidence takes one file.');
  if (format !== 'text' || pages)
    throw new UsageError('--evidence draws a picture: leave out --json, --tables and --pages.');
}
