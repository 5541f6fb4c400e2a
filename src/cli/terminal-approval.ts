import { createInterface } from 'node:readline/promises';
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
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await prompt.question('Allow it? [y/N] ', { signal });
      return /^y(es)?$/i.test(answer.trim()) ? 'allow' : 'deny';
    } finally {
      prompt.close();
    }
  };
