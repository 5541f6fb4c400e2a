import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const LAUNCHER = resolve('bin/sotto.js');
export type Printed = { readonly code: number | null; readonly out: string; readonly err: string };

/** `sotto chat` as a program calls it: no terminal anywhere. */
export function chatPiped(folder: string, args: readonly string[], input: string): Promise<Printed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [LAUNCHER, 'chat', ...args], { cwd: folder });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.err += chunk;
    });
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...printed }));
    child.stdin.end(input);
  });
}

/** What is done once a text has appeared behind what the step before waited for. */
export type TypingStep = readonly [waitFor: string, keys: string];

/** `sotto chat` as a person has it: stdin, stdout and stderr are one terminal. The last prompt is left by Ctrl-D. */
export function chatOnTerminal(
  folder: string,
  args: readonly string[],
  steps: readonly TypingStep[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  // Without "exec", a dash that waits for the program gets Ctrl-C too, and ends with its own code.
  const words = ['exec', process.execPath, LAUNCHER, 'chat', ...args];
  const command = words.map((word) => `'${word}'`).join(' ');
  return new Promise((done, fail) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1', ...env },
    });
    let screen = '';
    let read = 0;
    const left = [...steps];
    child.stdout.on('data', (chunk) => {
      screen = (screen + chunk).replaceAll('\r\n', '\n');
      for (let at = -1; left[0]; ) {
        at = screen.indexOf(left[0][0], read);
        if (at < 0) break;
        read = at + left[0][0].length;
        child.stdin.write(left.shift()?.[1] ?? '');
      }
    });
    onTestFinished(() => void child.kill());
    child.once('error', fail);
    child.once('close', (code) => done({ code, screen }));
  });
}
