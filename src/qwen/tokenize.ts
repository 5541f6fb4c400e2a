/**
 * From segments to tokens, so that no special token can come out of untrusted text.
 *
 * llama.cpp matches user-defined tokens (`<think>`, `<tool_call>`) even where special tokens are switched off. So plain
 * text is cut inside everything that looks like one, and each piece is encoded by itself. Text that holds no look-alike
 * gets the very tokens that the whole prompt, tokenized at once, would have.
 */
import type { Segment } from './render.ts';

export type SpecialToken = { readonly id: number; readonly text: string };

export type PromptTokens = {
  readonly tokens: readonly number[];
  /** Lengths of the prompt at which a checkpoint is worth taking, ascending. */
  readonly edges: readonly number[];
  /** How many of them are the system turn's; 0 where there is none. */
  readonly systemTokens: number;
};

type TokenizerOptions = {
  /** Every control and user-defined token of the vocabulary. */
  readonly specials: readonly SpecialToken[];
  /** Tokens of plain text, with special tokens switched off. */
  readonly encode: (text: string) => readonly number[];
  /** How many prompts are remembered. Default: the last one. */
  readonly prompts?: number;
};

export type Tokenizer = (segments: readonly Segment[]) => PromptTokens;

/** Makes a tokenizer, which remembers the runs of text of its last prompts: a grown prompt costs what is new. */
export function createTokenizer({ specials, encode, prompts = 1 }: TokenizerOptions): Tokenizer {
  const ids = new Map(specials.map(({ id, text }) => [text, id]));
  const pattern = new RegExp(alternatives(specials), 'g');
  let remembered: readonly ReadonlyMap<string, readonly number[]>[] = [];
  const recall = (plain: string) =>
    remembered.find((runs) => runs.has(plain))?.get(plain) ?? encodePlain(plain, pattern, encode);

  return (segments) => {
    const used = new Map<string, readonly number[]>();
    const tokens: number[] = [];
    const edges: number[] = [];
    let systemTokens = 0;
    let plain = '';
    const flush = () => {
      if (plain === '') return;
      const run = used.get(plain) ?? recall(plain);
      used.set(plain, run);
      for (const token of run) tokens.push(token);
      plain = '';
    };
    for (const segment of segments) {
      if ('tokens' in segment) {
        flush();
        for (const token of segment.tokens) tokens.push(token);
        continue;
      }
      if (!segment.trusted) plain += segment.text;
      else {
        for (const part of splitAtSpecials(segment.text, pattern)) {
          const id = ids.get(part);
          if (id === undefined) plain += part;
          else {
            flush();
            tokens.push(id);
          }
        }
      }
      if (segment.edge) {
        flush();
        edges.push(tokens.length);
        if (segment.edge === 'system') systemTokens = tokens.length;
      }
    }
    flush();
    remembered = [used, ...remembered].slice(0, prompts);
    return { tokens, edges, systemTokens };
  };
}

function encodePlain(text: string, pattern: RegExp, encode: TokenizerOptions['encode']): number[] {
  const tokens: number[] = [];
  let start = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const cut = match.index + 1;
    for (const token of encode(text.slice(start, cut))) tokens.push(token);
    start = cut;
    pattern.lastIndex = cut;
  }
  for (const token of encode(text.slice(start))) tokens.push(token);
  return tokens;
}

function splitAtSpecials(text: string, pattern: RegExp): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(start, match.index), match[0]);
    start = match.index + match[0].length;
  }
  parts.push(text.slice(start));
  return parts.filter((part) => part !== '');
}

/** Longest first, so that no token is taken for a shorter one that it begins with. */
function alternatives(specials: readonly SpecialToken[]): string {
  const texts = specials.map(({ text }) => text).sort((a, b) => b.length - a.length);
  return texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
