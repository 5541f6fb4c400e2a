import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VaultError } from '../../errors.ts';
import { vaultOf } from '../../memory/vault.ts';
import { escapeLine } from '../../terminal-text.ts';
import { type EditorHistory, MOST_HISTORY_LINES } from './line-editor.ts';

export const historyPath = (home: string): string => join(home, 'chat-history');

/** The lines that were typed, kept for this user only. A line is appended as it comes, so that two chats lose nothing of
 * each other; `onProblem` is told once that they cannot be kept. Encrypted where the folder is: throws `VaultError` where it
 * was not unlocked. */
export function openHistory(home: string, onProblem: (code: string) => void): EditorHistory {
  const path = historyPath(home);
  let isWritable = true;
  const attempt = (write: () => void) => {
    if (!isWritable) return;
    try {
      write();
    } catch (error) {
      isWritable = false;
      onProblem((error as NodeJS.ErrnoException).code ?? 'unknown');
    }
  };
  const { openLine } = vaultOf(home);
  const kept = readLines(path);
  const newest = kept.slice(-MOST_HISTORY_LINES);
  if (newest.length < kept.length) {
    attempt(() => writeFileSync(path, newest.map((line) => `${line}\n`).join(''), { mode: 0o600 }));
  }
  return {
    lines: newest.flatMap((line) => openOrSkip(line, openLine)).toReversed(),
    add: (line) =>
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        appendFileSync(path, `${vaultOf(home).sealLine(line)}\n`, { mode: 0o600 });
      }),
  };
}

/** As they lie on the disk. */
function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function openOrSkip(line: string, openLine: (sealed: string) => string): readonly string[] {
  try {
    // Shown in the line editor: another program may have written there.
    return [escapeLine(openLine(line))];
  } catch (error) {
    if (error instanceof VaultError) return [];
    throw error;
  }
}
