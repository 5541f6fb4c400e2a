/** `sotto extract review` on a terminal, over a job that a scripted model did. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { extract } from '../../src/extract/extract.ts';
import type { JsonObject } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { LAUNCHER, type TypingStep } from './chat-terminal.ts';

export const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    vendor: { type: 'string', description: 'Who sends it' },
    total: { type: 'number', description: 'What is to be paid' },
    items: { type: 'array', items: { type: 'object', properties: { amount: { type: 'number' } } } },
  },
};
const TEXT = 'Mill Bakery\nInvoice 12\nFlour 20.00\nTotal 25.00\nThank you \u001b[31mred';
/** The total is not what the quote says, and neither is the line's amount. */
const ANSWER = {
  vendor: { quote: 'Mill Bakery', value: 'Mill Bakery' },
  total: { quote: 'Total 25.00', value: '52.00' },
  items: [{ quote: 'Flour 20.00', amount: '2.00' }],
};

type JobOptions = {
  readonly schema?: JsonObject;
  readonly answer?: Readonly<Record<string, unknown>>;
  /** Whether it is a job of the command. */
  readonly note?: boolean;
};

export async function createJob(
  text = TEXT,
  { schema = SCHEMA, answer: given = ANSWER, note: hasNote = true }: JobOptions = {},
) {
  const { folder, home } = await createTempProject({ 'inbox/a.txt': text });
  const inbox = join(folder, 'workspace/inbox');
  const engine = createScriptedEngine(({ answer }) => {
    const asked = Object.keys((answer?.properties ?? {}) as object);
    const all: Readonly<Record<string, unknown>> = given;
    return { text: JSON.stringify(Object.fromEntries(asked.map((name) => [name, all[name] ?? null]))) };
  });
  const out = join(folder, 'table.json');
  const note = hasNote ? { note: { paths: [inbox], out, watch: false } } : {};
  const { jobId } = await extract({ files: [inbox], schema, engine, home, ...note });
  return { folder, home, jobId, out, inbox };
}

/** Each keys are typed once a text has appeared behind what the step before waited for. */
export function review(folder: string, args: readonly string[], steps: readonly TypingStep[], columns = 80) {
  const words = ['exec', process.execPath, LAUNCHER, 'extract', 'review', ...args];
  const command = `stty cols ${columns}; ${words.map((word) => `'${word}'`).join(' ')}`;
  return new Promise<{ readonly code: number | null; readonly screen: string }>((done, fail) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1' },
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

export const QUESTION = 'quit? [a c r s b q ?] ';
export const CLEAR_LINE = '\u0015';
