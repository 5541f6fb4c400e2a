/**
 * Messages: the pure values that a thread is made of.
 *
 * Glossary, used everywhere in Sotto:
 * - agent: the definition (name, instructions, tools, limits).
 * - model: a GGUF file and its sampling settings. engine: what runs a model.
 * - thread: the stored messages of one conversation.
 * - turn: a user message and the run that answers it. run: one `runAgent` call.
 * - step: one model call and the tool calls it asked for. Never call a step a turn.
 * - tool call: `{ id, name, input }`. tool result: `{ toolCallId, isError, content }`.
 * - effect of a tool: `read`, `write` or `external`.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** A piece of what a user says or a tool returns. Text only, until a model of ours sees images. */
export type ContentPart = { readonly type: 'text'; readonly text: string };

export type ToolCall = {
  /** Unique within its run. */
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
  /** Why the call could not be read (cut off, a parameter given twice). Such a call is answered with this
   * sentence and never run. */
  readonly problem?: string;
};

/** A file that was read for a result. */
export type FileSource = {
  /** In the workspace. */
  readonly path: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
};

export type ToolResult = {
  readonly toolCallId: string;
  readonly isError: boolean;
  readonly content: readonly ContentPart[];
  /** Where its words come from, as far as they are those of files. */
  readonly sources?: readonly FileSource[];
};

export type UserMessage = { readonly role: 'user'; readonly content: readonly ContentPart[] };

export type AssistantMessage = {
  readonly role: 'assistant';
  readonly thinking: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** The very tokens that the model generated, so that its state is continued and never evaluated again.
   * Good for the model with this fingerprint only; without them the message is rendered from its parts. */
  readonly generated?: Generated;
};

export type Generated = {
  /** Fingerprint of the model. */
  readonly model: string;
  /** Whether the message began with an open thought. */
  readonly thinking: boolean;
  /** Without the end-of-message token. */
  readonly tokens: readonly number[];
};

export type ToolMessage = { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export type Message = UserMessage | AssistantMessage | ToolMessage;

export const textPart = (text: string): ContentPart => ({ type: 'text', text });

export const userMessage = (text: string): UserMessage => ({ role: 'user', content: [textPart(text)] });

/** The text of content parts, joined as they stand. */
export const contentText = (content: readonly ContentPart[]): string =>
  content.map((part) => part.text).join('');
