import { type GgufIndex, STRING } from './gguf-index.ts';
import type { GgufSource } from './gguf-source.ts';

/** `control` tokens come out of a text only where special tokens are switched on, `userDefined` ones always. */
export type GgufSpecialToken = {
  readonly id: number;
  readonly text: string;
  readonly kind: 'control' | 'userDefined';
};

const MAX_TOKENS = 2 ** 20;
/** Type 2, "unknown", is matched in a text exactly as 3, "control": llama.cpp, tokenizer_st_partition. */
const KINDS = new Map<number, GgufSpecialToken['kind']>([
  [2, 'control'],
  [3, 'control'],
  [4, 'userDefined'],
]);

/** In the order of their ids. A file without a vocabulary has none. */
export function specialTokensOf(source: GgufSource, { entries }: GgufIndex): GgufSpecialToken[] {
  const tokens = entries.get('tokenizer.ggml.tokens');
  const types = entries.get('tokenizer.ggml.token_type');
  if (!tokens || tokens.type !== STRING) return [];
  if (types?.count !== tokens.count || (types.type !== 4 && types.type !== 5) || tokens.count > MAX_TOKENS) {
    return source.damaged('its tokens and their types do not fit each other');
  }
  const special: GgufSpecialToken[] = [];
  let at = tokens.at;
  for (let id = 0; id < tokens.count; id += 1) {
    const bytes = source.uint64(at);
    const kind = KINDS.get(source.uint32(types.at + 4 * id));
    if (kind) special.push({ id, text: source.text(at + 8, bytes), kind });
    at += 8 + bytes;
  }
  return special;
}
