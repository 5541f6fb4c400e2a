import type { FinishReason } from '../events.ts';
import { createParser, type DialectTag, type ParseEvent } from '../qwen/parse.ts';
import { CLOSE_THOUGHT } from '../qwen/thinking.ts';
import type { SpecialToken, Tokenizer } from '../qwen/tokenize.ts';
import type { GenerateRequest } from './engine.ts';
import { CALL_RULE, endsInRepetition, TEXT_RULE, THOUGHT_RULE } from './repetition.ts';
import { createTokenText } from './token-text.ts';

type WriterOptions = {
  readonly specials: readonly SpecialToken[];
  readonly tokenizeAside: Tokenizer;
  readonly decode: (tokens: readonly number[]) => string;
  readonly isEndOfMessage: (token: number) => boolean;
  readonly onEvent: (event: ParseEvent) => void;
};

/** What becomes of a token: the tokens that the state takes next, or why the message ends. */
export type Taken = { readonly next: readonly number[] } | { readonly finish: FinishReason };

/** A model that opens its thought once more after so many were closed for it will not answer. */
const MOST_CLOSINGS = 3;
/** The repeated stretch is looked for every so many tokens. */
const REPETITION_INTERVAL = 32;
const DIALECT_TAGS: ReadonlySet<string> = new Set(['<think>', '</think>', '<tool_call>', '</tool_call>']);

export type MessageWriter = ReturnType<typeof createMessageWriter>;

/** Writes one message down, token by token: parses it, keeps the thought within its budget, and says when it ends. */
export function createMessageWriter(request: GenerateRequest, options: WriterOptions) {
  const special = new Map(options.specials.map(({ id, text }) => [id, text]));
  const parser = createParser(request.tools, request.thinking);
  const text = createTokenText(options.decode);
  const tokens: number[] = [];
  let thoughtTokens = 0;
  let inserted = 0;
  let closings = 0;

  const emit = (events: readonly ParseEvent[]) => events.forEach(options.onEvent);
  const write = (token: number) => {
    tokens.push(token);
    if (parser.channel === 'thinking') thoughtTokens += 1;
    const tag = special.get(token);
    if (tag === undefined) emit(parser.push({ text: text.push(token) }));
    else {
      emit(parser.push({ text: text.flush() }));
      emit(parser.push({ text: tag, ...(isDialectTag(tag) && { tag }) }));
    }
  };
  const closeThought = (last: readonly number[]): Taken => {
    closings += 1;
    if (closings > MOST_CLOSINGS) return { finish: 'repetition' };
    const closing = options.tokenizeAside(CLOSE_THOUGHT).tokens;
    for (const token of closing) write(token);
    inserted += closing.length;
    return { next: [...last, ...closing] };
  };
  const isThoughtOver = () =>
    (thoughtTokens >= (request.thinkingBudget ?? Number.POSITIVE_INFINITY) && parser.pendingCalls === 0) ||
    (thoughtTokens % REPETITION_INTERVAL === 0 && endsInRepetition(tokens, THOUGHT_RULE));

  const isRunningAway = () =>
    parser.channel !== 'thinking' &&
    tokens.length % REPETITION_INTERVAL === 0 &&
    endsInRepetition(tokens, parser.channel === 'call' ? CALL_RULE : TEXT_RULE);

  return {
    tokens: tokens as readonly number[],
    /** Where the next token will go. */
    get channel() {
      return parser.channel;
    },
    /** How many tokens were written for the model. */
    get insertedTokens() {
      return inserted;
    },
    take(token: number): Taken {
      const inThought = parser.channel === 'thinking' && parser.pendingCalls === 0;
      if (options.isEndOfMessage(token)) return inThought ? closeThought([]) : { finish: 'stop' };
      const tag = special.get(token);
      if (tag !== undefined && !DIALECT_TAGS.has(tag) && parser.channel !== 'call')
        return { finish: 'strayToken' };
      write(token);
      if (parser.channel === 'thinking' && isThoughtOver()) return closeThought([token]);
      return isRunningAway() ? { finish: 'repetition' } : { next: [token] };
    },
    end() {
      emit(parser.push({ text: text.flush() }));
      emit(parser.end());
    },
  };
}

const isDialectTag = (tag: string): tag is DialectTag => DIALECT_TAGS.has(tag);
