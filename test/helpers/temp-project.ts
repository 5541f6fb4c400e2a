import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openWorkspace, type Workspace } from '../../src/workspace/open-workspace.ts';

export type TempProject = { readonly home: string; readonly folder: string; readonly workspace: Workspace };

/** A project folder of its own for one test, with these files in its workspace. */
export async function createTempProject(files: Readonly<Record<string, string>> = {}): Promise<TempProject> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'workspace'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'workspace', path)), { recursive: true });
    await writeFile(join(folder, 'workspace', path), content);
  }
  return { folder, home: join(folder, '.sotto'), workspace: await openWorkspace(join(folder, 'workspace')) };
}
