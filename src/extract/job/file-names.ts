import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { compareNames } from '../../readers/find-files.ts';

/** How a job calls its files, by their absolute paths, and their order. */
export type FileNames = {
  /** As it would be found: behind the folder as it was given. */
  nameOf(path: string): string;
  /** As they are found: by the inputs, those of a folder by name. */
  compare(a: string, b: string): number;
  /** The folder that was given, and the file is in; else the one that it lies in. */
  folderOf(path: string): string;
};

/** For the files and folders as they were given. */
export function createFileNames(inputs: readonly string[]): FileNames {
  const roots = inputs.map((input) => ({ input, path: resolve(input) }));
  const indexOf = (path: string): number => {
    const index = roots.findIndex((root) => isInside(root.path, path));
    return index < 0 ? roots.length : index;
  };
  const partsOf = (path: string): readonly string[] => {
    const root = roots[indexOf(path)]?.path;
    return (root === undefined ? path : relative(root, path)).split(sep);
  };
  return {
    nameOf: (path) => {
      const root = roots[indexOf(path)];
      if (!root) return path;
      return root.path === path ? root.input : join(root.input, relative(root.path, path));
    },
    compare: (a, b) => indexOf(a) - indexOf(b) || compareParts(partsOf(a), partsOf(b)),
    folderOf: (path) =>
      roots.find((root) => root.path !== path && isInside(root.path, path))?.path ?? dirname(path),
  };
}

/** Absolute paths for people: those below the current folder from there. */
export function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareNames(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
