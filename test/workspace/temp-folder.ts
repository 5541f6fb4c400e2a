import { spawnSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** A folder of this test alone, removed when it ends. */
export async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sotto-test-')));
  // Much is synced to the disk at once by tests: removing can wait for it.
  onTestFinished(() => rm(folder, { recursive: true, force: true }), 60_000);
  return folder;
}

/** Skips the test, saying why, where a program of the system does not work; in CI the test fails instead. */
export function requireProgram(context: TestContext, command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const reason = `${command} ${args.join(' ')} does not work here: ${error?.message ?? stderr.trim()}`;
  if (process.env.CI) throw new Error(reason);
  context.skip(reason);
}
