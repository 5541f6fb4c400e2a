import { type ToolResult, textPart } from '../messages.ts';
import type { ToolFailure, ToolOutput } from './define-tool.ts';

/** A failure that the model is told about: one sentence that says what to do instead. */
export const toolFailure = (text: string): ToolFailure => ({ isError: true, text });

/** The result of a call from what its tool returned. */
export function toToolResult(toolCallId: string, output: ToolOutput): ToolResult {
  if (typeof output === 'string') return { toolCallId, isError: false, content: [textPart(output)] };
  if ('isError' in output) return { toolCallId, isError: true, content: [textPart(output.text)] };
  return { toolCallId, isError: false, content: output };
}
