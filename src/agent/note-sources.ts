import { hash } from 'node:crypto';
import type { FileSource } from '../messages.ts';
import type { Workspace } from '../workspace/open-workspace.ts';

/** A search may read thousands of files: of more than this, those count that the result names. */
export const MOST_SOURCES = 50;

/** The workspace, which notes what is read with it. */
export const noteSources = (workspace: Workspace, files: Map<string, FileSource>): Workspace => ({
  ...workspace,
  async readBytes(path, options) {
    const bytes = await workspace.readBytes(path, options);
    const resolved = workspace.resolve(path);
    files.set(resolved, { path: resolved, sha256: hash('sha256', bytes) });
    return bytes;
  },
});

/** The files that a result comes from, by their paths. */
export function sourcesOf(files: ReadonlyMap<string, FileSource>, output: unknown): readonly FileSource[] {
  const all = [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (all.length <= MOST_SOURCES) return all;
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return all.filter(({ path }) => text.includes(path)).slice(0, MOST_SOURCES);
}
