import { lstatSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

type Why = 'damaged' | 'taken-over';

/** Renames what must not be overwritten, to a name that says why and when: `facts.json` to
 * `facts.damaged-2026-11-21T10-02-04-000Z.json`. Returns its new path. Only for the one who holds the file's lock, since
 * nothing else keeps two from taking one name. Throws what the system says. */
export function putAside(path: string, why: Why): string {
  const aside = freeName(path, why);
  renameSync(path, aside);
  return aside;
}

/** Such a name that nothing has: one that is taken gets a number. */
export function freeName(path: string, why: Why): string {
  // No colons: Windows has none in names.
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const end = extname(path);
  const start = `${path.slice(0, path.length - end.length)}.${why}-${time}`;
  let aside = `${start}${end}`;
  for (let count = 2; lstatSync(aside, { throwIfNoEntry: false }); count += 1) {
    aside = `${start}-${count}${end}`;
  }
  return aside;
}

/** The paths of all that was put aside of the file `facts.json` or its previous version, for whoever deletes for real. */
export function asideFiles(path: string): readonly string[] {
  const name = basename(path, extname(path));
  const isAside = new RegExp(
    `^${RegExp.escape(name)}\\.(previous\\.)?(damaged|taken-over)-\\d{4}-\\d\\d-\\d\\dT`,
  );
  try {
    return readdirSync(dirname(path))
      .filter((other) => isAside.test(other))
      .map((other) => join(dirname(path), other));
  } catch {
    return [];
  }
}
