/** The sample inbox: with the bundled model by the command itself, and with models that tell the truth and that lie. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extract } from '../../src/extract/extract.ts';
import type { Extraction } from '../../src/extract/extraction.ts';
import {
  type Claims,
  compareRow,
  copyInbox,
  createInboxEngine,
  type Lie,
  type LineClaim,
  readInboxSchema,
  readTruth,
} from '../helpers/inbox.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const truths = await readTruth();

const found = ({ plan, rows }: Extraction) =>
  rows.flatMap((row) => {
    const truth = truths[row.file.replace(/^.*\//, '')];
    if (!truth) throw new Error(`no truth for ${row.file}`);
    return compareRow(plan, row, truth);
  });

/** In words that say enough where a test fails. */
const verifiedOf = (values: ReturnType<typeof found>): readonly string[] =>
  values.flatMap(({ file, name, value }) =>
    value.status === 'verified'
      ? [`${file} ${name}: ${value.value}, from ${JSON.stringify(value.quote)}`]
      : [],
  );

async function extractWith(lie?: Lie): Promise<Extraction> {
  const { folder, home } = await createTempProject();
  await copyInbox(folder);
  const engine = createInboxEngine(truths, lie);
  return extract({ files: [join(folder, 'inbox')], schema: await readInboxSchema(), engine, home });
}

