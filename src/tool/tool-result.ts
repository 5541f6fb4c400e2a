import { type ContentPart, type ToolResult, textPart } from '../messages.ts';
import type { ToolFailure } from './define-tool.ts';

/** A failure that the model is told about: one sentence that says what to do instead. */
export const toolFailure = (text: string): ToolFailure => ({ isError: true, text });

/** The result of a call from what its tool returned, which may be anything: tools are code of a user's own. */
export function toToolResult(toolCallId: string, output: unknown, maxCharacters: number): ToolResult {
  if (typeof output === 'string') {
    return { toolCallId, isError: false, content: [textPart(cutText(output, maxCharacters))] };
  }
  if (isFailure(output)) {
    return { toolCallId, isError: true, content: [textPart(cutText(output.text, maxCharacters))] };
  }
  if (Array.isArray(output) && output.every(isTextPart)) {
    const content = output.map(({ text }) =>
      textPart(cutText(text, Math.floor(maxCharacters / output.length))),
    );
    return { toolCallId, isError: false, content };
  }
  return { toolCallId, isError: true, content: [textPart('The tool failed: it returned no text.')] };
}

const isFailure = (output: unknown): output is ToolFailure =>
  isObject(output) && output.isError === true && typeof output.text === 'string';

const isTextPart = (part: unknown): part is ContentPart =>
  isObject(part) && part.type === 'text' && typeof part.text === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** At a line's end where there is one, never between the halves of a surrogate pair. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const start = text.slice(0, maxCharacters).replace(/[\ud800-\udbff]$/, '');
  const lineEnd = start.lastIndexOf('\n') + 1;
  const kept = lineEnd > maxCharacters / 2 ? start.slice(0, lineEnd) : `${start}\n`;
  return `${kept}[Cut off: these are the first ${kept.length} of ${text.length} characters. Ask for less at a time.]`;
}
