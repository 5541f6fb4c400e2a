import { access, constants, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { checkTablePath } from '../../extract/table/write-table.ts';
import { UsageError } from '../command.ts';

export type ExtractPaths = {
  readonly paths: readonly string[];
  readonly schema?: string | undefined;
  readonly out: string;
  readonly report?: string | undefined;
  readonly move?: { readonly done: string; readonly failed: string } | undefined;
  readonly watch: boolean;
};

/** Throws for the first path that is not as it has to be, before the model is loaded: a UsageError where the command line
 * alone is wrong, `ConfigError` where the disk is not as it says. */
export async function checkPaths({ paths, schema, out, report, move, watch }: ExtractPaths): Promise<void> {
  checkKind(out);
  await checkTarget('--out', out);
  if (report !== undefined) {
    if (!/^\.html?$/i.test(extname(report)))
      throw new UsageError(`--report writes a page of HTML: ${JSON.stringify(report)} has to end in .html.`);
    await checkTarget('--report', report);
  }
  const folders: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new ConfigError(`There is no file or folder ${JSON.stringify(path)}.`);
    if (found.isDirectory()) folders.push(path);
    for (const [option, written] of Object.entries({ '--out': out, '--report': report })) {
      if (written !== undefined && resolve(written) === resolve(path))
        throw new UsageError(`${option} would write over ${JSON.stringify(path)}, which is to be read.`);
    }
    if (schema !== undefined && resolve(schema) === resolve(path))
      throw new UsageError(`--schema: ${JSON.stringify(path)} cannot be the schema and a document at once.`);
  }
  for (const [option, needs] of [
    ['--watch', watch],
    ['--move', move !== undefined],
  ] as const) {
    if (needs && folders.length === 0)
      throw new UsageError(`${option} needs a folder: only files were named.`);
  }
}

function checkKind(out: string): void {
  try {
    checkTablePath(out);
  } catch (cause) {
    throw new UsageError(`--out: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

async function checkTarget(option: string, path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new ConfigError(`${option}: there is no folder ${JSON.stringify(folder)}. Make it first.`);
  if ((await stat(path).catch(() => undefined))?.isDirectory())
    throw new ConfigError(`${option}: ${JSON.stringify(path)} is a folder; a file is needed.`);
  await access(folder, constants.W_OK).catch(() => {
    throw new ConfigError(`${option}: you are not allowed to write into ${JSON.stringify(folder)}.`);
  });
}
