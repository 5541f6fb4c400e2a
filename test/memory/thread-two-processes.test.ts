import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { listThreads, readThread } from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { said } from './thread-store.ts';

const CHILD = join(import.meta.dirname, 'thread-in-child.ts');
/** As the `sotto` command starts Node. */
const SEAL = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--disable-warning=SecurityWarning'];
const TURNS = 60;

test('two programs on one thread, each under its lock: every turn is kept, each number is taken once', async () => {
  const { home } = await createTempProject();
  const children = ['x', 'y'].map((name) =>
    spawn(process.execPath, [...SEAL, CHILD, home, name, String(TURNS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const told = await Promise.all(
    children.map(async (child) => {
      const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      expect(code).toBe(0);
      return out.trim().split('\n').filter(Boolean).map(Number);
    }),
  );
  const [first = [], second = []] = told;
  expect(new Set(first).difference(new Set([children[1]?.pid]))).toEqual(new Set());
  expect(new Set(second).difference(new Set([children[0]?.pid]))).toEqual(new Set());
  const thread = await readThread(home, 'main');
  expect(thread && said(thread)).toHaveLength(2 * 2 * TURNS);
  const [summary] = await listThreads(home);
  expect(summary?.runs.map(({ turn }) => turn)).toEqual(
    Array.from({ length: 2 * TURNS }, (_, index) => index + 1),
  );
});
