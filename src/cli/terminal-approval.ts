import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { Approve } from '../agent/ask-approval.ts';
import { toTemplateJson } from '../qwen/template-json.ts';
import type { Output } from './output.ts';

/** Puts the question and returns one line, empty where nobody answers; what was typed before answers nothing. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

/** Asks on the terminal, with the call's exact arguments. Anything but yes is a no. */
export const approveOnTerminal =
  (output: Output, ask: Ask = askOnTerminal): Approve =>
  async ({ toolCall, reason, signal }) => {
    output.note(`\n${toolCall.name} asks for approval: ${reason}.`);
    for (const [key, value] of Object.entries(toolCall.input)) {
      const shown = typeof value === 'string' ? value : toTemplateJson(value);
      // Every line of a value is set in, so that none can pass for a line of ours.
      output.note(`  ${key}: ${shown.replaceAll('\n', '\n    | ')}`);
    }
    const answer = await ask('Allow it? [y/N] ', signal);
    return /^y(es)?$/i.test(answer.trim()) ? 'allow' : 'deny';
  };

/** With the terminal for itself. */
async function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
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
