/**
 * From generated tokens to thinking, text and tool calls, as they stream.
 *
 * Special tokens count by their id: a tag that is quoted in prose is prose. What a model gets wrong has one reading:
 * - A call inside a thought is made if the message ends there; if the thought goes on or closes, it was part of it.
 * - Text before, between and after calls is the message's text.
 * - A call that is cut off, or followed by another `<tool_call>` before it ends, carries a `problem` and is never run.
 * - A closing tag where nothing is open is dropped.
 */
import type { ToolCall } from '../messages.ts';
import type { ToolSpec } from '../tool/define-tool.ts';
import { parseToolCall } from './parse-tool-call.ts';

/** A generated token: its text, and what it is where it is one of the dialect's own. */
export type TokenPiece = { readonly text: string; readonly tag?: DialectTag };
export type DialectTag = '<think>' | '</think>' | '<tool_call>' | '</tool_call>';

/** A call as it was written; it gets its id where the message is made. */
export type ParsedCall = Omit<ToolCall, 'id'>;

export type ParseEvent =
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly toolCall: ParsedCall };

export type Parser = {
  push(piece: TokenPiece): ParseEvent[];
  /** What was held back, once generation is over. May be called once. */
  end(): ParseEvent[];
  /** Where the next token would go. */
  readonly channel: 'thinking' | 'text' | 'call';
  /** Calls inside the thought that will be made if the message ends now. */
  readonly pendingCalls: number;
};

type Draft = { readonly toolCall: ParsedCall; readonly source: string };

/** Makes a parser for one message; `thinking` says whether it begins inside a thought. */
export function createParser(tools: readonly ToolSpec[], thinking: boolean): Parser {
  const prose = { thinking: createProse('thinking-delta'), text: createProse('text-delta') };
  let channel: 'thinking' | 'text' = thinking ? 'thinking' : 'text';
  let body: string | undefined;
  let drafts: Draft[] = [];

  const say = (text: string): ParseEvent[] => {
    if (drafts.length > 0 && text.trim() !== '') return [...dismissDrafts(), ...prose[channel].say(text)];
    return prose[channel].say(text);
  };
  const dismissDrafts = (): ParseEvent[] => {
    const source = drafts.map((draft) => draft.source).join('\n');
    drafts = [];
    return source === '' ? [] : [...prose.thinking.say(source), ...prose.thinking.pause()];
  };
  const closeCall = (source: string): ParseEvent[] => {
    body = undefined;
    const toolCall = parseToolCall(source, tools);
    if (channel === 'text') return [{ type: 'tool-call', toolCall }];
    drafts.push({ toolCall, source: `<tool_call>${source}</tool_call>` });
    return [];
  };
  const switchTo = (next: 'thinking' | 'text'): ParseEvent[] => {
    const events = dismissDrafts();
    prose[channel].pause();
    channel = next;
    return events;
  };
  const push = (piece: TokenPiece): ParseEvent[] => {
    if (body !== undefined) return pushInCall(body, piece);
    if (piece.tag === undefined) return say(piece.text);
    if (piece.tag === '<tool_call>') {
      prose[channel].pause();
      body = '';
    }
    if (piece.tag === '<think>' && channel === 'text') return switchTo('thinking');
    if (piece.tag === '</think>' && channel === 'thinking') return switchTo('text');
    return [];
  };
  const pushInCall = (source: string, piece: TokenPiece): ParseEvent[] => {
    if (piece.tag && !isInParameter(source)) {
      const events = closeCall(source);
      return piece.tag === '</tool_call>' ? events : [...events, ...push(piece)];
    }
    body = source + piece.text;
    const end = piece.text.includes('>') ? findPlainEnd(body, source.length) : undefined;
    if (!end) return [];
    const rest = body.slice(end.after);
    return [...closeCall(body.slice(0, end.before)), ...say(rest)];
  };

  return {
    push,
    get pendingCalls() {
      return drafts.length;
    },
    end() {
      const events = body === undefined ? [] : closeCall(body);
      return [...events, ...drafts.map(({ toolCall }): ParseEvent => ({ type: 'tool-call', toolCall }))];
    },
    get channel() {
      return body === undefined ? channel : 'call';
    },
  };
}

/** One channel's text, trimmed as the template trims it: white space goes out only between words. */
function createProse(type: 'thinking-delta' | 'text-delta') {
  let separator = '';
  let inParagraph = false;
  let held = '';
  return {
    say(text: string): ParseEvent[] {
      const whole = inParagraph ? held + text : text.trimStart();
      const shown = whole.trimEnd();
      if (shown === '') {
        held = inParagraph ? whole : '';
        return [];
      }
      const event = { type, text: (inParagraph ? '' : separator) + shown };
      held = whole.slice(shown.length);
      inParagraph = true;
      separator = '\n\n';
      return [event];
    },
    /** Something else comes in between: what follows is a paragraph of its own. */
    pause(): ParseEvent[] {
      inParagraph = false;
      return [];
    },
  };
}

/** Whether a tag's token is part of a value. Right behind a line `</function>` it is not: an end tag was forgotten. */
const isInParameter = (body: string) =>
  body.lastIndexOf('<parameter=') > body.lastIndexOf('</parameter>') &&
  !/\n<\/function>\s*$/.test(body.slice(-24));

/** The end of a call whose `</tool_call>` came as plain text, not as its token; looked for in what is new. */
function findPlainEnd(body: string, oldLength: number): { before: number; after: number } | undefined {
  const from = Math.max(0, oldLength - 40);
  for (const match of body.slice(from).matchAll(/<\/function>\s{0,8}<\/tool_call>/g)) {
    const after = from + match.index + match[0].length;
    const before = after - '</tool_call>'.length;
    // One that is quoted in a value may be followed by the real one in the same piece.
    if (!isInParameter(body.slice(0, before))) return { before, after };
  }
  return undefined;
}
