/** A folder is encrypted, decrypted, and given another passphrase, by a program that is killed at any call that changes the
 * disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { acquireLock } from '../../src/memory/lock.ts';
import { vaultOf } from '../../src/memory/vault.ts';
import { createVault, removeVault } from '../../src/memory/vault-change.ts';
import { contentOf } from '../../src/memory/vault-content.ts';
import { identityPath, vaultFilePath } from '../../src/memory/vault-files.ts';
import { changePassphrase, unlock } from '../../src/memory/vault-keys.ts';
import { tempFolder } from '../workspace/temp-folder.ts';
import { begin, buryOwners, changes, Killed } from './stopping-fs.ts';

vi.mock('node:fs', async (original) => (await import('./stopping-fs.ts')).stoppingFs(original as never));

/** In CI at every third call; at each one with SOTTO_LONG=1. */
const STRIDE = process.env.SOTTO_LONG === undefined ? 3 : 1;
const CHEAP = { workFactor: 1 };
const FILES: Readonly<Record<string, string | Buffer>> = {
  'facts.json': '{"version":1,"facts":["canary"]}\n',
  'empty.json': '',
  'runs/one.jsonl': '{"canary":1}\n{"canary":"zwei, 二"}\n\n{"canary":"cut o',
  'runs/two.damaged-2026-11-21T10-02-04-000Z.jsonl': Buffer.from([0xff, 0x63, 0x0a, 0x00, 0x0a]),
  'threads/one.jsonl': '{"canary":1}\n',
  'threads/one.json': '{"canary":1}\n',
  'jobs/0123456789ab/job.json': '{"canary":1}\n',
  'jobs/0123456789ab/ledger.jsonl': '{"canary":1}\n{"canary":2}\n',
  'chat-history': 'canary one\ncanary two\n',
};

async function createHome(): Promise<string> {
  const home = join(await tempFolder(), '.sotto');
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  acquireLock({ folder: join(home, 'locks', 'facts'), what: 'The facts' }).release();
  return home;
}

const read = (home: string) =>
  Object.fromEntries(Object.keys(FILES).map((name) => [name, readFileSync(join(home, name))]));
const ORIGINAL = Object.fromEntries(
  Object.entries(FILES).map(([name, content]) => [name, Buffer.from(content as string)]),
);
const filesWith = (home: string, word: string) =>
  contentOf(home).files.filter((path) => readFileSync(path).includes(word));
const partsIn = (home: string) =>
  readdirSync(home, { recursive: true }).filter((name) => String(name).endsWith('.part'));

/** Kills the program at calls that change the disk, each time in a new folder. Returns how often it was. */
async function killEverywhere({
  prepare = () => {},
  act,
  check,
}: {
  prepare?: (home: string) => void;
  act: (home: string) => void;
  check: (home: string) => void;
}): Promise<number> {
  for (let at = 1, count = 0; ; at += STRIDE, count += 1) {
    const home = await createHome();
    prepare(home);
    begin({ kind: 'kill', at });
    let isKilled = false;
    try {
      act(home);
    } catch (error) {
      if (!isFromKill(error)) throw error;
      isKilled = true;
    }
    const isReached = changes() >= at;
    begin({ kind: 'none' });
    if (!isReached) return count;
    // What comes after the last file may be passed over, such as giving a lock back.
    expect(isKilled || at > 10).toBe(true);
    for (const folder of contentOf(home).locks) buryOwners(folder);
    check(home);
  }
}

const isFromKill = (error: unknown): boolean =>
  error instanceof Killed || (error instanceof Error && isFromKill(error.cause));

function conditionNow(home: string): string {
  try {
    return vaultOf(home).isEncrypted ? 'encrypted' : 'plain';
  } catch (error) {
    return String(error);
  }
}

