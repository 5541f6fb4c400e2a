import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LlamaEngine } from '../../src/engine/llama-engine.ts';
import { render, type Segment, type TextSegment } from '../../src/qwen/render.ts';
import { createTokenizer } from '../../src/qwen/tokenize.ts';
import { CONVERSATIONS } from '../helpers/conversations.ts';
import { loadVocabulary, type Vocabulary, writeFullVocabulary } from '../helpers/full-vocabulary.ts';

const BUNDLED = join(import.meta.dirname, '../../models/tiny-qwen3.5.gguf');
const full = writeFullVocabulary();
const vocabularies: [name: string, path: string][] = [
  ['the bundled model', BUNDLED],
  ...(full ? [['the real models', full.path] satisfies [string, string]] : []),
];
afterAll(() => full?.remove());

const trusted = (text: string): TextSegment => ({ text, trusted: true });
const untrusted = (text: string): TextSegment => ({ text, trusted: false });
const joined = (segments: readonly Segment[]) =>
  segments.map((segment) => ('text' in segment ? segment.text : '')).join('');
/** The places inside a text, its ends left out. */
const places = (text: string) => Array.from({ length: text.length - 1 }, (_, index) => index + 1);

test('the vocabulary of the real models is at hand', ({ skip }) => {
  if (!full && !process.env.CI) skip('git is needed to get it out of node-llama-cpp');
  expect(full).toBeDefined();
});

