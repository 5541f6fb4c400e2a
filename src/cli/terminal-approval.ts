import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { Approve } from '../agent/ask-approval.ts';
import { toTemplateJson } from '../qwen/template-json.ts';
import type { Output } from './output.ts';

/** Asks on the terminal, with the call's exact arguments. Anything but yes is a no. */
export const approveOnTerminal =
  (output: Output): Approve =>
  async ({ toolCall, reason, signal }) => {
    output.note(`\n${toolCall.name} asks for approval: ${reason}.`);
    for (const [key, value] of Object.entries(toolCall.input)) {
      const shown = typeof value === 'string' ? value : toTemplateJson(value);
      // Every line of a value is set in, so that none can pass for a line of ours.
      output.note(`  ${key}: ${shown.replaceAll('\n', '\n    | ')}`);
    }
    await dropTypedAhead();
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
    try {
      const answer = await Promise.race([prompt.question('Allow it? [y/N] ', { signal }), ended]);
      return /^y(es)?$/i.test(answer.trim()) ? 'allow' : 'deny';
    } finally {
      prompt.close();
    }
  };

const TYPED_AHEAD_MS = 50;

/** What was typed before the question was there answers nothing. */
async function dropTypedAhead(): Promise<void> {
  process.stdin.setRawMode(true);
  process.stdin.on('data', ignore);
  await setTimeout(TYPED_AHEAD_MS);
  process.stdin.off('data', ignore);
  process.stdin.pause();
  process.stdin.setRawMode(false);
}

const ignore = () => {};
