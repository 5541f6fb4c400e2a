/**
 * The file system for tests, by `vi.mock('node:fs', stoppingFs)`: it counts the calls that change something, and at a chosen
 * one the disk refuses, or the program is dead from there on.
 */
import type * as fs from 'node:fs';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a dead program would not see. */
export class Killed extends Error {}

type Plan =
  | { readonly kind: 'none' }
  | { readonly kind: 'kill'; readonly at: number }
  | { readonly kind: 'refuse'; readonly at: number; readonly code: string };

let plan: Plan = { kind: 'none' };
let count = 0;

/** From now on: the first call that changes something has the number 1. */
export function begin(next: Plan): void {
  plan = next;
  count = 0;
}

/** How many calls changed something since `begin`. */
export const changes = (): number => count;

const CHANGING = [
  'mkdirSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'unlinkSync',
  'writeFileSync',
  'writeSync',
  'truncateSync',
  'openSync',
] as const;

export async function stoppingFs(original: () => Promise<typeof fs>): Promise<typeof fs> {
  const real = await original();
  const changed = Object.fromEntries(CHANGING.map((name) => [name, wrap(name, real)]));
  return { ...real, ...changed, default: { ...real, ...changed } } as typeof fs;
}

function wrap(name: (typeof CHANGING)[number], real: typeof fs) {
  // biome-ignore lint/suspicious/noExplicitAny: any of these functions
  const call = real[name] as (...args: any[]) => unknown;
  return (...args: readonly unknown[]) => {
    if (name === 'openSync' && !changes_(args[1], real)) return call(...args);
    count += 1;
    if (plan.kind === 'kill' && count >= plan.at) {
      if (count === plan.at) tear(name, args, real);
      throw new Killed();
    }
    if (plan.kind === 'refuse' && count === plan.at) {
      tear(name, args, real);
      throw Object.assign(new Error(`${plan.code}: injected, ${name}`), { code: plan.code, syscall: name });
    }
    return call(...args);
  };
}

const changes_ = (flags: unknown, { constants }: typeof fs): boolean =>
  typeof flags === 'number' && (flags & constants.O_CREAT) !== 0;

/** A write that was stopped may have written a part. */
function tear(name: string, args: readonly unknown[], real: typeof fs): void {
  const [fd, bytes, offset, length, position] = args;
  if (name !== 'writeSync' || !(bytes instanceof Uint8Array) || position !== undefined) return;
  const from = Number(offset ?? 0);
  const rest = Number(length ?? bytes.length - from);
  real.writeSync(Number(fd), bytes, from, Math.floor(rest / 2));
}

/** The lock's owner counts as dead, as after a kill: this process lives on. */
export function buryOwners(lockFolder: string): void {
  for (const name of readdirSync(lockFolder)) {
    if (!/^\d+$/.test(name)) continue;
    const owner = { pid: process.pid, started: 'another-boot 1' };
    try {
      writeFileSync(join(lockFolder, name, 'owner.json'), JSON.stringify(owner), { flag: 'r+' });
    } catch {
      // It was not there yet.
    }
  }
}