describe.each(vocabularies)('with the vocabulary of %s', (_, path) => {
  let vocabulary: Vocabulary;
  let specialIds: ReadonlySet<number>;
  beforeAll(async () => {
    vocabulary = await loadVocabulary(path);
    specialIds = new Set(vocabulary.specials.map(({ id }) => id));
  });
  afterAll(() => vocabulary.dispose());

  const createPlainTokenizer = () =>
    createTokenizer({ specials: vocabulary.specials, encode: (text) => vocabulary.encode(text, false) });
  const tokenize = (segments: readonly Segment[]) => createPlainTokenizer()(segments).tokens;
  const specialsIn = (tokens: readonly number[]) => tokens.filter((token) => specialIds.has(token));
  /** What the trusted text alone stands for. */
  const meantBy = (segments: readonly Segment[]) =>
    segments.flatMap((segment) =>
      'text' in segment && segment.trusted ? specialsIn(vocabulary.encode(segment.text, true)) : [],
    );

  /** Segments that between them hold `special`, of which no part may come out as a special token. */
  const FORGERIES: readonly [string, (special: string, other: string) => readonly (readonly Segment[])[]][] =
    [
      ['whole', (special) => [[untrusted(special)]]],
      ['repeated', (special) => [[untrusted(special.repeat(3))], [untrusted(special), untrusted(special)]]],
      [
        'glued to text',
        (special) =>
          ['a', ' ', '\n', '<', '>', 'é', '🙂', '日本', '\0'].map((text) => [
            untrusted(text + special + text),
          ]),
      ],
      [
        'next to another one',
        (special, other) => [[untrusted(special + other)], [untrusted(other), untrusted(special)]],
      ],
      [
        'cut in two',
        (special) =>
          places(special).map((at) => [untrusted(special.slice(0, at)), untrusted(special.slice(at))]),
      ],
      ['cut in single characters', (special) => [[...special].map(untrusted)]],
      [
        'in itself',
        (special) =>
          places(special).map((at) => [untrusted(special.slice(0, at) + special + special.slice(at))]),
      ],
      [
        'around another one',
        (special, other) =>
          places(special).map((at) => [untrusted(special.slice(0, at) + other + special.slice(at))]),
      ],
      [
        'begun before trusted text',
        (special) =>
          places(special).map((at) => [untrusted(special.slice(0, at)), trusted(special.slice(at))]),
      ],
      [
        'ended after trusted text',
        (special) =>
          places(special).map((at) => [trusted(special.slice(0, at)), untrusted(special.slice(at))]),
      ],
      [
        'around trusted text',
        (special) =>
          places(special).flatMap((at) =>
            at + 1 < special.length
              ? [
                  [
                    untrusted(special.slice(0, at)),
                    trusted(special.slice(at, at + 1)),
                    untrusted(special.slice(at + 1)),
                  ],
                ]
              : [],
          ),
      ],
      ['after tokens', (special) => [[trusted('a'), { tokens: [] }, untrusted(special)]]],
    ];

  test.each(FORGERIES)('no special token comes out of one that is %s', (_name, forge) => {
    const { specials } = vocabulary;
    for (const [index, { text }] of specials.entries()) {
      const other = specials[(index * 7 + 3) % specials.length]?.text ?? '';
      for (const segments of forge(text, other)) {
        const tokens = tokenize(segments);
        expect(specialsIn(tokens), JSON.stringify(segments)).toEqual([]);
        expect(vocabulary.decode(tokens)).toBe(joined(segments));
      }
    }
  });

  test('without the cuts, every user-defined token would come out of its text', () => {
    const userDefined = vocabulary.specials.filter(({ kind }) => kind === 'userDefined');
    expect(userDefined.length).toBeGreaterThanOrEqual(6);
    for (const { id, text } of userDefined) expect(vocabulary.encode(`a${text}b`, false)).toContain(id);
  });

  test('every special token comes out of trusted text', () => {
    for (const { id, text } of vocabulary.specials) {
      const tokens = tokenize([untrusted(text), trusted(`a${text}\n`), untrusted(text)]);
      expect(specialsIn(tokens)).toEqual([id]);
    }
  });

  const fragment = fc.nat().chain((number) => {
    const { text = '' } = vocabulary.specials[number % vocabulary.specials.length] ?? {};
    return fc
      .tuple(fc.nat(text.length), fc.nat(text.length))
      .map(([a, b]) => (a === b ? text : text.slice(Math.min(a, b), Math.max(a, b))));
  });
  const text = fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fragment },
        fc.constantFrom('<', '|', '>', '/', '\n', ' ', 'é🙂', 'word'),
      ),
    )
    .map((parts) => parts.join(''));
  const segment = fc.record({ text, trusted: fc.boolean() });

  test('text of fragments, trusted or not, gives the tokens that the trusted text means and no other', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const tokens = tokenize(segments);
        expect(specialsIn(tokens)).toEqual(meantBy(segments));
        expect(vocabulary.decode(tokens)).toBe(joined(segments));
      }),
      { numRuns: 2000 },
    );
  });

  test('a tokenizer that remembers its last prompt gives what a new one gives', () => {
    const remembering = createPlainTokenizer();
    const edged = fc.record({
      text,
      trusted: fc.boolean(),
      edge: fc.constantFrom('system' as const, 'message' as const, undefined),
    });
    fc.assert(
      fc.property(fc.array(edged, { maxLength: 6 }), (parts) => {
        const segments: Segment[] = parts.map(({ edge, ...rest }) => ({ ...rest, ...(edge && { edge }) }));
        expect(remembering(segments)).toEqual(createPlainTokenizer()(segments));
        expect(remembering([...segments, ...segments])).toEqual(
          createPlainTokenizer()([...segments, ...segments]),
        );
      }),
      { numRuns: 200 },
    );
  });

  const hasLookalike = (segments: readonly Segment[]) =>
    segments.some(
      (part) =>
        'text' in part &&
        !part.trusted &&
        vocabulary.specials.some((special) => part.text.includes(special.text)),
    );

  describe.each(CONVERSATIONS.map((conversation) => [conversation.name, conversation] as const))(
    'the prompt with %s',
    (_name, conversation) => {
      test('has the tokens of the official text, and no special one that is not meant', () => {
        const segments = render({ ...conversation, thinking: true });
        const tokens = tokenize(segments);
        if (!hasLookalike(segments)) expect(tokens).toEqual(vocabulary.encode(joined(segments), true));
        expect(specialsIn(tokens)).toEqual(meantBy(segments));
        expect(vocabulary.decode(tokens)).toBe(joined(segments));
      });

      test('ends a run of tokens at each edge', () => {
        const segments = render({ ...conversation, thinking: true });
        const { tokens, edges } = createPlainTokenizer()(segments);
        const ends = segments.flatMap((part, index) => ('text' in part && part.edge ? [index + 1] : []));
        expect(edges).toEqual(ends.map((end) => tokenize(segments.slice(0, end)).length));
        expect(ends.map((end) => tokenize(segments.slice(0, end)))).toEqual(
          edges.map((length) => tokens.slice(0, length)),
        );
      });
    },
  );
});

test('the engine tokenizes in the same way', async () => {
  await using engine = await LlamaEngine.create({ path: BUNDLED, contextTokens: 512 });
  const vocabulary = await loadVocabulary(BUNDLED);
  const tokenize = createTokenizer({
    specials: vocabulary.specials,
    encode: (text) => vocabulary.encode(text, false),
  });
  for (const conversation of CONVERSATIONS) {
    const segments = render({ ...conversation, thinking: false });
    expect(await engine.tokenize(segments)).toEqual(tokenize(segments).tokens);
  }
  await vocabulary.dispose();
});

test('the tokenizer encodes only what is new in a prompt, of as many threads as it is told', () => {
  const encoded = (prompts: number) => {
    const texts: string[] = [];
    const encode = (text: string) => {
      texts.push(text);
      return [text.length];
    };
    const tokenize = createTokenizer({ specials: [{ id: 1, text: '<|im_end|>' }], encode, prompts });
    const first = [untrusted('one'), trusted('<|im_end|>')];
    const second = [untrusted('two'), trusted('<|im_end|>')];
    for (const prompt of [first, second, [...first, untrusted('more')]]) tokenize(prompt);
    return texts;
  };
  expect(encoded(1)).toEqual(['one', 'two', 'one', 'more']);
  expect(encoded(2)).toEqual(['one', 'two', 'more']);
});
