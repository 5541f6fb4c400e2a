import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { test } from 'vitest';
import { createTempProject } from '../helpers/temp-project.ts';

export const LAUNCHER = resolve('bin/sotto.js');
export type Printed = { readonly code: number | null; readonly out: string; readonly err: string };
type OnOutput = (printed: { out: string; err: string }, kill: (signal: NodeJS.Signals) => void) => void;

/** `sotto read` as a program calls it: no terminal anywhere. */
export function readPiped(folder: string, args: readonly string[], onOutput?: OnOutput): Promise<Printed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, 'read', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    const take = (stream: 'out' | 'err') => (chunk: Buffer) => {
      printed[stream] += chunk;
      onOutput?.(printed, (signal) => child.kill(signal));
    };
    child.stdout.on('data', take('out'));
    child.stderr.on('data', take('err'));
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...printed }));
  });
}

/** `script` makes the terminal; elsewhere it takes other arguments. */
export const testOnTerminal = test.runIf(process.platform === 'linux');

/** `sotto read` as a person calls it: stdin, stdout and stderr are one terminal. `answers` are typed each time that
 * the screen shows the next `Password of`. */
export function readOnTerminal(
  folder: string,
  args: readonly string[],
  answers: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  // Without "exec", a dash that waits for the program gets Ctrl-C too, and ends with its own code.
  const words = ['exec', process.execPath, LAUNCHER, 'read', ...args];
  const command = words.map((word) => `'${word}'`).join(' ');
  return new Promise((done, fail) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1' },
    });
    let screen = '';
    let answered = 0;
    child.stdout.on('data', (chunk) => {
      screen += chunk;
      const asked = screen.split('Password of ').length - 1;
      const answer = answers[answered];
      if (asked <= answered || answer === undefined || !screen.endsWith('): ')) return;
      answered += 1;
      child.stdin.write(answer);
    });
    child.once('error', fail);
    child.once('close', (code) => done({ code, screen: withoutStatus(screen) }));
  });
}

/** What stays on the screen when the line that says what is going on is taken away. */
function withoutStatus(screen: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal's line is cleared
  return screen.replaceAll('\r\n', '\n').replace(/(?:\r[^\r\n]*\u001b\[K)+/g, '');
}

export async function createFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const { folder } = await createTempProject();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Without a text: a page that nothing is on. */
export async function makePdf(texts: readonly string[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (const text of texts) {
    const page = pdf.addPage([400, 300]);
    if (text) page.drawText(text, { x: 40, y: 200, size: 14 });
  }
  return pdf.save();
}

export const lines = (text: string) => text.trimEnd().split('\n');