describe('a folder', () => {
  test('is encrypted file by file and decrypted to the same bytes', async () => {
    const home = await createHome();
    mkdirSync(join(home, 'states'));
    writeFileSync(join(home, 'states/one.state'), 'canary');
    expect(filesWith(home, 'canary')).toHaveLength(8);
    expect(createVault(home, 'one', CHEAP)).toEqual({ files: 8 });
    expect(filesWith(home, 'canary')).toEqual([]);
    expect(existsSync(join(home, 'states'))).toBe(false);
    expect(readFileSync(join(home, 'facts.json'), 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(Buffer.from(vaultOf(home).openFile(readFileSync(join(home, 'facts.json'))))).toEqual(
      ORIGINAL['facts.json'],
    );
    const [first = ''] = readFileSync(join(home, 'runs/one.jsonl'), 'utf8').split('\n');
    expect(vaultOf(home).openLine(first)).toBe('{"canary":1}');
    expect(createVault(home, 'one')).toEqual({ files: 0 });
    expect(removeVault(home, 'one')).toEqual({ files: 8, damaged: [] });
    expect(read(home)).toEqual(ORIGINAL);
    expect([identityPath(home), vaultFilePath(home)].filter(existsSync)).toEqual([]);
    expect(conditionNow(home)).toBe('plain');
  });

  test('that was killed while it was encrypted says so until the same call has gone on', async () => {
    let interrupted = 0;
    const points = await killEverywhere({
      act: (home) => void createVault(home, 'one', CHEAP),
      check(home) {
        const condition = conditionNow(home);
        if (condition === 'plain') expect(read(home)).toEqual(ORIGINAL);
        else if (condition !== 'encrypted') {
          interrupted += 1;
          expect(condition).toMatch(/was interrupted: .* nothing is lost\. Call `sotto memory encrypt`/);
          expect(() => unlock(home, 'one')).toThrow('was interrupted');
        }
        createVault(home, 'one', CHEAP);
        expect(filesWith(home, 'canary')).toEqual([]);
        removeVault(home, 'one');
        expect(read(home)).toEqual(ORIGINAL);
        expect(partsIn(home).filter((name) => !String(name).includes('age.'))).toEqual([]);
      },
    });
    expect(points).toBeGreaterThan(30 / STRIDE);
    expect(interrupted).toBeGreaterThan(20 / STRIDE);
  });

  test('that was killed while it was decrypted says so until the same call has gone on', async () => {
    let interrupted = 0;
    const points = await killEverywhere({
      prepare: (home) => void createVault(home, 'one', CHEAP),
      act: (home) => void removeVault(home, 'one'),
      check(home) {
        const condition = conditionNow(home);
        if (condition === 'plain') expect(read(home)).toEqual(ORIGINAL);
        else {
          if (condition !== 'encrypted') {
            interrupted += 1;
            expect(condition).toMatch(/was interrupted: .* nothing is lost\. Call `sotto memory decrypt`/);
          }
          expect(removeVault(home, 'one').damaged).toEqual([]);
        }
        expect(read(home)).toEqual(ORIGINAL);
        expect(conditionNow(home)).toBe('plain');
      },
    });
    expect(points).toBeGreaterThan(30 / STRIDE);
    expect(interrupted).toBeGreaterThan(20 / STRIDE);
  });

  test('opens with the old or the new passphrase, whenever its change was killed', async () => {
    const opened = { old: 0, next: 0 };
    const points = await killEverywhere({
      prepare: (home) => void createVault(home, 'old', CHEAP),
      act: (home) => changePassphrase(home, 'old', 'next', CHEAP),
      check(home) {
        const fitting = (['old', 'next'] as const).filter((passphrase) => {
          try {
            unlock(home, passphrase);
            return true;
          } catch (error) {
            // Not damage: the file is one of the two that were written.
            expect(String(error)).toMatch(/The passphrase of .* is wrong/);
            return false;
          }
        });
        expect(fitting).toHaveLength(1);
        opened[fitting[0] ?? 'old'] += 1;
        vaultOf(home).openFile(readFileSync(join(home, 'facts.json')));
        removeVault(home, fitting[0] ?? '');
        expect(read(home)).toEqual(ORIGINAL);
      },
    });
    expect(points).toBe(opened.old + opened.next);
    expect(Math.min(opened.old, opened.next)).toBeGreaterThan(0);
  });

  test('stays what it is on a disk that is full, whenever that is', async () => {
    for (let at = 1; ; at += STRIDE) {
      const home = await createHome();
      begin({ kind: 'refuse', at, code: 'ENOSPC' });
      try {
        createVault(home, 'one', CHEAP);
      } catch (error) {
        expect(String(error)).toMatch(/ENOSPC/);
      }
      const isReached = changes() >= at;
      begin({ kind: 'none' });
      for (const folder of contentOf(home).locks) buryOwners(folder);
      createVault(home, 'one', CHEAP);
      expect(filesWith(home, 'canary')).toEqual([]);
      removeVault(home, 'one');
      expect(read(home)).toEqual(ORIGINAL);
      if (!isReached) return;
    }
  });

  test('is not touched while anything in it is in use', async () => {
    const home = await createHome();
    using lock = acquireLock({ folder: join(home, 'locks', 'thread-one'), what: 'The thread one' });
    expect(() => createVault(home, 'one', CHEAP)).toThrow('is in use');
    expect(conditionNow(home)).toBe('plain');
    expect(read(home)).toEqual(ORIGINAL);
    lock.release();
    createVault(home, 'one', CHEAP);
    using again = acquireLock({ folder: join(home, 'locks', 'thread-one'), what: 'The thread one' });
    expect(() => removeVault(home, 'one')).toThrow('is in use');
    expect(() => createVault(home, 'one')).toThrow('is in use');
    expect(conditionNow(home)).toBe('encrypted');
    again.release();
  });

  test('keeps what is damaged, and its identity for it, when it is decrypted', async () => {
    const home = await createHome();
    createVault(home, 'one', CHEAP);
    const path = join(home, 'threads/one.json');
    const damaged = readFileSync(path, 'utf8').replace(/.(?=\n-----END)/, '_');
    writeFileSync(path, damaged);
    expect(removeVault(home, 'one').damaged).toEqual([path]);
    expect(readFileSync(path, 'utf8')).toBe(damaged);
    expect(readdirSync(home).filter((name) => name.startsWith('identity.kept-'))).toHaveLength(1);
    expect(conditionNow(home)).toBe('plain');
  });
});
