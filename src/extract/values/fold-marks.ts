/** What stands for a digit or a mark, by what it is read as. One UTF-16 unit each, so that no offset moves. */
const SAME: ReadonlyMap<string, string> = new Map([
  ...['٠', '۰', '०', '０'].flatMap((zero) =>
    Array.from({ length: 10 }, (_, digit): [string, string] => [
      String.fromCharCode(zero.charCodeAt(0) + digit),
      `${digit}`,
    ]),
  ),
  ...[
    ...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u207b\u208b\u02d7\u2043\u2052\u2796\ufe58\ufe63\uff0d',
  ].map((mark): [string, string] => [mark, '-']),
  // Spaces of one digit's width or less, which stand between groups of digits.
  ...[...'\u2007\u2008\u2009\u200a'].map((mark): [string, string] => [mark, '\u202f']),
  ...[...'‘ʼ´`＇'].map((mark): [string, string] => [mark, '’']),
  ['．', '.'],
  ['，', ','],
  ['：', ':'],
  ['／', '/'],
  ['（', '('],
  ['）', ')'],
  ['％', '%'],
  ['＋', '+'],
  ['￥', '¥'],
  ['＄', '$'],
  ['￡', '£'],
  ['\u3000', ' '],
]);
const FOLDED = new RegExp(`[${[...SAME.keys()].join('')}]`, 'g');

/** The text with digits, dashes and full-width marks as ASCII has them. Its length is the same, unit by unit. */
export const foldMarks = (text: string): string => text.replace(FOLDED, (mark) => SAME.get(mark) ?? mark);