describe('a model that makes no mistake', () => {
  test('has at least 98 % of its values verified, and none of them is wrong', async () => {
    const extraction = await extractWith();
    expect(extraction.rows).toHaveLength(12);
    const stated = found(extraction).filter(({ right }) => right !== undefined);
    expect(stated.length).toBeGreaterThan(140);
    // What a check contradicts is shown to a person, rightly copied or not.
    const isBroken = ({ file, name }: { file: string; name: string }) =>
      truths[file]?.brokenChecks.some((check) => check.split(/\W+/).includes(name)) ?? false;
    const [broken, sound] = [stated.filter(isBroken), stated.filter((value) => !isBroken(value))];
    expect(broken.map(({ file, value }) => [file, value.status])).toEqual(
      Array(3).fill(['harbour.pdf', 'unverified']),
    );
    const verified = sound.filter(({ value }) => value.status === 'verified');
    const others = sound.filter(({ value }) => value.status !== 'verified');
    expect(
      verified.length / sound.length,
      others.map(({ file, name, value }) => `${file} ${name}: ${value.problem ?? value.status}`).join('\n'),
    ).toBeGreaterThanOrEqual(0.98);
    expect(verified.filter(({ value, right }) => value.value !== right)).toEqual([]);
  });

  test('finds nothing in a letter that is no invoice', async () => {
    const { rows } = await extractWith();
    const choir = rows.find(({ file }) => file.endsWith('choir.txt'));
    expect(Object.values(choir?.values ?? {}).map(({ status }) => status)).toEqual(Array(8).fill('missing'));
    expect(choir?.lists.items).toEqual([]);
  });

  test('has the check that does not hold reported', async () => {
    const { rows } = await extractWith();
    const broken = rows.flatMap(({ file, checks }) =>
      checks.filter(({ holds }) => holds === false).map(({ check }) => [file.replace(/^.*\//, ''), check]),
    );
    expect(broken).toEqual([['harbour.pdf', 'total = net + tax']]);
  });
});

type Claim = { readonly quote: string; readonly value: string };
const fieldsOf = ({ items: _, ...fields }: Claims) => Object.entries(fields) as [string, Claim][];

/** Every claim of a document changed by itself. */
const changed =
  (change: (claim: Claim) => Claim): Lie =>
  (claims) => ({
    ...Object.fromEntries(fieldsOf(claims).map(([path, claim]) => [path, change(claim)])),
    items: claims.items.map(({ quote, ...cells }) => {
      const entries = Object.entries(cells).map(([name, value]) => [name, change({ quote, value })] as const);
      return {
        ...Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
        quote: entries[0]?.[1].quote ?? quote,
      } satisfies LineClaim;
    }),
  });

/** Another value of the same shape: digits and letters moved on. */
const moveOn = (text: string): string => {
  const move = (sign: string, first: number, count: number, by: number) =>
    String.fromCharCode(((sign.charCodeAt(0) - first + by) % count) + first);
  return text
    .replace(/\d/g, (digit) => move(digit, 48, 10, 3))
    .replace(/[a-z]/g, (letter) => move(letter, 97, 26, 5))
    .replace(/[A-Z]/g, (letter) => move(letter, 65, 26, 7))
    .replace(/[£$€]/g, '¥');
};
const oneDigit = (text: string): string =>
  /\d/.test(text) ? text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) : `${text}s`;

const INVENTIONS: Readonly<Record<string, Lie>> = {
  'values that are nowhere, with the right quote': changed(({ quote, value }) => ({
    quote,
    value: moveOn(value),
  })),
  'values with one digit changed': changed(({ quote, value }) => ({ quote, value: oneDigit(value) })),
  'values and quotes that are nowhere': changed(({ quote, value }) => ({
    quote: quote.replace(value, moveOn(value)),
    value: moveOn(value),
  })),
  'values without a quote': changed(({ value }) => ({ quote: '', value: moveOn(value) })),
};

describe('a model that invents', () => {
  test.each(Object.entries(INVENTIONS))('%s: none is verified', async (_, lie) => {
    const values = found(await extractWith(lie)).filter(({ value }) => value.status !== 'missing');
    expect(values.length).toBeGreaterThan(100);
    expect(verifiedOf(values)).toEqual([]);
  });
});

const AMOUNTS = ['net', 'tax', 'total'];

const exchange =
  (...pairs: readonly (readonly [string, string])[]): Lie =>
  (claims) => {
    const other = new Map(
      pairs.flatMap(
        ([a, b]) =>
          [
            [a, b],
            [b, a],
          ] as const,
      ),
    );
    return {
      ...claims,
      ...Object.fromEntries(
        fieldsOf(claims).map(([path, claim]) => [path, claims[other.get(path) ?? path] ?? claim]),
      ),
      items: claims.items.map((line) => ({
        ...Object.fromEntries(Object.keys(line).map((name) => [name, line[other.get(name) ?? name] ?? ''])),
        quote: line.quote,
      })),
    };
  };

describe('a model that misquotes and swaps', () => {
  test('has no value verified whose quote is that of another one', async () => {
    // No quote names a currency by its sign but that of an amount: that would be no lie.
    const misquote: Lie = (claims) => {
      const fields = fieldsOf(claims);
      const wrong = fields.map(([path, { value }], index) => {
        const others = fields.filter(
          ([other, { quote }]) => !quote.includes(value) && !AMOUNTS.includes(other),
        );
        return [path, { value, quote: others[index % others.length]?.[1].quote ?? '' }];
      });
      return { ...Object.fromEntries(wrong), items: [] };
    };
    const values = found(await extractWith(misquote)).filter(({ value }) => value.status !== 'missing');
    expect(values.length).toBeGreaterThan(80);
    expect(verifiedOf(values)).toEqual([]);
  });

  test.each([
    ['net and total', exchange(['net', 'total'])],
    ['tax and total', exchange(['tax', 'total'])],
    ['net and tax', exchange(['net', 'tax'])],
    ['the dates', exchange(['date', 'dueDate'])],
    ['number and vendor', exchange(['number', 'vendor'])],
    ['the columns of the lines', exchange(['quantity', 'amount'])],
  ])('has no wrong value verified where it swaps %s', async (_, lie) => {
    const wrong = found(await extractWith(lie)).filter(({ value, right }) => value.value !== right);
    expect(verifiedOf(wrong)).toEqual([]);
  });
});

type Printed = { readonly code: number | null; readonly out: string; readonly err: string };

function sotto(folder: string, args: readonly string[]): Promise<Printed> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve('bin/sotto.js'), 'extract', ...args], { cwd: folder });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      printed.err += chunk;
    });
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...printed }));
  });
}

describe('the bundled model', () => {
  test('has every value right or marked, none wrong and verified; a second run asks nothing', async () => {
    const { folder } = await createTempProject();
    await copyInbox(folder);
    await writeFile(join(folder, 's.json'), JSON.stringify(await readInboxSchema()));
    const args = ['inbox', '--schema', 's.json', '--out', 'table.json'];
    const first = await sotto(folder, args);
    expect(first).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(/^12 documents: 12 done\. /m),
    });
    const text = await readFile(join(folder, 'table.json'), 'utf8');
    const values = found(JSON.parse(text) as Extraction);
    expect(values.length).toBeGreaterThanOrEqual(96);
    expect(values.filter(({ value, right }) => value.status === 'verified' && value.value !== right)).toEqual(
      [],
    );
    const second = await sotto(folder, args);
    expect(second).toMatchObject({
      code: 0,
      err: expect.stringContaining('12 documents: 12 done (12 known from before).'),
    });
    expect(await readFile(join(folder, 'table.json'), 'utf8')).toBe(text);
  }, 300_000);
});
