import { open, unlink } from 'node:fs/promises';
import { extname } from 'node:path';
import type { OpenFile } from './open-file.ts';
import { CREATE, type Folder, openChildFolder } from './open-folder.ts';
import { PathProblem, systemCode } from './path-problem.ts';
import { readNames } from './read-names.ts';
import { writeAll, writeWhole } from './write-whole.ts';

/**
 * Where former versions are kept: a folder beside the file, in plain sight, so that a person finds it and can empty
 * it, and nobody takes an old invoice for another one, as they would if it lay among the others.
 */
export const VERSIONS_FOLDER = 'old-versions';

const MAX_NAME_BYTES = 255;

/** Copies a file to `old-versions/NAME.N.EXT`, N one more than the highest there. Returns the copy's path in the
 * workspace. */
export async function keepVersion(folder: Folder, file: OpenFile): Promise<string> {
  await using versions = await openChildFolder(folder, VERSIONS_FOLDER, { create: true });
  const name = await claimName(versions, file.name);
  try {
    await writeWhole(versions, name, {
      mode: file.stats.mode & 0o777,
      fill: async (handle) => {
        for await (const chunk of file.handle.createReadStream({ start: 0, autoClose: false })) {
          await writeAll(handle, chunk);
        }
      },
    });
  } catch (error) {
    await versions
      .confirm()
      .then(() => unlink(versions.at(name)))
      .catch(() => {});
    throw error;
  }
  return `${versions.path}/${name}`;
}

export function assertNotAVersion(names: readonly string[]): void {
  if (names.some((name) => name.toLowerCase() === VERSIONS_FOLDER)) {
    throw new PathProblem(
      `lies in ${VERSIONS_FOLDER}, where former versions stay as they are. Write to another folder.`,
    );
  }
}

/** Takes the next free name with an empty file, which two programs cannot do at once. */
async function claimName(versions: Folder, name: string): Promise<string> {
  for (let number = 1 + (await highestNumber(versions, name)); ; number += 1) {
    const claimed = versionName(name, number);
    try {
      await (await open(versions.at(claimed), CREATE)).close();
      return claimed;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function highestNumber(versions: Folder, name: string): Promise<number> {
  const numbers = (await readNames(versions)).map(({ name: other }) => {
    const number = Number(/\.([1-9]\d{0,8})(?:\.[^.]*)?$/.exec(other)?.[1] ?? 0);
    return versionName(name, number) === other ? number : 0;
  });
  return Math.max(0, ...numbers);
}

function versionName(name: string, number: number): string {
  const ending = `.${number}${extname(name)}`;
  let stem = name.slice(0, name.length - extname(name).length);
  while (Buffer.byteLength(stem + ending) > MAX_NAME_BYTES) stem = [...stem].slice(0, -1).join('');
  return stem + ending;
}
