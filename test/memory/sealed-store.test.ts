/** Facts in an encrypted `.sotto` folder. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

async function sealedHome(prepare: (home: string) => void = () => {}) {
  const home = join(await tempFolder(), '.sotto');
  mkdirSync(home);
  prepare(home);
  createVault(home, 'a passphrase', { workFactor: 1 });
  const told: string[] = [];
  const facts = openFacts(home, { tell: (sentence) => told.push(sentence) });
  const texts = async () => (await facts.list()).map(({ text }) => text);
  return { home, told, facts, texts, path: join(home, 'facts.json') };
}

/** The bytes of every file, but for those of the vault and the locks. */
const contents = (home: string) =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('locks'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

const DAMAGES: readonly (readonly [string, (good: Buffer) => Buffer | string])[] = [
  ['truncated', (good) => good.subarray(0, good.length - 90)],
  ['empty', () => ''],
  ['zeros', (good) => Buffer.alloc(good.length)],
  ['null', () => 'null'],
  ['not encrypted', () => '{"version":1,"facts":[]}'],
  [
    'half old, half new',
    (good) => Buffer.concat([good.subarray(0, 300), Buffer.from(good.subarray(300)).reverse()]),
  ],
];

describe('facts of an encrypted folder', () => {
  test('are readable in no file', async () => {
    const { home, facts, texts } = await sealedHome();
    for (const word of ['canary one', 'canary two', 'canary three']) await facts.add(word);
    const [one] = await facts.list();
    await facts.edit(one?.id ?? '', 'canary edited');
    await facts.forget(one?.id ?? '');
    expect(await texts()).toEqual(['canary two', 'canary three']);
    const all = contents(home);
    expect(all.length).toBeGreaterThan(2);
    for (const content of all) expect(content.includes('canary')).toBe(false);
  });

  test.each(DAMAGES)(
    'that are damaged, %s, are put aside, and the version before is back',
    async (_, damage) => {
      const { home, told, facts, texts, path } = await sealedHome();
      for (const word of ['one', 'two']) await facts.add(word);
      const bad = Buffer.from(damage(readFileSync(path)));
      writeFileSync(path, bad);
      expect(await texts()).toEqual(['one']);
      expect(told).toEqual([
        expect.stringContaining('was damaged: it cannot be decrypted. It is kept as facts.damaged-'),
      ]);
      const aside = readdirSync(home).find((name) => name.includes('damaged')) ?? '';
      expect(readFileSync(join(home, aside))).toEqual(bad);
    },
  );

  test('stay where they are, where neither version can be decrypted', async () => {
    const { home, told, facts, texts, path } = await sealedHome();
    for (const word of ['one', 'two']) await facts.add(word);
    for (const file of [path, join(home, 'facts.previous.json')]) writeFileSync(file, 'damage');
    const before = readdirSync(home);
    await expect(texts()).rejects.toThrow(
      /facts\.json is of no use: it cannot be decrypted .* move it away\.$/,
    );
    await expect(facts.add('three')).rejects.toThrow('is of no use');
    expect(readdirSync(home)).toEqual(before);
    expect(readFileSync(path, 'utf8')).toBe('damage');
    expect(told).toEqual([]);
  });

  test.each(['before', 'after'])('of an earlier Sotto are taken over, encrypted %s that', async (when) => {
    const lines = ['one', 'two']
      .map((text, id) => `${JSON.stringify({ id: `${id}`, text, at: '' })}\n`)
      .join('');
    const write = (home: string) => writeFileSync(join(home, 'facts.jsonl'), lines);
    const { home, told, texts } = await sealedHome(when === 'before' ? write : undefined);
    if (when === 'after') write(home);
    expect(await texts()).toEqual(['one', 'two']);
    expect(told).toHaveLength(1);
    expect(readdirSync(home).filter((name) => name.endsWith('.jsonl'))).toEqual([
      expect.stringContaining('facts.taken-over-'),
    ]);
    for (const content of contents(home)) expect(content.includes('"text"')).toBe(false);
  });
});
