import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { CREATE, type Folder, syncToDisk } from './open-folder.ts';
import { PathProblem, systemCode } from './path-problem.ts';

type WholeFile = {
  /** Permission bits. Default: what the system gives new files. */
  readonly mode?: number;
  readonly fill: (handle: FileHandle) => Promise<void>;
  /** Runs when the content is safely on the disk, before it takes its name. */
  readonly beforeNaming?: () => Promise<void>;
};

/**
 * Puts a file in place whole or not at all: a file beside it, on the disk, then renamed. When anything fails, what
 * had the name before is unchanged and nothing is left beside it (a crash can leave `.sotto-….tmp`).
 */
export async function writeWhole(
  folder: Folder,
  name: string,
  { mode, fill, beforeNaming }: WholeFile,
): Promise<void> {
  const beside = folder.at(`.sotto-${randomUUID()}.tmp`);
  const handle = await open(beside, CREATE, mode ?? 0o666);
  try {
    try {
      await folder.confirm();
      if (mode !== undefined) await setMode(handle, mode);
      await fill(handle);
      await syncToDisk(handle);
    } finally {
      await handle.close();
    }
    await beforeNaming?.();
    await folder.confirm();
    await rename(beside, folder.at(name));
  } catch (error) {
    await unlink(beside).catch(() => {});
    throw error;
  }
  await syncToDisk(folder.handle);
}

/** Writes all of it: one system call may write less than it was given and report no error (a disk nearly full). */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done);
    if (bytesWritten === 0) throw new PathProblem('was not written: the disk took nothing.');
    done += bytesWritten;
  }
}

/** The umask narrows the mode of `open`; Node's permission model forbids widening it again. */
async function setMode(handle: FileHandle, mode: number): Promise<void> {
  await handle.chmod(mode).catch((error) => {
    if (systemCode(error) !== 'ERR_ACCESS_DENIED') throw error;
  });
}
