import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTrace, toTree } from './read-trace.ts';

describe('sotto run --trace', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-trace-'));
    await cp(resolve('workspace/letters'), join(folder, 'workspace/letters'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const sotto = (...args: readonly string[]) =>
    spawnSync(process.execPath, [resolve('bin/sotto.js'), ...args], { cwd: folder, encoding: 'utf8' });
  const TASK = ['run', 'clerk', 'What is the dose in letters/clinic.txt?'];

  test('writes the spans under the seal that the program runs with', async () => {
    const { status, stdout } = sotto(...TASK, '--trace', 'trace.jsonl');
    expect([status, stdout]).toEqual([0, 'The dose is 5 mg.\n']);
    const spans = await readTrace(join(folder, 'trace.jsonl'));
    expect(toTree(spans)).toBe(
      'invoke_agent clerk(chat tiny-qwen35, execute_tool read_file, chat tiny-qwen35)',
    );
    expect(spans.at(-1)?.values['sotto.seal']).toBe('node-permission');
  });

  test('says that a file cannot be written before the model is loaded', async () => {
    await writeFile(join(folder, 'broken.gguf'), 'GGUF');
    const { status, stderr } = sotto(...TASK, '--model', 'broken.gguf', '--trace', 'no/trace.jsonl');
    expect([status, stderr]).toEqual([
      1,
      'The trace cannot be written to "no/trace.jsonl" (ENOENT). Nothing was run; name another file.\n',
    ]);
  });
});
