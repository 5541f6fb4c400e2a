import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const WRITES = 0o3;

/**
 * The files that programs of this user have open for writing, as Linux tells; elsewhere, and of other users, nothing is
 * known. A copy that stands still, as from a slow network, is seen by this alone.
 */
export function filesBeingWritten(): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const process of list('/proc')) {
    if (!/^\d+$/.test(process)) continue;
    for (const number of list(join('/proc', process, 'fd'))) {
      try {
        const path = readlinkSync(join('/proc', process, 'fd', number));
        if (!/^\/(?!dev\/(?!shm\/))/.test(path)) continue;
        const facts = readFileSync(join('/proc', process, 'fdinfo', number), 'utf8');
        const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(facts)?.[1] ?? '0', 8);
        if ((flags & WRITES) !== 0) paths.add(path);
      } catch {
        // It was closed, or its process ended.
      }
    }
  }
  return paths;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
