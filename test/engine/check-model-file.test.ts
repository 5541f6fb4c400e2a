import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkModelFile } from '../../src/engine/check-model-file.ts';
import { ModelLoadError } from '../../src/errors.ts';
import { brokenModels, soundModel } from '../helpers/broken-gguf.ts';

const checker = path.resolve(import.meta.dirname, '../../src/engine/check-model-file.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sotto-models-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function place(name: string, bytes: Buffer | string, fileBytes?: number): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  if (fileBytes !== undefined) fs.truncateSync(file, fileBytes);
  return file;
}

/** What is wrong, without the beginning that names the file. */
async function problemOf(file: string): Promise<string> {
  const error = await checkModelFile(file).catch((cause: unknown) => cause);
  if (!(error instanceof ModelLoadError)) throw new Error(`it was taken: ${error}`);
  expect(error.path).toBe(file);
  return error.message.replace(`The model ${file} cannot be used: `, '');
}

test.each(['../../models/tiny-qwen3.5.gguf', 'sound'])('takes a model as it should be: %s', async (name) => {
  const file = name === 'sound' ? place('sound.gguf', soundModel()) : path.resolve(import.meta.dirname, name);
  expect(await checkModelFile(file)).toMatchObject({ path: file, architecture: 'qwen35' });
});

test('takes a mixture of experts', async () => {
  const moe = soundModel((model) => {
    model.entries = model.entries.map(({ key, value }) => {
      if (key !== 'general.architecture') return { key: key.replace('qwen35.', 'qwen35moe.'), value };
      return {
        key,
        value: Buffer.concat([value.subarray(0, 4), Buffer.from('\x09\0\0\0\0\0\0\0qwen35moe')]),
      };
    });
  });
  expect(await checkModelFile(place('moe.gguf', moe))).toMatchObject({ architecture: 'qwen35moe' });
});

/**
 * Checks every file of a list in a process of its own, which the test can end where it hangs, with little memory; then
 * changes single bytes of the first one, which must be refused with a `ModelLoadError` or taken.
 */
const CHECK_ALL = `
import fs from 'node:fs';
const { checkModelFile } = await import(process.argv[1]);
const [sound, ...files] = JSON.parse(fs.readFileSync(0, 'utf8'));
for (const file of files) {
  const error = await checkModelFile(file).catch((cause) => cause);
  console.log(JSON.stringify({ file, name: error.name, message: error.message }));
}
const bytes = fs.readFileSync(sound);
const outcomes = {};
for (let i = 0; i < 1500; i += 1) {
  const changed = Buffer.from(bytes);
  changed[(i * 7919) % 1100] = (i * 31) % 256;
  fs.writeFileSync(sound, changed);
  const outcome = await checkModelFile(sound).then(() => 'taken', (error) => error.name);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
console.log(JSON.stringify({ file: 'end', outcomes, maxRssMegabytes: process.resourceUsage().maxRSS / 1024 }));
`;

describe('a broken file', () => {
  const variants = brokenModels();
  const files = variants.map(({ bytes, fileBytes }, i) => place(`broken/${i}.gguf`, bytes, fileBytes));
  const input = JSON.stringify([place('changed.gguf', soundModel()), ...files]);
  let child: SpawnSyncReturns<string>;
  let lines: Record<string, unknown>[] = [];

  beforeAll(() => {
    const flags = ['--max-old-space-size=128', '--input-type=module', '-e', CHECK_ALL, checker];
    // 20 seconds are no goal: they end a reader that hangs.
    child = spawnSync(process.execPath, flags, {
      input,
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    const whole = child.stdout.split('\n').filter((line) => line.endsWith('}'));
    lines = whole.map((line) => JSON.parse(line));
  });

  test.each(variants.map(({ name, says }, i) => [name, says, files[i]] as const))(
    'is refused with one plain sentence: %s',
    (_, says, file) => {
      const { name, message } = lines.find((line) => line.file === file) ?? {};
      expect(name).toBe('ModelLoadError');
      const start = `The model ${file} cannot be used: `;
      expect(message).toMatch(/^[^\n\p{C}]+\.$/u);
      expect(message).toContain(start);
      const problem = String(message).slice(start.length);
      if (typeof says === 'string') expect(problem).toBe(says);
      else expect(problem).toMatch(says);
    },
  );

  test('neither ends the process that reads it nor fills its memory', () => {
    expect(child).toMatchObject({ status: 0, signal: null, stderr: '' });
    expect(lines.at(-1)).toMatchObject({ file: 'end' });
    expect(lines.at(-1)?.maxRssMegabytes).toBeLessThan(250);
  });

  test('with any byte of its header changed is refused with a ModelLoadError, or taken', () => {
    expect(Object.keys(lines.at(-1)?.outcomes ?? {}).sort()).toEqual(['ModelLoadError', 'taken']);
  });
});

describe('what is no file', () => {
  const shelf = path.dirname(place('shelf/b.gguf', 'x'));
  place('shelf/a.GGUF', 'x');
  place('shelf/evil\u001b[2J.gguf', 'x');
  place('shelf/notes.txt', 'x');
  for (const i of [1, 2, 3, 4, 5, 6, 7]) place(`many/${i}.gguf`, 'x');
  const bare = path.dirname(place('bare/notes.txt', 'x'));
  const two = `What is there: ${shelf}/a.GGUF, ${shelf}/b.gguf.`;

  test.each([
    ['a missing file beside others', 'shelf/c.gguf', `there is no such file. ${two}`],
    ['a missing file beside many', 'many/8.gguf', /many\/5\.gguf and 2 more\.$/],
    [
      'a missing file beside none',
      'bare/c.gguf',
      `there is no such file. There is no .gguf file in ${bare}: check the path.`,
    ],
    [
      'a missing folder',
      'none/c.gguf',
      /^there is no such file\. There is no \.gguf file in .+none: check the path\.$/,
    ],
    ['a file taken for a folder', 'shelf/b.gguf/c.gguf', /^there is no such file\./],
    ['a folder', 'shelf', `it is a folder. ${two}`],
    [
      'a name that is too long',
      'x'.repeat(300),
      'it cannot be read (ENAMETOOLONG). Check the path and the disk.',
    ],
  ])('is refused with what is there instead: %s', async (_, name, says) => {
    const problem = await problemOf(path.join(folder, name));
    if (typeof says === 'string') expect(problem).toBe(says);
    else expect(problem).toMatch(says);
  });

  test.skipIf(process.platform === 'win32')('a pipe is refused without waiting for its writer', async () => {
    const pipe = path.join(folder, 'pipe.gguf');
    spawnSync('mkfifo', [pipe]);
    expect(await problemOf(pipe)).toBe('it is a device or a pipe. Name a .gguf file.');
  });

  test.skipIf(process.platform === 'win32')('a file that this user may not read is refused', async () => {
    const secret = place('secret.gguf', soundModel());
    fs.chmodSync(folder, 0o755);
    fs.chmodSync(secret, 0o000);
    const isRoot = process.geteuid?.() === 0;
    // Root may read everything.
    if (isRoot) process.seteuid?.(65_534);
    const problem = await problemOf(secret).finally(() => isRoot && process.seteuid?.(0));
    expect(problem).toBe('this user may not read it. Change its permissions, or those of its folder.');
  });
});
