/** Facts against a plain list, with a program that dies at any call that changes the disk, and with a disk that refuses. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { openFacts } from '../../src/memory/facts.ts';
import type { FactStore } from '../../src/tool/fact-store.ts';
import { tempFolder } from '../workspace/temp-folder.ts';
import { begin, buryOwners, changes, Killed } from './stopping-fs.ts';

vi.mock('node:fs', async (original) => (await import('./stopping-fs.ts')).stoppingFs(original as never));

const RUNS = process.env.SOTTO_LONG === undefined ? 200 : 2_000;

type Line = { readonly id: string; readonly text: string };
type Step =
  | { readonly kind: 'add'; readonly text: string }
  | { readonly kind: 'edit'; readonly which: number; readonly text: string }
  | { readonly kind: 'forget'; readonly which: number }
  | { readonly kind: 'search'; readonly word: string };

const words = fc.constantFrom('red', 'blue', 'car', 'tea', 'höh', '茶');
const text = fc.array(words, { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
const which = fc.nat({ max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), which, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('search' as const), word: words }) },
);
/** A step, and the number of the changing call at which the program dies in it, if it does. */
const steps = fc.array(fc.tuple(step, fc.option(fc.integer({ min: 1, max: 30 }), { freq: 2 })), {
  maxLength: 15,
});

const idAt = (lines: readonly Line[], which: number): string =>
  lines.length === 0 ? 'no such id' : (lines[which % lines.length]?.id ?? '');

/** What the step makes of a plain list; a new line has no id yet. */
function applyTo(lines: readonly Line[], next: Step): readonly Line[] {
  if (next.kind === 'add') return [...lines, { id: '', text: next.text }];
  if (next.kind === 'edit') {
    const id = idAt(lines, next.which);
    return lines.map((line) => (line.id === id ? { id, text: next.text } : line));
  }
  return next.kind === 'forget' ? lines.filter(({ id }) => id !== idAt(lines, next.which)) : lines;
}

async function act(facts: FactStore, lines: readonly Line[], next: Step): Promise<void> {
  if (next.kind === 'add') await facts.add(next.text);
  if (next.kind === 'edit') await facts.edit(idAt(lines, next.which), next.text);
  if (next.kind === 'forget') await facts.forget(idAt(lines, next.which));
  if (next.kind === 'search') {
    const expected = lines.filter((line) => line.text.split(' ').includes(next.word)).toReversed();
    expect((await facts.search(next.word)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  }
}

const textsOf = (lines: readonly Line[]) => lines.map((line) => line.text);
const partsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.part'));

describe('facts', () => {
  test('are those of a plain list after any steps, and after a death before or after the step that died', async () => {
    let deaths = 0;
    const property = fc.asyncProperty(steps, async (all) => {
      const home = join(await tempFolder(), '.sotto');
      const told: string[] = [];
      const open = () => openFacts(home, { tell: (sentence) => told.push(sentence) });
      let facts = open();
      let lines: readonly Line[] = [];
      for (const [next, deathAt] of all) {
        begin(deathAt === null ? { kind: 'none' } : { kind: 'kill', at: deathAt });
        const isDone = await act(facts, lines, next).then(
          () => true,
          (error) => {
            if (error instanceof Killed || error.cause instanceof Killed) return false;
            throw error;
          },
        );
        const died = deathAt !== null && changes() >= deathAt;
        begin({ kind: 'none' });
        const wanted = applyTo(lines, next);
        if (died) {
          deaths += 1;
          if (existsSync(join(home, 'locks/facts'))) buryOwners(join(home, 'locks/facts'));
          facts = open();
        }
        const found = await facts.list();
        const allowed = isDone ? [textsOf(wanted)] : [textsOf(lines), textsOf(wanted)];
        expect(allowed).toContainEqual(textsOf(found));
        lines = found;
      }
      await facts.add('the end');
      expect(partsIn(home)).toEqual([]);
      expect(told).toEqual([]);
      rmSync(home, { recursive: true });
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(deaths).toBeGreaterThan(RUNS / 2);
  });

  test.each(['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE'])(
    'stay byte for byte as they were, with nothing beside them, where the disk says %s at any write',
    async (code) => {
      const folder = await tempFolder();
      const change = async (home: string) => (await openFacts(home).add('three')).text;
      const prepare = async (name: string) => {
        const home = join(folder, name);
        mkdirSync(home);
        begin({ kind: 'none' });
        for (const word of ['one', 'two']) await openFacts(home).add(word);
        return { home, before: readFileSync(join(home, 'facts.json')) };
      };
      const whole = await prepare('whole');
      begin({ kind: 'none' });
      await change(whole.home);
      const calls = changes();
      expect(calls).toBeGreaterThan(10);
      let refusals = 0;
      for (let at = 1; at <= calls; at += 1) {
        const { home, before } = await prepare(String(at));
        begin({ kind: 'refuse', at, code });
        const outcome = await change(home).catch((error: Error) => error);
        begin({ kind: 'none' });
        const after = readFileSync(join(home, 'facts.json'));
        expect(partsIn(home)).toEqual([]);
        if (outcome instanceof Error) {
          refusals += 1;
          expect(outcome.message).toMatch(/^The file [^\n]*facts(\.previous)?\.json [^\n]*\.$/);
          expect(outcome.message).toContain(`(${code})`);
          if (!/facts\.json was written, but it is not certain/.test(outcome.message)) {
            expect(after.equals(before)).toBe(true);
          }
        }
        const texts = (await openFacts(home).list()).map((fact) => fact.text);
        expect(texts).toEqual(after.equals(before) ? ['one', 'two'] : ['one', 'two', 'three']);
        await openFacts(home).add('later');
        expect((await openFacts(home).list()).at(-1)?.text).toBe('later');
      }
      expect(refusals).toBeGreaterThan(5);
    },
  );

  test.each(['kill', 'refuse'] as const)(
    'that are damaged are mended by the next one, whatever comes between: %s',
    async (kind) => {
      const folder = await tempFolder();
      for (let at = 1; ; at += 1) {
        const home = join(folder, String(at));
        const path = join(home, 'facts.json');
        for (const word of ['one', 'two']) await openFacts(home).add(word);
        writeFileSync(path, 'damage');
        const told: string[] = [];
        const open = () => openFacts(home, { tell: (sentence) => told.push(sentence) });
        begin(kind === 'kill' ? { kind, at } : { kind, at, code: 'ENOSPC' });
        const read = await open()
          .list()
          .catch(() => undefined);
        const calls = changes();
        begin({ kind: 'none' });
        if (kind === 'refuse') expect(read?.map((fact) => fact.text)).toEqual(['one']);
        if (kind === 'kill') buryOwners(join(home, 'locks/facts'));
        await open().add('three');
        expect((await open().list()).map((fact) => fact.text)).toEqual(['one', 'three']);
        const asides = readdirSync(home).filter((name) => name.includes('damaged'));
        expect(asides.map((name) => readFileSync(join(home, name), 'utf8'))).toEqual(['damage']);
        expect(partsIn(home)).toEqual([]);
        if (kind === 'refuse') expect(told.join(' ')).toContain(`It is kept as ${asides[0]}.`);
        if (calls < at) break;
      }
    },
  );
});
