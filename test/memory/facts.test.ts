import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import type { FactStore } from '../../src/tool/fact-store.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

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

  test('are not kept without a word', async () => {
    const home = await newHome();
    await expect(openFacts(home).add(' … ')).rejects.toThrow(/has no words/);
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

  test('keep line ends and hidden characters', async () => {
    const home = await newHome();
    const text = 'one\ntwo\u2028three\r"\ud800';
    await openFacts(home).add(text);
    expect(await textsOf(openFacts(home), 'two')).toEqual([text]);
  });

  test('are for their user only', async () => {
    const home = await newHome();
    await openFacts(home).add('secret');
    await openFacts(home).add('another');
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    for (const name of ['facts.json', 'facts.previous.json']) {
      expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
    }
  });

  test('say who said them, and where', async () => {
    const home = await newHome();
    const source = { threadId: 't', runId: 'r', agent: 'clerk', path: 'a.pdf', sha256: '00', page: 2 };
    const fact = await openFacts(home).add('a', { by: 'agent', source });
    const byUser = await openFacts(home).add('b', { by: 'user' });
    expect(await openFacts(home).list()).toEqual([fact, byUser]);
    expect([fact.by, fact.source, byUser.by, byUser.source]).toEqual(['agent', source, 'user', undefined]);
  });

  test("can be edited in their place, and are the user's then", async () => {
    const facts = await factsWith('one', 'two', 'three');
    const [, two] = await facts.list();
    expect(await facts.edit(two?.id ?? '', 'zwei')).toMatchObject({ id: two?.id, text: 'zwei', by: 'user' });
    expect((await facts.list()).map(({ text }) => text)).toEqual(['one', 'zwei', 'three']);
    expect(await facts.edit('no such id', 'x')).toBeUndefined();
  });

  test('that are forgotten are in no file any more', async () => {
    const home = await newHome();
    const facts = openFacts(home);
    await facts.add('one');
    const { id } = await facts.add('canary');
    await facts.add('three');
    expect(await facts.forget(id)).toMatchObject({ text: 'canary' });
    expect(await facts.forget(id)).toBeUndefined();
    expect((await facts.list()).map(({ text }) => text)).toEqual(['one', 'three']);
    for (const name of ['facts.json', 'facts.previous.json']) {
      expect(await readFile(join(home, name), 'utf8')).not.toContain('canary');
    }
  });

  test('stand in the order in which they came, whatever the clock says', async () => {
    const home = await newHome();
    const texts: string[] = [];
    for (const [days, text] of [
      [0, 'first tea'],
      [-1, 'second tea'],
      [365, 'third tea'],
      [0, 'fourth tea'],
    ] as const) {
      const now = () => new Date(Date.UTC(2026, 10, 21) + days * 86_400_000);
      await openFacts(home, { now }).add(text);
      texts.push(text);
    }
    expect((await openFacts(home).list()).map(({ text }) => text)).toEqual(texts);
    expect(await textsOf(openFacts(home), 'tea')).toEqual(texts.toReversed());
  });
});

describe('facts of an earlier Sotto', () => {
  const line = (id: string, text: string) =>
    `${JSON.stringify({ id, text, at: '2026-01-01T00:00:00.000Z' })}\n`;
  const DAMAGE = '{"id":"1","te\nnull\n[]\n{"id":"1","text":7,"at":""}\n{"text":"x","id":"1"}\n\0\0\n';

  async function earlierHome(content: string) {
    const home = await newHome();
    await mkdir(home);
    await writeFile(join(home, 'facts.jsonl'), content);
    const told: string[] = [];
    return { home, told, facts: openFacts(home, { tell: (sentence) => told.push(sentence) }) };
  }

  test('are taken over once, and their file is kept byte for byte under a name that says so', async () => {
    const content = line('1', 'one') + DAMAGE + line('2', 'two');
    const { home, told, facts } = await earlierHome(content);
    expect(await textsOf(facts, '')).toEqual(['two', 'one']);
    await facts.add('three');
    expect((await openFacts(home).list()).map(({ text, by }) => [text, by])).toEqual([
      ['one', 'agent'],
      ['two', 'agent'],
      ['three', 'agent'],
    ]);
    const aside = (await readdir(home)).filter((name) => name.endsWith('.jsonl'));
    expect(aside).toEqual([expect.stringMatching(/^facts\.taken-over-\d{4}-\d\d-\d\dT[\d-]+Z\.jsonl$/)]);
    expect(await readFile(join(home, aside[0] ?? ''), 'utf8')).toBe(content);
    expect(told).toEqual([
      `2 facts of an earlier Sotto are in facts.json now; ${home}/facts.jsonl is kept as ${aside[0]}. ` +
        '6 of its lines could not be read, and are still in it.',
    ]);
  });

  test('are not there twice where it was interrupted before the file was put aside', async () => {
    const content = line('1', 'one') + line('2', 'two');
    const { home, facts } = await earlierHome(content);
    await facts.list();
    await writeFile(join(home, 'facts.jsonl'), content + line('3', 'three'));
    expect((await facts.list()).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  test('are forgotten and edited as others', async () => {
    const { facts } = await earlierHome(line('1', 'one') + line('2', 'two'));
    expect(await facts.forget('1')).toMatchObject({ text: 'one' });
    expect(await facts.edit('2', 'zwei')).toMatchObject({ text: 'zwei' });
    expect((await facts.list()).map(({ text }) => text)).toEqual(['zwei']);
  });

  test('are read where they cannot be taken over', async () => {
    const { home, facts } = await earlierHome(line('1', 'one'));
    // A file where the folder of the lock has to be.
    await writeFile(join(home, 'locks'), '');
    expect((await facts.list()).map(({ text }) => text)).toEqual(['one']);
    expect(await readdir(home)).toEqual(['facts.jsonl', 'locks']);
  });

  test('say that their file cannot be read', async () => {
    const home = await newHome();
    await mkdir(join(home, 'facts.jsonl'), { recursive: true });
    await expect(openFacts(home).search('')).rejects.toThrow(/facts\.jsonl cannot be read: it is a folder/);
  });
});
