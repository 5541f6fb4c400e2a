/**
 * Jobs that are killed: for CI at 8 points, with files that stay and with files that are moved; at 50 points with
 * `SOTTO_LONG=1 npx vitest run test/faults/extract-kill.test.ts`, which takes three minutes.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Extraction } from '../../src/extract/extraction.ts';
import { readLedger } from '../../src/extract/job/ledger-file.ts';
import { letter, runJobOf, scriptedEngine } from './scripted-extract.ts';

const IS_LONG = process.env.SOTTO_LONG !== undefined;
const POINTS = IS_LONG ? 50 : 8;
const DOCUMENTS = 30;
const MANY = 1000;
const CHILD = join(import.meta.dirname, 'extract-in-child.ts');
/** As the `sotto` command starts Node. */
const FLAGS = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--allow-addons',
  '--allow-worker',
  '--allow-child-process',
  '--disable-warning=SecurityWarning',
  '--conditions=sotto-source',
];

async function createFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sotto-kill-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'inbox'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, 'inbox', name), content);
  return folder;
}

/** Starts the job in a program of its own, and kills that behind so many events and milliseconds. Returns false where the
 * job came to its end before. */
async function killAfter(folder: string, events: number, delayMs: number, how = 'stay'): Promise<boolean> {
  const child = spawn(process.execPath, [...FLAGS, CHILD, folder, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let count = 0;
  for await (const _line of createInterface({ input: child.stdout })) {
    count += 1;
    if (count < events) continue;
    await setTimeout(delayMs);
    child.kill('SIGKILL');
    break;
  }
  const [, signal] = await exit;
  return signal === 'SIGKILL';
}

async function knownIn(folder: string): Promise<readonly string[]> {
  const [id = ''] = await readdir(join(folder, '.sotto/jobs'));
  const { facts } = readLedger(join(folder, '.sotto/jobs', id, 'ledger.jsonl'));
  return facts.flatMap((fact) =>
    fact.type === 'document-done' ? [String(fact.extracted.values.number?.value)] : [],
  );
}

function askedIn(folder: string): readonly string[] {
  const path = join(folder, 'asked.log');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

const finish = (folder: string, move = false) => runJobOf({ folder, move, engine: scriptedEngine(folder) });

/** Rows without what differs from folder to folder. */
const tableOf = ({ rows, failures }: Extraction, folder: string): string =>
  JSON.stringify({ rows, failures }).replaceAll(folder, '');

describe.each(['stay', 'move'])('a job of 30 documents that is killed, whose files %s', (how) => {
  const files = Object.fromEntries(
    Array.from({ length: DOCUMENTS }, (_, number) => [`${number}.txt`, letter(number)]),
  );

  test('gives the same table when it goes on, and asks nothing again that is done', {
    timeout: 600_000,
  }, async () => {
    const whole = await createFolder(files);
    const expected = tableOf(await finish(whole, how === 'move'), whole);
    expect(askedIn(whole)).toHaveLength(DOCUMENTS);
    let kills = 0;
    for (let point = 0; point < POINTS; point += 1) {
      const folder = await createFolder(files);
      const events = 1 + Math.floor(Math.random() * (how === 'move' ? 4 : 3) * DOCUMENTS);
      const delayMs = Math.random() * 4;
      if (await killAfter(folder, events, delayMs, how)) kills += 1;
      const known = await knownIn(folder);
      const before = askedIn(folder).length;
      const resumed = await finish(folder, how === 'move');
      const asked = askedIn(folder).slice(before);
      expect(tableOf(resumed, folder), `killed behind event ${events} and ${delayMs} ms`).toBe(expected);
      expect(asked.filter((number) => known.includes(number))).toEqual([]);
      expect(new Set([...known, ...asked]).size).toBe(DOCUMENTS);
      expect(asked).toHaveLength(DOCUMENTS - known.length);
      await rm(folder, { recursive: true });
    }
    expect(kills).toBeGreaterThan(POINTS / 2);
  });
});

/** Every tenth document is bad, each in another way. */
function manyFiles(): Record<string, string | Uint8Array> {
  const bad = [
    new Uint8Array(),
    Uint8Array.from({ length: 500 }, (_, index) => (index * 61 + 7) % 256),
    Buffer.from('%PDF-1.7\nno pdf at all'),
    Buffer.from('PK\x03\x04 no archive', 'latin1'),
  ];
  const kinds: readonly ((number: number) => readonly [string, string])[] = [
    (number) => [`${number}.txt`, letter(number)],
    (number) => [`${number}.csv`, `number,total\nINV-${number},${number}.50\nsum,total: ${number}.50\n`],
    (number) => [`${number}.eml`, `Subject: Invoice ${number}\nFrom: a@example.org\n\n${letter(number)}`],
  ];
  return Object.fromEntries(
    Array.from({ length: MANY }, (_, number): readonly [string, string | Uint8Array] => {
      const own = bad[Math.floor(number / 10) % bad.length] ?? '';
      if (number % 10 === 3) return [`${number}.dat`, own];
      return kinds[number % kinds.length]?.(number) ?? ['', ''];
    }),
  );
}

test('a job of many documents, a tenth of them bad, killed three times, has each once', {
  timeout: 900_000,
}, async () => {
  const files = manyFiles();
  const folder = await createFolder(files);
  for (let kill = 1; kill <= 3; kill += 1)
    expect(await killAfter(folder, Math.floor(MANY * 0.5), Math.random() * 20)).toBe(true);
  const known = (await knownIn(folder)).length;
  expect(known).toBeGreaterThan(0);
  const { rows, failures, left } = await finish(folder);
  expect([rows.length, failures.length, left.length]).toEqual([MANY * 0.9, MANY / 10, 0]);
  const names = [...rows, ...failures].map(({ file }) => file.slice(folder.length + '/inbox/'.length));
  expect(names.toSorted()).toEqual(Object.keys(files).toSorted());
  for (const { file, values } of rows) {
    const number = /(\d+)\.\w+$/.exec(file)?.[1];
    expect([values.number?.value, values.total?.value]).toEqual([`INV-${number}`, Number(`${number}.5`)]);
  }
  for (const { problem } of failures) expect(problem).toMatch(/^[A-Z][^\n]*\.$/);
  // Twice at most: in each run, two were in the model when it was killed.
  const asked = Map.groupBy(askedIn(folder), (number) => number);
  expect([...asked.values()].filter((times) => times.length > 1).length).toBeLessThanOrEqual(3 * 2);
  for (const [name, content] of Object.entries(files)) {
    const bytes = await readFile(join(folder, 'inbox', name));
    const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
    expect(hash(bytes)).toBe(hash(content));
  }
});
