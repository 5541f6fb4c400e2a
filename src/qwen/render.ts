/**
 * From messages to the prompt, in the official chat template of Qwen 3.5.
 *
 * Contract: only `trusted` text may become special tokens, and only Sotto writes it. Joined, the segments of
 * `history: "template"` are byte-equal to the template's own rendering (test/qwen/render.test.ts).
 */
import {
  type AssistantMessage,
  contentText,
  type Message,
  type ToolCall,
  type ToolMessage,
} from '../messages.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { toTemplateJson } from './template-json.ts';
import { TOOLS_FOOTER, TOOLS_HEADER } from './template-text.ts';

export type TextSegment = {
  readonly text: string;
  /** Whether special tokens in the text are meant as such. */
  readonly trusted: boolean;
  /** The state after this segment is worth a checkpoint: the end of the system turn, which other conversations share, or
   * that of a message that the model answers. */
  readonly edge?: 'system' | 'message';
};

/** A piece of a prompt: text, or the tokens that the model itself generated. */
export type Segment = TextSegment | { readonly tokens: readonly number[] };

/** `append`: earlier turns stay as they were generated, thoughts included, so that nothing is evaluated twice.
 * `template`: the official rendering, which drops the thoughts of every turn before the last user message. */
export type History = 'append' | 'template';

export type RenderInput = {
  /** The agent's instructions. Default: none. */
  readonly instructions?: string;
  readonly tools?: readonly ToolSpec[];
  readonly messages: readonly Message[];
  /** Whether the message to be generated begins with a thought. */
  readonly thinking: boolean;
  /** Default: `append`. */
  readonly history?: History;
  /** Fingerprint of the model that will read this; tokens that another one generated are rendered as text. */
  readonly model?: string;
};

/** The prompt of the next model call, up to and with the start of the assistant's message. */
export function render(input: RenderInput): Segment[] {
  const { messages, history = 'append' } = input;
  const lastQuery = history === 'template' ? lastQueryIndex(messages) : -1;
  return joinTrusted([
    ...renderSystem(input.instructions ?? '', input.tools ?? []),
    ...messages.flatMap((message, index) => renderMessage(message, index > lastQuery, input.model)),
    trusted(`<|im_start|>assistant\n${thoughtStart(input.thinking)}`),
  ]);
}

const trusted = (text: string): TextSegment => ({ text, trusted: true });
const untrusted = (text: string): TextSegment => ({ text, trusted: false });
const edge = (kind: 'system' | 'message'): TextSegment => ({
  text: '<|im_end|>\n',
  trusted: true,
  edge: kind,
});
const thoughtStart = (thinking: boolean) => (thinking ? '<think>\n' : '<think>\n\n</think>\n\n');

function renderSystem(instructions: string, tools: readonly ToolSpec[]): Segment[] {
  const text = instructions.trim();
  if (tools.length === 0) {
    return text ? [trusted('<|im_start|>system\n'), untrusted(text), edge('system')] : [];
  }
  return [
    trusted(`<|im_start|>system\n${TOOLS_HEADER}`),
    untrusted(tools.map((tool) => `\n${toTemplateJson(toFunction(tool))}`).join('')),
    trusted(TOOLS_FOOTER),
    untrusted(text && `\n\n${text}`),
    edge('system'),
  ];
}

const toFunction = ({ name, description, parameters }: ToolSpec) => ({
  type: 'function',
  function: { name, description, parameters },
});

function renderMessage(message: Message, keepsThought: boolean, model: string | undefined): Segment[] {
  if (message.role === 'user') {
    return [trusted('<|im_start|>user\n'), untrusted(contentText(message.content).trim()), edge('message')];
  }
  if (message.role === 'tool') return renderResults(message);
  const { generated } = message;
  if (keepsThought && generated && generated.model === model) {
    return [
      trusted(`<|im_start|>assistant\n${thoughtStart(generated.thinking)}`),
      { tokens: generated.tokens },
      trusted('<|im_end|>\n'),
    ];
  }
  return renderAssistant(message, keepsThought);
}

function renderAssistant({ thinking, text, toolCalls }: AssistantMessage, keepsThought: boolean): Segment[] {
  const thought = keepsThought
    ? [trusted('<think>\n'), untrusted(thinking.trim()), trusted('\n</think>\n\n')]
    : [];
  const answer = text.trim();
  const calls = toolCalls.flatMap((toolCall, index) => [
    trusted(index > 0 ? '\n' : answer && '\n\n'),
    ...renderToolCall(toolCall),
  ]);
  return [
    trusted('<|im_start|>assistant\n'),
    ...thought,
    untrusted(answer),
    ...calls,
    trusted('<|im_end|>\n'),
  ];
}

function renderToolCall({ name, input }: ToolCall): Segment[] {
  const parameters = Object.entries(input).map(
    ([key, value]) =>
      `<parameter=${key}>\n${typeof value === 'string' ? value : toTemplateJson(value)}\n</parameter>\n`,
  );
  return [
    trusted('<tool_call>'),
    untrusted(`\n<function=${name}>\n${parameters.join('')}</function>\n`),
    trusted('</tool_call>'),
  ];
}

function renderResults({ results }: ToolMessage): Segment[] {
  const responses = results.flatMap(({ content }) => [
    trusted('\n<tool_response>\n'),
    untrusted(contentText(content).trim()),
    trusted('\n</tool_response>'),
  ]);
  return [trusted('<|im_start|>user'), ...responses, edge('message')];
}

/** The template's own rule: the last user message that does not look like a tool response. */
function lastQueryIndex(messages: readonly Message[]): number {
  return messages.findLastIndex((message) => {
    if (message.role !== 'user') return false;
    const text = contentText(message.content).trim();
    return !(text.startsWith('<tool_response>') && text.endsWith('</tool_response>'));
  });
}

function joinTrusted(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if ('text' in segment && segment.text === '') continue;
    if (isPlainTrusted(last) && 'text' in segment && segment.trusted) {
      joined[joined.length - 1] = { ...segment, text: last.text + segment.text };
    } else joined.push(segment);
  }
  return joined;
}

const isPlainTrusted = (segment: Segment | undefined): segment is TextSegment =>
  segment !== undefined && 'text' in segment && segment.trusted && !segment.edge;
