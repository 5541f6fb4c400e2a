/**
 * A client of llama.cpp's own server as such clients are written: OpenAI's chat completions with tools, streamed, the whole
 * history in every request, for bench/agent.ts.
 */
import { resolve } from 'node:path';
import { type AssistantMessage, contentText, type Message } from '../src/messages.ts';
import type { ToolSpec } from '../src/tool/define-tool.ts';

/** What the server says of a request, and how long the client waited for it. */
export type Answer = {
  readonly evaluatedTokens: number;
  readonly generatedTokens: number;
  readonly generatingMs: number;
  readonly ms: number;
};

export type Conversation = {
  readonly instructions: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  /** Whether the client sends the model's thoughts back. Most drop them. */
  readonly keepsThoughts: boolean;
};

type Body = Readonly<Record<string, unknown>>;

/** The model file that the server runs, and its context. */
export async function askServer(
  url: string,
): Promise<{ readonly path: string; readonly contextTokens: number }> {
  const response = await fetch(new URL('/props', url));
  if (!response.ok) throw new Error(`${url} does not say what it runs: ${await response.text()}`);
  const props = (await response.json()) as {
    readonly model_path: string;
    readonly default_generation_settings: { readonly n_ctx: number };
  };
  return { path: resolve(props.model_path), contextTokens: props.default_generation_settings.n_ctx };
}

/** Plays a thread again: the server writes each message token by token as it was, and the client keeps it. */
export async function playOnServer(url: string, conversation: Conversation): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const [index, message] of conversation.messages.entries()) {
    if (message.role !== 'assistant') continue;
    const before = { ...conversation, messages: conversation.messages.slice(0, index) };
    // Nothing of the play before this one is there any more.
    const isFirst = answers.length === 0;
    answers.push(await chat(url, before, { ...force(message), ...(isFirst && { cache_prompt: false }) }));
  }
  return answers;
}

/** A grammar that admits these tokens only. The server takes none beside tools that may be called: `none` leaves the
 * tools in the prompt, which stays the same. */
function force({ generated }: AssistantMessage): Body {
  const tokens = generated?.tokens.map((token) => `<[${token}]>`).join(' ');
  if (!tokens) throw new Error('a message without tokens cannot be played');
  return { tool_choice: 'none', grammar: `root ::= ${tokens}`, temperature: 0 };
}

export async function chat(url: string, conversation: Conversation, options: Body): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(new URL('/v1/chat/completions', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...toRequest(conversation), stream: true, ...options }),
  });
  const stream = await response.text();
  if (!response.ok) throw new Error(`the server refused a request: ${stream}`);
  const ms = performance.now() - started;
  const last = stream.split('\n').findLast((line) => line.includes('"timings"'));
  if (!last) throw new Error(`the server did not say its timings: ${stream.slice(-500)}`);
  const { timings } = JSON.parse(last.slice('data: '.length));
  return {
    evaluatedTokens: timings.prompt_n,
    generatedTokens: timings.predicted_n,
    generatingMs: timings.predicted_ms,
    ms,
  };
}

function toRequest({ instructions, tools, messages, keepsThoughts }: Conversation): Body {
  return {
    messages: [
      { role: 'system', content: instructions },
      ...messages.flatMap((message) => toOpenAi(message, keepsThoughts)),
    ],
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    })),
  };
}

function toOpenAi(message: Message, keepsThoughts: boolean): readonly Body[] {
  if (message.role === 'user') return [{ role: 'user', content: contentText(message.content) }];
  if (message.role === 'tool')
    return message.results.map(({ toolCallId, content }) => ({
      role: 'tool',
      tool_call_id: toolCallId,
      content: contentText(content),
    }));
  const { text, thinking, toolCalls } = message;
  return [
    {
      role: 'assistant',
      content: text,
      ...(keepsThoughts && { reasoning_content: thinking }),
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, name, input }) => ({
          id,
          type: 'function',
          function: { name, arguments: JSON.stringify(input) },
        })),
      }),
    },
  ];
}
