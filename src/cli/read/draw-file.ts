import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import { loadFile, whyNotOpened } from '../../readers/load-file.ts';
import { drawEvidence } from '../../readers/read-document.ts';
import { escapeLine } from '../../terminal-text.ts';
import { EXIT } from '../command.ts';
import type { Evidence } from './parse-evidence.ts';
import type { ReadContext } from './read-one.ts';
import { createStatusLine } from './status-line.ts';

/** Draws a page of a file, or the part of it around a box, into a PNG file that must not be there yet. */
export async function drawFile(
  path: string,
  { page, box, out }: Evidence,
  { output, passwords, signal }: ReadContext,
): Promise<number> {
  const loaded = await loadFile(path);
  const status = createStatusLine(process.stderr, () => 'Drawing…');
  const drawn = loaded.ok
    ? await passwords
        .unlock({
          name: path,
          read: (password) =>
            drawEvidence(loaded.bytes, {
              name: path,
              page,
              signal,
              ...(box && { box }),
              ...(password !== undefined && { password }),
            }),
          problemOf: (result) => (result.ok ? undefined : result.problem.code),
          status,
        })
        .finally(status.end)
    : loaded;
  status.end();
  if (!('png' in drawn)) {
    const found = drawn.ok ? undefined : drawn.problem;
    output.note(escapeLine(`${path}: ${found?.sentence}`));
    const advice = passwords.advice(found?.code);
    if (advice) output.note(advice);
    return EXIT.failed;
  }
  await writeNew(out, drawn.png);
  output.note(escapeLine(`${out}: page ${page} of ${path}, ${drawn.width} x ${drawn.height} pixels.`));
  return EXIT.done;
}

/** What lies there may be somebody's only scan. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: 'wx' }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'EEXIST'
        ? 'is there already: nothing was written. Take another name, or delete it first.'
        : code === 'ENOENT'
          ? 'cannot be written: there is no such folder.'
          : `cannot be written: ${whyNotOpened(error)}`;
    throw new ConfigError(`${JSON.stringify(path)} ${why}`);
  });
}
