import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTerminalEscaper, escapeJsonLine, escapeLine, escapeTerminal } from '../src/terminal-text.ts';

/** Written out here, apart from the source, from the Unicode tables: what must never reach a terminal. */
const FORBIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0d],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];
const isForbidden = (code: number): boolean => FORBIDDEN.some(([from, to]) => code >= from && code <= to);
const holdsForbidden = (text: string): boolean =>
  [...text].some((character) => isForbidden(character.codePointAt(0) ?? 0));

const ESC = '\x1b';
const PAYLOADS: readonly (readonly [string, string, string])[] = [
  ['OSC 52, clipboard', `${ESC}]52;c;ZXZpbA==\x07`, '\\x1b]52;c;ZXZpbA==\\x07'],
  ['OSC 0, title', `${ESC}]0;owned\x07`, '\\x1b]0;owned\\x07'],
  [
    'OSC 8, link',
    `${ESC}]8;;http://evil${ESC}\\text${ESC}]8;;${ESC}\\`,
    '\\x1b]8;;http://evil\\x1b\\text\\x1b]8;;\\x1b\\',
  ],
  ['OSC without an end', `${ESC}]0;rest of the screen`, '\\x1b]0;rest of the screen'],
  ['DCS', `${ESC}P$q"p${ESC}\\`, '\\x1bP$q"p\\x1b\\'],
  ['APC', `${ESC}_Gf=100;AAAA${ESC}\\`, '\\x1b_Gf=100;AAAA\\x1b\\'],
  ['cursor up and erase', `${ESC}[1A${ESC}[2K`, '\\x1b[1A\\x1b[2K'],
  ['color', `${ESC}[31mred${ESC}[0m`, '\\x1b[31mred\\x1b[0m'],
  ['DSR, an answer on stdin', `${ESC}[6n`, '\\x1b[6n'],
  ['RIS, reset', `${ESC}c`, '\\x1bc'],
  ['8-bit CSI', '\x9b31m', '\\x9b31m'],
  ['8-bit OSC', '\x9d0;title\x9c', '\\x9d0;title\\x9c'],
  ['backspace', 'yes\b\b\bno', 'yes\\x08\\x08\\x08no'],
  ['carriage return', 'delete\rkeep  ', 'delete\\x0dkeep  '],
  ['bidi override', 'invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
  ['zero-width', 'pay\u200bpal', 'pay\\u200bpal'],
  ['tag characters', 'hi\u{e0068}\u{e0069}', 'hi\\u{e0068}\\u{e0069}'],
  ['NUL', 'a\0b', 'a\\x00b'],
  ['DEL', 'a\x7fb', 'a\\x7fb'],
];

describe('escapeTerminal', () => {
  test.each(PAYLOADS)('shows %s', (_, payload, shown) => {
    expect(escapeTerminal(payload)).toBe(shown);
  });

  test.each([
    ['newline and tab', 'a\n\tb', 'a\n\tb'],
    ['the line end of Windows', 'a\r\nb\r\n', 'a\nb\n'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['a letter outside the first plane', 'a😀b', 'a😀b'],
    ['the emoji selector behind an emoji', '❤\ufe0f 🏳\ufe0f', '❤\ufe0f 🏳\ufe0f'],
    ['a run of selectors', '❤\ufe0f\ufe0f\ufe0e', '❤\ufe0f\\ufe0f\\ufe0e'],
    ['a selector behind nothing', '\ufe0f \ufe0f', '\\ufe0f \\ufe0f'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a byte order mark and annotations', '\ufeffa\ufff9b', '\\ufeffa\\ufff9b'],
    ['ordinary text', 'Größe: 5 €, 名前, مرحبا', 'Größe: 5 €, 名前, مرحبا'],
  ])('keeps or shows %s', (_, text, shown) => {
    expect(escapeTerminal(text)).toBe(shown);
  });

  test('lets no forbidden code point of all through, and keeps every other', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      const shown = escapeTerminal(`a${character}`);
      const isKept = shown === `a${character}`;
      if (isKept === isForbidden(code) && !/^\p{Cn}$/u.test(character)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  test('lets nothing forbidden through in any text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(holdsForbidden(escapeTerminal(text))).toBe(false);
      }),
    );
  });
});

describe('escapeLine', () => {
  test('shows newline, carriage return and tab too', () => {
    expect(escapeLine('a\nb\tc\r\nd')).toBe('a\\x0ab\\x09c\\x0d\\x0ad');
  });
});

describe('createTerminalEscaper', () => {
  test('shows the same however the text is cut into chunks', () => {
    fc.assert(
      fc.property(anyText(), fc.array(fc.nat({ max: 30 })), (text, cuts) => {
        const escaper = createTerminalEscaper();
        const ends = [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const shown = ends.map((end, at) => escaper.push(text.slice(ends[at - 1] ?? 0, end))).join('');
        expect(shown + escaper.flush()).toBe(escapeTerminal(text));
      }),
      { numRuns: 500 },
    );
  });

  test('holds back no more than half a character', () => {
    const escaper = createTerminalEscaper();
    expect(escaper.push('a\ud83d')).toBe('a');
    expect(escaper.push('\ude00b')).toBe('😀b');
    expect(escaper.push('\r')).toBe('');
    expect(escaper.flush()).toBe('\\x0d');
  });
});

describe('escapeJsonLine', () => {
  test('hides nothing and parses to the same value', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const line = escapeJsonLine(JSON.stringify({ [text]: text }));
        expect(holdsForbidden(line)).toBe(false);
        expect(JSON.parse(line)).toEqual({ [text]: text });
      }),
    );
  });

  test('writes a tag character as two escapes', () => {
    expect(escapeJsonLine('"\u{e0041}\x7f"')).toBe('"\\udb40\\udc41\\u007f"');
  });
});

/** Text with many of the characters that matter. */
function anyText(): fc.Arbitrary<string> {
  const nasty = fc.constantFrom(...'\r\n\t\x1b\x9b\ufe0f\ufe0e❤😀\u202e\ud83d\ude00\\"', '\u{e0041}');
  return fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 20 })
    .map((p) => p.join(''));
}
