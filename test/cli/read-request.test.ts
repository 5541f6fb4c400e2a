import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/command.ts';
import { parsePages } from '../../src/cli/read/parse-pages.ts';
import { parseRequest } from '../../src/cli/read/parse-request.ts';

describe('the command line of sotto read', () => {
  test('is text, every page and OCR where there is no text, unless it says otherwise', () => {
    expect(parseRequest(['a.pdf', 'b'])).toEqual({
      paths: ['a.pdf', 'b'],
      format: 'text',
      ocr: 'auto',
      gps: false,
    });
    const args = 'a --pages 1,3 --tables csv --ocr force --languages eng+deu --gps --password-file p';
    expect(parseRequest(args.split(' '))).toEqual({
      paths: ['a'],
      format: 'csv',
      ocr: 'force',
      gps: true,
      pages: [
        [1, 1],
        [3, 3],
      ],
      languages: ['eng', 'deu'],
      passwordFile: 'p',
    });
  });

  test.each([
    [['a.pdf', '--evidence', '2,1,2.5,30,40', 'out.png'], { page: 2, box: [1, 2.5, 30, 40], out: 'out.png' }],
    [['--evidence', '2,-1,0,30,40', 'OUT.PNG', 'a.pdf'], { page: 2, box: [-1, 0, 30, 40], out: 'OUT.PNG' }],
    [['--evidence=7', 'out.png', '--gps', 'a.pdf'], { page: 7, out: 'out.png' }],
  ])('%j takes the word behind the box as the picture to write', (args, evidence) => {
    expect(parseRequest(args)).toMatchObject({ paths: ['a.pdf'], evidence });
  });

  test.each([
    [[], /takes files or folders/],
    [[''], /takes files or folders/],
    [['a', '--pages', '0'], /page numbers from 1 on/],
    [['a', '--pages', '3-1'], /page numbers from 1 on/],
    [['a', '--pages', '1,,2'], /page numbers from 1 on/],
    [['a', '--pages', '1e3'], /page numbers from 1 on/],
    [['a', '--tables', 'xlsx'], /takes csv, not "xlsx"/],
    [['a', '--tables', 'csv', '--json'], /leave out --tables, or --json/],
    [['a', '--ocr', 'maybe'], /off, auto or force/],
    [['a', '--languages', 'eng,deu'], /eng\+deu/],
    [['a', '--languages', '../x'], /eng\+deu/],
    [['a', '--evidence', '1,2,3,4', 'o.png'], /a page and a box/],
    [['a', '--evidence', '0', 'o.png'], /a page and a box/],
    [['a', '--evidence', '1,9,2,3,4', 'o.png'], /a page and a box/],
    [['a', '--evidence', '1,2,9,3,4', 'o.png'], /a page and a box/],
    [['a', '--evidence', '1,0x1,2,3,4', 'o.png'], /a page and a box/],
    [['a', '--evidence', '1'], /needs the picture/],
    [['a', '--evidence', '1', 'b.pdf'], /needs the picture/],
    [['--evidence', '1', 'o.png'], /takes files or folders/],
    [['a', 'b', '--evidence', '1', 'o.png'], /takes one file/],
    [['a', '--json', '--evidence', '1', 'o.png'], /draws a picture/],
    [['a', '--pages', '1', '--evidence', '1', 'o.png'], /draws a picture/],
  ] as const)('%j is wrong usage', (args, sentence) => {
    expect(() => parseRequest(args)).toThrow(UsageError);
    expect(() => parseRequest(args)).toThrow(sentence);
  });

  test.each([[['a', '--password', 'hunter2']], [['--password=hunter2', 'a']]])(
    'a password on it is refused without being repeated: %j',
    (args) => {
      expect(() => parseRequest(args)).toThrow(/--password-file/);
      expect(() => parseRequest(args)).not.toThrow(/hunter2/);
    },
  );

  test('a file may be named --password behind --', () => {
    expect(parseRequest(['--', '--password']).paths).toEqual(['--password']);
  });
});

test.each([
  [
    '1-3,7',
    [
      [1, 3],
      [7, 7],
    ],
  ],
  [
    '7, 1-3',
    [
      [1, 3],
      [7, 7],
    ],
  ],
  [
    '1-3,4,3-6,9',
    [
      [1, 6],
      [9, 9],
    ],
  ],
  ['12-', [[12, Number.MAX_SAFE_INTEGER]]],
])('the pages %j are ascending ranges that do not touch', (value, ranges) => {
  expect(parsePages(value)).toEqual(ranges);
});
