import { type ToolResult, textPart } from '../messages.ts';
import { toTemplateJson } from '../qwen/template-json.ts';
import type { UnknownCall } from './resume-plan.ts';

const SHOWN_LETTERS = 200;

/** Names a call among those of all runs. */
export const toUnknownId = (runId: string, toolCallId: string): string => `${runId} ${toolCallId}`;

/** What a person has to look at, and how to go on then. */
export function sayUnknown({ runId, toolCall, agent }: UnknownCall): string {
  const input = toTemplateJson(toolCall.input);
  const shown = input.length > SHOWN_LETTERS ? `${input.slice(0, SHOWN_LETTERS)}…` : input;
  return (
    `The outcome of ${toolCall.name} ${shown}, called by ${agent}, is not known: the program stopped during it. ` +
    'Nothing was changed. Look whether it took effect, then go on with ' +
    `\`sotto resume ${runId} --unknown skip\` if it did, or \`--unknown run-again\` if it did not.`
  );
}

/** For the model, of a call that is not made again. */
export const unknownResult = (toolCallId: string): ToolResult => ({
  toolCallId,
  isError: true,
  content: [
    textPart(
      'The program stopped during this call, and it was not made again: whether it took effect is not known. Find out before you rely on it.',
    ),
  ],
});
