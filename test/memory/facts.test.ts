import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import type { FactStore } from '../../src/tool/fact-store.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const run = promisify(execFile);
const MODULE = join(import.meta.dirname, '../../src/memory/facts.ts');

const newHome = async (): Promise<string> => join(await tempFolder(), '.sotto');
const textsOf = async (facts: FactStore, query: string, most?: number) =>
  (await facts.search(query, most)).map(({ text }) => text);

async function factsWith(...texts: readonly string[]): Promise<FactStore> {
  const facts = openFacts(await newHome());
  for (const text of texts) await facts.add(text);
  return facts;
}

describe('facts', () => {
  test('are there for whoever opens them next, with the time', async () => {
    const home = await newHome();
    const fact = await openFacts(home).add('Anna likes tea.');
    expect(await openFacts(home).search('tea')).toEqual([fact]);
    expect(new Date(fact.at).toISOString()).toBe(fact.at);
  });

  test('are none where nothing was remembered, and nothing is made then', async () => {
    const home = await newHome();
    expect(await openFacts(home).search('')).toEqual([]);
    expect(existsSync(home)).toBe(false);
  });

  test('come with the most words first, then the newest', async () => {
    const facts = await factsWith('blue car', 'red house', 'red car', 'green tree', 'car car car');
    expect(await textsOf(facts, 'my red car')).toEqual(['red car', 'car car car', 'red house', 'blue car']);
    expect(await textsOf(facts, 'car car house')).toEqual([
      'car car car',
      'red car',
      'red house',
      'blue car',
    ]);
    expect(await textsOf(facts, 'red car', 1)).toEqual(['red car']);
    expect(await textsOf(facts, '', 2)).toEqual(['car car car', 'green tree']);
    expect(await textsOf(facts, ' \n')).toHaveLength(5);
  });

  test.each([
    ['MÜLLER', 'Mu\u0308ller is the accountant.'],
    ['Strasse', 'Die Straße ist lang.'],
    ['nummer', 'Die Rechnungsnummer ist 12.'],
    ['invoices', 'An invoice is due.'],
    ['東京', '彼女は東京に住んでいる'],
  ])('are found by %j', async (query, text) => {
    expect(await textsOf(await factsWith(text), query)).toEqual([text]);
  });

  test.each(['?!', '😀', '\0\u202e', '…'])('are not found by %j, which has no words', async (query) => {
    expect(await textsOf(await factsWith('red car', 'Really?! 😀…'), query)).toEqual([]);
  });

  test('are not found by a short word within another', async () => {
    expect(await textsOf(await factsWith('We start on Monday.'), 'art')).toEqual([]);
  });

  test('keep line ends and hidden characters in one line of the file', async () => {
    const home = await newHome();
    const text = 'one\ntwo\u2028three\r"\ud800';
    await openFacts(home).add(text);
    expect(await textsOf(openFacts(home), 'two')).toEqual([text]);
    expect((await readFile(join(home, 'facts.jsonl'), 'utf8')).split('\n')).toHaveLength(2);
  });

  test('are for their user only', async () => {
    const home = await newHome();
    await openFacts(home).add('secret');
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'facts.jsonl'))).mode & 0o777).toBe(0o600);
  });

  test('leave out damaged lines, and keep them in the file', async () => {
    const home = await newHome();
    const facts = openFacts(home);
    await facts.add('first');
    const damage =
      '{"id":"1","te\nnull\n[]\n{"id":"1","text":7,"at":""}\n{"text":"x","id":"1"}\n{"text":"x","at":""}\n\0\0\n';
    await appendFile(join(home, 'facts.jsonl'), damage);
    await facts.add('second');
    expect(await textsOf(facts, '')).toEqual(['second', 'first']);
    expect(await readFile(join(home, 'facts.jsonl'), 'utf8')).toContain(damage);
  });

  test('are not lost behind a line that was cut off', async () => {
    const home = await newHome();
    const facts = openFacts(home);
    await facts.add('first');
    await appendFile(join(home, 'facts.jsonl'), '{"id":"2","text":"cut o');
    await facts.add('second');
    await facts.add('third');
    expect(await textsOf(facts, '')).toEqual(['third', 'second', 'first']);
  });

  test('of two processes at once are all kept', async () => {
    const home = await newHome();
    const program = (name: string) => `
      const { openFacts } = await import(${JSON.stringify(MODULE)});
      const facts = openFacts(${JSON.stringify(home)});
      for (let at = 0; at < 200; at += 1) await facts.add('${name} ' + at + ' ' + 'x'.repeat(5000));`;
    const start = (name: string) =>
      run(process.execPath, ['--conditions=sotto-source', '--input-type=module', '-e', program(name)]);
    await Promise.all([start('left'), start('right')]);
    const found = await textsOf(openFacts(home), '', 1000);
    expect(new Set(found.map((text) => text.slice(0, 9))).size).toBe(400);
  });

  test('say that the disk is full, and that nothing is lost', async (context) => {
    if (!existsSync('/dev/full')) context.skip('This system has no /dev/full.');
    const home = await newHome();
    await mkdir(home);
    await symlink('/dev/full', join(home, 'facts.jsonl'));
    await expect(openFacts(home).add('more')).rejects.toThrow(
      /facts\.jsonl cannot be written \(ENOSPC\)\. Nothing that it held is lost\.$/,
    );
  });

  test('say that they cannot be read', async () => {
    const home = await newHome();
    await mkdir(join(home, 'facts.jsonl'), { recursive: true });
    await expect(openFacts(home).search('')).rejects.toThrow(/cannot be read \(EISDIR\)/);
    const file = join(await tempFolder(), 'file');
    await writeFile(file, '');
    await expect(openFacts(join(file, '.sotto')).add('x')).rejects.toThrow(/cannot be written \(ENOTDIR\)/);
  });
});
