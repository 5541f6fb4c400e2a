import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenText } from '../../src/engine/token-text.ts';

/** Tokens are the places of their bytes in this list, as in a vocabulary. */
function createVocabulary(pieces: readonly Uint8Array[]) {
  const decode = (tokens: readonly number[]) =>
    Buffer.concat(tokens.map((token) => pieces[token] ?? new Uint8Array())).toString('utf8');
  return createTokenText(decode);
}

/** What is shown token by token, and at the end. */
function stream(pieces: readonly Uint8Array[]): string[] {
  const text = createVocabulary(pieces);
  return [...pieces.map((_, token) => text.push(token)), text.flush()];
}

const bytesOf = (text: string) => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));

describe('the text of streamed tokens', () => {
  test('comes at once where it is whole', () => {
    expect(stream([Buffer.from('It'), Buffer.from(' is'), Buffer.from(' 日本')])).toEqual([
      'It',
      ' is',
      ' 日本',
      '',
    ]);
  });

  test('comes with the last byte of a character', () => {
    expect(stream(bytesOf('é🙂'))).toEqual(['', 'é', '', '', '', '🙂', '']);
  });

  test('of a token that ends one character and begins the next holds back the next only', () => {
    const [a, b] = [Buffer.from('🙂'), Buffer.from('🙃')];
    const pieces = [a.subarray(0, 2), Buffer.concat([a.subarray(2), b.subarray(0, 2)]), b.subarray(2)];
    expect(stream(pieces)).toEqual(['', '🙂', '🙃', '']);
  });

  test('that never becomes whole comes as a replacement character', () => {
    expect(stream([Uint8Array.of(0xf0), Uint8Array.of(0x9f)])).toEqual(['', '', '\ufffd']);
    expect(stream([Uint8Array.of(0xf0), Buffer.from('Yes')]).join('')).toBe('\ufffdYes');
  });

  test('does not wait for ever for bytes that are no text', () => {
    const shown = stream(Array.from({ length: 20 }, () => Uint8Array.of(0xff)));
    expect(shown.slice(0, 8).join('')).not.toBe('');
    expect(shown.join('')).toBe('\ufffd'.repeat(20));
  });

  test('holds a replacement character that was in the text', () => {
    expect(stream(bytesOf('a\ufffdb\ufffd')).join('')).toBe('a\ufffdb\ufffd');
  });

  test('is the whole text, in whole characters, whatever way it is cut into tokens', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (whole, sizes) => {
        const bytes = Buffer.from(whole);
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value as number;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        const shown = stream(pieces);
        expect(shown.join('')).toBe(whole);
        expect(shown.every((part) => part.isWellFormed())).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
