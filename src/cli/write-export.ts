import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { StoreError } from '../errors.ts';
import { codeOf, explainCode } from '../memory/durable-file.ts';
import { escapeJsonLine, escapeLine } from '../terminal-text.ts';
import { UsageError } from './command.ts';
import type { Output } from './output.ts';

type Exported = {
  /** For programs: everything, exact. */
  readonly value: unknown;
  /** For people; what cannot be seen is escaped in it. */
  readonly markdown: () => string;
};

type ExportOptions = {
  readonly output: Output;
  readonly json?: boolean;
  readonly md?: boolean;
  /** Relative to the current directory; it must not be there. Default: standard output. */
  readonly file?: string | undefined;
};

/** Writes JSON or Markdown: as it is asked for, or as the file's name ends; otherwise JSON, on a terminal Markdown. Throws a
 * UsageError where both are asked for or a file's name tells neither, and StoreError where the file cannot be written. */
export async function writeExport(
  { value, markdown }: Exported,
  { output, json = false, md = false, file }: ExportOptions,
): Promise<void> {
  if (json && md) throw new UsageError('Take --md or --json, not both.');
  const ending = extname(file ?? '').toLowerCase();
  const isNamed = ['.md', '.markdown', '.json'].includes(ending);
  if (file !== undefined && !isNamed && !md && !json)
    throw new UsageError(
      `${file} ends neither in .md nor in .json: name it so, or take --md or --json. Nothing was written.`,
    );
  const isMarkdown = md || (!json && (file === undefined ? output.isTerminal : ending !== '.json'));
  if (file === undefined) {
    if (isMarkdown) output.answer(markdown().trimEnd());
    else output.json(value);
    return;
  }
  const text = isMarkdown ? markdown() : `${escapeJsonLine(JSON.stringify(value, null, 2))}\n`;
  const path = resolve(file);
  writeNew(path, text);
  output.note(`Written to ${escapeLine(path)}`);
}

function writeNew(path: string, text: string): void {
  const refused = (problem: string, cause: unknown) => new StoreError({ path, problem, cause });
  let isOurs = false;
  try {
    const fd = openSync(path, 'wx', 0o600);
    isOurs = true;
    try {
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (isOurs) removeQuietly(path);
    if (codeOf(error) === 'EEXIST')
      throw refused('is there already: nothing was written. Take another name.', error);
    if (codeOf(error) === 'ENOENT') throw refused('cannot be written: its folder does not exist.', error);
    throw refused(`cannot be written: ${explainCode(error)}.`, error);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The disk refuses that too.
  }
}
