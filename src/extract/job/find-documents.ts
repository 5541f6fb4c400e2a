import { basename, resolve } from 'node:path';
import { type FoundFiles, findFiles } from '../../readers/find-files.ts';

export type FindOptions = {
  /** Files and folders. */
  readonly files: readonly string[];
  /** Folders that are not looked into, absolute. */
  readonly except: readonly string[];
  /** Files that are no documents. */
  readonly leaveOut?: readonly string[];
  /** Whether an earlier job wrote it: no document, unless it is named. */
  readonly isOutput?: (path: string) => Promise<boolean>;
  readonly signal: AbortSignal;
};
export type FoundDocuments = Pick<FoundFiles, 'problems'> & {
  /** Absolute. */
  readonly paths: readonly string[];
  /** In plain sentences: what was not taken, and why. */
  readonly leftOut: readonly string[];
};

/** What programs call a file until all of it has arrived, or while a person has another one open. */
const UNFINISHED = /^~\$|\.(part|partial|crdownload|download|tmp|swp)$/i;

export const isUnfinished = (path: string): boolean => UNFINISHED.test(basename(path));

/** The documents of files and folders. One that was named is taken whatever its name is. */
export async function findDocuments(options: FindOptions): Promise<FoundDocuments> {
  const { files, problems, leftOut } = await findFiles(options.files, options.signal, options);
  const isOwn = isOneOf(options.leaveOut);
  const own = files.filter(({ path }) => isOwn(path));
  const others = files.filter(({ path }) => !isOwn(path));
  const unfinished = others.filter(({ path, isNamed }) => !isNamed && isUnfinished(path));
  const arrived = others.filter((file) => !unfinished.includes(file));
  const outputs: FoundFiles['files'][number][] = [];
  for (const file of arrived) if (!file.isNamed && (await options.isOutput?.(file.path))) outputs.push(file);
  const paths = arrived.filter((file) => !outputs.includes(file)).map(({ path }) => resolve(path));
  const sentences = [
    ownSentence(own, ["of the job's own is", "of the job's own are"]),
    ownSentence(outputs, ['that an earlier run wrote is', 'that earlier runs wrote are']),
    leftOutSentence(leftOut, unfinished),
  ];
  return { paths, problems, leftOut: sentences.filter((sentence) => sentence !== undefined) };
}

export function isOneOf(leaveOut: readonly string[] = []): (path: string) => boolean {
  const paths = new Set(leaveOut.map((path) => resolve(path)));
  return (path) => paths.has(resolve(path));
}

function ownSentence(own: FoundFiles['files'], [one, many]: readonly [string, string]): string | undefined {
  if (own.length === 0) return undefined;
  const what = own.length === 1 ? `1 file ${one}` : `${own.length} files ${many}`;
  return `${what} left out: ${own.map(({ path }) => path).join(', ')}.`;
}

function leftOutSentence(
  { hidden, link, other }: FoundFiles['leftOut'],
  unfinished: FoundFiles['files'],
): string | undefined {
  const total = hidden + link + other + unfinished.length;
  if (total === 0) return undefined;
  const example = basename(unfinished[0]?.path ?? '');
  const kinds = [
    hidden > 0 && `${hidden} hidden`,
    link > 0 && `${link} ${link === 1 ? 'link' : 'links'}`,
    unfinished.length > 0 && `${unfinished.length} unfinished or temporary (such as ${example})`,
    other > 0 && `${other} that ${other === 1 ? 'is no file' : 'are no files'}`,
  ];
  return `Left out in the folders: ${kinds.filter(Boolean).join(', ')}.`;
}
