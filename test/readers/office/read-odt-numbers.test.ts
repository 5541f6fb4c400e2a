import { describe, expect, test } from 'vitest';
import { readOdt } from '../../../src/readers/office/read-odt.ts';
import { readAll } from '../text/read-all.ts';
import { odt } from './zip-files.ts';

const level = (at: number, more: string): string =>
  `<text:list-level-style-number text:level="${at}" ${more}/>`;
const style = (name: string, ...levels: readonly string[]): string =>
  `<text:list-style style:name="${name}">${levels.join('')}</text:list-style>`;

const STYLES = [
  style(
    'Clauses',
    level(1, 'style:num-format="1" style:num-suffix="."'),
    level(2, 'style:num-format="1" text:display-levels="2"'),
    level(3, 'style:num-format="a" style:num-prefix="(" style:num-suffix=")"'),
  ),
  style('Articles', level(1, 'style:num-format="I" text:start-value="4" loext:num-list-format="Art. %1%"')),
  style('Letters', level(1, 'style:num-format="A" style:num-suffix=")"')),
  style('Doubled', level(1, 'style:num-format="a" style:num-letter-sync="true"')),
  style('Points', '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'),
  style('Unknown', level(1, 'style:num-format="一, 二, 三, ..." style:num-suffix="."')),
  '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/><text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>',
].join('');

const read = (body: string) =>
  readAll(
    readOdt,
    odt(body, {
      'styles.xml': `<a xmlns:text="t" xmlns:style="s" xmlns:loext="l">${STYLES}</a>`,
    }),
  );

const list = (name: string, items: string, more = ''): string =>
  `<text:list${name === '' ? '' : ` text:style-name="${name}"`} ${more}>${items}</text:list>`;
const item = (text: string, inside = '', more = ''): string =>
  `<text:list-item ${more}><text:p>${text}</text:p>${inside}</text:list-item>`;

const GOES_ON = 'text:continue-numbering="true"';

describe('readOdt', () => {
  test('shows the numbers of clauses as the document defines them', async () => {
    const body =
      list(
        'Clauses',
        item('Parties', list('', item('A Ltd.') + item('B Ltd.', list('', item('sub'))))) +
          item('Term', list('', item('two years'))),
      ) +
      list('Articles', item('Scope') + item('Law')) +
      list('Points', item('point'));
    const { text, warnings } = await read(body);
    expect(text).toBe(
      '1. Parties\n  1.1 A Ltd.\n  1.2 B Ltd.\n    (a) sub\n2. Term\n  2.1 two years\nArt. IV Scope\nArt. V Law\n- point',
    );
    expect(warnings).toEqual([]);
  });

  test.each([
    ['begins anew', list('Clauses', item('b')), '1. b'],
    ['goes on where it says so', list('Clauses', item('b'), GOES_ON), '2. b'],
    ['goes on with a list that it names', list('Letters', item('b'), 'text:continue-list="first"'), 'B) b'],
    ['begins where it says so', list('Clauses', item('b', '', 'text:start-value="7"')), '7. b'],
  ])('a list that follows another %s', async (_, second, shown) => {
    const body = `${list('Clauses', item('a'), 'xml:id="first"')}<text:p>between</text:p>${second}`;
    expect((await read(body)).text).toBe(`1. a\nbetween\n${shown}`);
  });

  test('goes on with a level inside of a list that goes on', async () => {
    const inner = list('', item('c'));
    const body = `${list('Clauses', item('a', list('', item('b'))))}<text:p>x</text:p>${list('Clauses', `<text:list-item>${inner}</text:list-item>`, GOES_ON)}`;
    expect((await read(body)).text).toBe('1. a\n  1.1 b\nx\n  1.2 c');
  });

  test('counts a level that was passed over', async () => {
    const deep = list('', `<text:list-item>${list('', item('b'))}</text:list-item>${item('c')}`);
    expect((await read(list('Clauses', item('a', deep)))).text).toBe('1. a\n    (a) b\n  1.2 c');
  });

  test('gives a number to the first paragraph of an item only, and none to the header of a list', async () => {
    const body = list(
      'Clauses',
      `<text:list-header><text:p>head</text:p></text:list-header>${item('a', '<text:p>more</text:p>')}${item('')}${item('c')}`,
    );
    expect((await read(body)).text).toBe('head\n1. a\nmore\n2.\n3. c');
  });

  test('counts in a cell apart from the list around the table', async () => {
    const table = `<table:table><table:table-row><table:table-cell>${list('Clauses', item('in'))}</table:table-cell></table:table-row></table:table>`;
    expect((await read(list('Clauses', item('a', table) + item('b')))).text).toBe('1. a\n1. in\n2. b');
  });

  test('counts letters after z in both ways', async () => {
    const last = (name: string) => list(name, item('x', '', 'text:start-value="28"'));
    expect((await read(last('Letters') + last('Doubled'))).text).toBe('AB) x\nbb x');
  });

  test('numbers headings, in the outline too', async () => {
    const heading = (at: number, text: string, more = '') =>
      `<text:h text:outline-level="${at}" ${more}>${text}</text:h>`;
    const body =
      heading(1, 'A') +
      heading(2, 'B') +
      heading(3, 'C') +
      heading(1, 'D', 'text:is-list-header="true"') +
      heading(1, 'E');
    const { text, outline } = await read(body);
    expect(text).toBe('1. A\n1.1 B\nC\nD\n2. E');
    expect(outline.map(({ title }) => title)).toEqual(['1. A', '1.1 B', 'C', 'D', '2. E']);
  });

  test('shows no number in a format that it does not know, and says so', async () => {
    const { text, warnings } = await read(list('Unknown', item('x')));
    expect(text).toBe('- x');
    expect(warnings).toMatchObject([{ code: 'part-not-read', sentence: expect.stringContaining('numbers') }]);
  });
});
