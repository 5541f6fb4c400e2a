import { describe, expect, test } from 'vitest';
import type { Word } from '../../../src/readers/pdf-tables/frame.ts';
import { splitAt, splitAtSpaces } from '../../../src/readers/pdf-tables/letter-widths.ts';

const word = (text: string, more: Partial<Word> = {}): Word => ({
  text,
  box: [100, 0, 200, 10],
  baseline: 8,
  size: 10,
  rightToLeft: false,
  upright: true,
  order: 0,
  ...more,
});
const texts = (words: readonly Word[]) => words.map(({ text }) => text);

describe('splitAt', () => {
  test('parts a word at the space that is nearest', () => {
    expect(texts(splitAt(word('first second'), [146]))).toEqual(['first', 'second']);
  });

  test('parts a word within letters where no space is near', () => {
    expect(texts(splitAt(word('aaaaaaaaaa'), [150]))).toEqual(['aaaaa', 'aaaaa']);
  });

  test('takes narrow letters for narrow', () => {
    expect(texts(splitAt(word('WWWWlllliiii'), [159]))).toEqual(['WWWW', 'lllliiii']);
  });

  test('gives each part its box', () => {
    const boxes = splitAt(word('aaaaaaaaaa'), [130, 150]).map(({ box }) => box);
    expect(boxes.map(([x0, , x1]) => [Math.round(x0), Math.round(x1)])).toEqual([
      [100, 130],
      [130, 150],
      [150, 200],
    ]);
  });

  test('counts letters from the right where they run to the left', () => {
    const [first, second] = splitAt(word('אבגדה וזחטי', { rightToLeft: true }), [150]);
    expect([first?.text, second?.text]).toEqual(['אבגדה', 'וזחטי']);
    expect(first?.box[0]).toBeGreaterThan(second?.box[2] ?? 0);
  });

  test('leaves a word whole that no cut reaches', () => {
    const whole = word('whole');
    expect(splitAt(whole, [50, 101, 199.5, 300])).toEqual([whole]);
  });
});

describe('splitAtSpaces', () => {
  test('parts at two spaces and more, not at one', () => {
    expect(texts(splitAtSpaces(word('one two   three    ')))).toEqual(['one two', 'three']);
  });

  test('leaves the box of a word without gaps as it is', () => {
    expect(splitAtSpaces(word('one two'))).toEqual([word('one two')]);
  });
});
