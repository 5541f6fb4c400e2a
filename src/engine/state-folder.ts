/** The names in the folder of saved states, and what is taken out of it; other files there are left alone. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** With a small model it takes very many to reach the bytes, and each is looked at. */
export const MOST_STATES = 100;
/** What a process left that died while it wrote. */
const LEFT_OVER_MS = 3_600_000;

/** Where a project keeps its states. `home` is its `.sotto` folder. */
export const stateFolder = (home: string): string => join(home, 'states');

const NAME = /^(?<name>.+)\.(?<key>[0-9a-f]{16})\.(?<kind>state|json)$/;
const PART = /^[0-9a-f-]{36}\.part$/;

export type FoundName = {
  readonly file: string;
  readonly name: string;
  readonly key: string;
  readonly kind: string;
};

export function listNames(folder: string): readonly FoundName[] {
  return readNames(folder).flatMap((file) => {
    const { name, key, kind } = NAME.exec(file)?.groups ?? {};
    return name && key && kind ? [{ file, name, key, kind }] : [];
  });
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Deletes the states of a name, those of other models too. */
export function deleteStatesNamed(folder: string, name: string): void {
  for (const found of listNames(folder)) {
    if (found.name === name) dropState(folder, `${name}.${found.key}`);
  }
}

/** The json first: what is left when this is cut off is not there. */
export function dropState(folder: string, stem: string): void {
  rmSync(join(folder, `${stem}.json`), { force: true });
  rmSync(join(folder, `${stem}.state`), { force: true });
}

/** Drops what was used longest ago until the others have no more bytes than this. */
export function makeRoom(folder: string, { maxBytes, without }: { maxBytes: number; without: string }): void {
  const states = listNames(folder)
    .filter(({ kind, name, key }) => kind === 'json' && `${name}.${key}` !== without)
    .map(({ file, name, key }) => ({
      stem: `${name}.${key}`,
      usedMs: statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      bytes: statSync(join(folder, `${name}.${key}.state`), { throwIfNoEntry: false })?.size ?? 0,
    }))
    .toSorted((a, b) => b.usedMs - a.usedMs);
  let total = 0;
  for (const [index, { stem, bytes }] of states.entries()) {
    total += bytes;
    if (total > maxBytes || index >= MOST_STATES - 1) dropState(folder, stem);
  }
}

/** Takes away what a process left that died while it wrote; a younger file may still be another's work. */
export function sweep(folder: string): void {
  const names = listNames(folder);
  const whole = new Set(names.flatMap(({ name, key, kind }) => (kind === 'json' ? [`${name}.${key}`] : [])));
  const orphans = names.filter(({ name, key, kind }) => kind === 'state' && !whole.has(`${name}.${key}`));
  const parts = readNames(folder).filter((file) => PART.test(file));
  for (const file of [...orphans.map((orphan) => orphan.file), ...parts]) {
    const path = join(folder, file);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LEFT_OVER_MS) rmSync(path, { force: true });
  }
}
