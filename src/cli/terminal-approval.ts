import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { Approve } from '../agent/ask-approval.ts';
import type { JsonValue } from '../messages.ts';
import { toTemplateJson } from '../qwen/template-json.ts';
import { type Output, plural } from './output.ts';
import { toRows } from './terminal-rows.ts';

/** Puts the question and returns one line, empty where nobody answers; what was typed before answers nothing. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

const MARK = '    | ';
/** A longer value is shown by its first and its last rows. */
const FIRST_ROWS = 40;
const LAST_ROWS = 20;
/** As wide as no indentation: what stands behind so many is easily missed. */
const LONG_SPACE = /[\p{Zs}\u2800]{21,}/gu;

/** Asks on the terminal, with the call's exact arguments. Anything but yes is a no. */
export const approveOnTerminal =
  (output: Output, ask: Ask = askOnTerminal): Approve =>
  async ({ agent, toolCall: { name, input }, reason, signal }) => {
    const columns = output.columns - 1;
    output.note(`\n${agent} asks for approval of ${name}:`);
    for (const [key, value] of Object.entries(input)) {
      for (const line of showValue(key, value, columns)) output.note(line);
    }
    // Last, so that it stands above the question however long the values are.
    const [first = '', ...others] = toRows(
      countSpaces(`${name}, called by ${agent}: ${reason}.`),
      columns - MARK.length,
    );
    for (const line of [first, ...setIn(others)]) output.note(line);
    const answer = await ask('Allow it? [y/N] ', signal);
    return /^y(es)?$/i.test(answer.trim()) ? 'allow' : 'deny';
  };

/** No row of a value begins as a line of ours does. */
export function showValue(key: string, value: JsonValue, columns: number): readonly string[] {
  const named = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
  const shown = countSpaces(typeof value === 'string' ? value : toTemplateJson(value));
  const whole = toRows(`  ${countSpaces(named)}: ${shown}`, columns);
  if (whole.length === 1) return whole;
  const [label = '', ...others] = toRows(`${countSpaces(named)}:`, columns - MARK.length);
  return [`  ${label}${others.length > 0 ? '…:' : ''}`, ...setIn(toRows(shown, columns - MARK.length))];
}

function setIn(rows: readonly string[]): readonly string[] {
  const marked = rows.map((row) => MARK + row);
  const left = rows.length - FIRST_ROWS - LAST_ROWS;
  if (left <= 0) return marked;
  const says = `  (${plural(left, 'row')} of ${rows.length} left out here)`;
  return [...marked.slice(0, FIRST_ROWS), says, ...marked.slice(-LAST_ROWS)];
}

const countSpaces = (text: string): string =>
  text.replaceAll(LONG_SPACE, (spaces) => `[${spaces.length} spaces]`);

/** With the terminal for itself. */
export async function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
  await dropTypedAhead();
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    return await Promise.race([prompt.question(question, { signal }), ended]);
  } finally {
    prompt.close();
  }
}

const TYPED_AHEAD_MS = 50;

async function dropTypedAhead(): Promise<void> {
  process.stdin.setRawMode(true);
  process.stdin.on('data', ignore);
  await setTimeout(TYPED_AHEAD_MS);
  process.stdin.off('data', ignore);
  process.stdin.pause();
  process.stdin.setRawMode(false);
}

const ignore = () => {};
