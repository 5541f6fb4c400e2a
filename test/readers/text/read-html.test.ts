import { describe, expect, test } from 'vitest';
import { readHtml } from '../../../src/readers/text/read-html.ts';
import { readAll } from './read-all.ts';

const textOf = async (html: string): Promise<string> => (await readAll(readHtml, html)).text;

describe('readHtml', () => {
  test.each([
    ['paragraphs', '<h1>A  title</h1><p>One\n two<br>three<p>four', 'A title\nOne two\nthree\nfour'],
    ['lists', '<ul><li>a<ol start=3><li>b<li>c</ol><li>d</ul>', '- a\n  3. b\n  4. c\n- d'],
    ['links as their text', '<p>see <a href="https://a.example">here</a>.', 'see here.'],
    ['preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
    ['inline elements without spaces', '<p><b>a</b>b<i>c</i>', 'abc'],
    ['nothing of scripts and styles', '<style>a{}</style><p>b<script>c</script><template>d</template>', 'b'],
    ['nothing that is hidden', '<p hidden>a</p><p style="color:red; display : none">b</p><p>c', 'c'],
    ['what stands for scripts', '<noscript><p>a</noscript>', 'a'],
    ['what describes a picture', '<p>a<img alt="A duck" src="cid:1">b', 'a [A duck] b'],
    ['entities', '<p>5 &euro; &lt;b&gt; a&nbsp;b', '5 € <b> a b'],
  ])('reads %s', async (_, html, text) => {
    expect(await textOf(html)).toBe(text);
  });

  test('reads tables with their spans', async () => {
    const { pages } = await readAll(
      readHtml,
      '<p>before<table><caption>Ducks</caption><tr><th rowspan=2>a<th colspan=2>b<tr><td>c<td><p>d<p>e</table>after',
    );
    expect(pages[0]?.text).toBe('before\nDucks\na | b\n | c | d e\nafter');
    expect(pages[0]?.tables).toMatchObject([
      {
        rows: [
          ['a', 'b', ''],
          ['', 'c', 'd\ne'],
        ],
        method: 'native',
      },
    ]);
    expect(pages[0]?.tables[0]?.cells[0]).toEqual({
      row: 0,
      column: 0,
      rowSpan: 2,
      columnSpan: 1,
      text: 'a',
    });
  });

  test('reads a table in a cell as lines of that cell', async () => {
    const html = '<table border=1><tr><td>a<table><tr><td>b<td>c<tr><td>d<td>e</table><td>f</table>';
    expect((await readAll(readHtml, html)).pages[0]?.tables).toMatchObject([
      { rows: [['a\nb | c\nd | e', 'f']] },
    ]);
  });

  test('takes a table that lays out the page for no table', async () => {
    const html =
      '<table><tr><td><h1>a</h1></td></tr><tr><td><table><tr><td>b<td>c<tr><td>d<td>e</table></td></tr></table>';
    const { pages } = await readAll(readHtml, html);
    expect(pages[0]?.text).toBe('a\nb | c\nd | e');
    expect(pages[0]?.tables).toMatchObject([
      {
        rows: [
          ['b', 'c'],
          ['d', 'e'],
        ],
      },
    ]);
  });

  test('fills no more places than a page may have, whatever its spans ask for', async () => {
    const cells = '<td colspan=1000 rowspan=65000>x'.repeat(40);
    const html = `<table>${`<tr>${cells}`.repeat(40)}</table>`;
    const { pages } = await readAll(readHtml, html);
    const rows = pages[0]?.tables[0]?.rows ?? [];
    expect(rows.length * (rows[0]?.length ?? 0)).toBeLessThan(4_000_000);
    expect(pages[0]?.text.match(/x/g)).toHaveLength(1600);
  });

  test('reads elements nested deeper than any stack', async () => {
    expect(await textOf(`${'<div><b>'.repeat(20_000)}deep`)).toBe('deep');
    expect(await textOf(`${'<table><tr><td>'.repeat(3_000)}deep`)).toContain('deep');
  });

  test('lists headings, fields and the title', async () => {
    const { outline, pages, start } = await readAll(
      readHtml,
      '<title>T</title><h2>A</h2><form><input name=n value=v><input type=hidden name=t value=x><input type=checkbox name=c checked>',
    );
    expect(outline).toEqual([{ title: 'A', level: 2, page: 1 }]);
    expect(pages[0]?.fields).toEqual([
      { name: 'n', value: 'v' },
      { name: 'c', value: 'on' },
    ]);
    expect(start?.metadata).toEqual({ title: 'T' });
  });

  test('fetches nothing, and says so', async () => {
    const { warnings, pages } = await readAll(
      readHtml,
      '<p>a<img src="https://tracker.example/a.png" width=3>',
    );
    expect(warnings).toMatchObject([{ code: 'not-fetched' }]);
    expect(pages[0]?.pictures).toEqual([{ width: 3, height: 0, read: false }]);
    expect((await readAll(readHtml, '<p>a<a href="https://a.example">b</a>')).warnings).toEqual([]);
  });

  test('reads the encoding that a page declares', async () => {
    const html = Buffer.from('<meta charset="windows-1251"><p>\xd4\xe0', 'latin1');
    expect((await readAll(readHtml, html)).text).toBe('Фа');
  });
});
