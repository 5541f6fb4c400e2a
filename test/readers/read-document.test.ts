import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { drawEvidence, readDocument } from '../../src/readers/read-document.ts';
import type { Part } from '../../src/readers/reader.ts';

const checkout = path.resolve(import.meta.dirname, '../..');
const corpora = process.env.SOTTO_CORPORA ?? path.resolve(checkout, '../shared/corpora');
const hasBombs = fs.existsSync(path.join(corpora, 'bombs'));
if (!hasBombs) console.log(`The bombs of ${corpora} are not here: the tests with them are skipped.`);

/** A PDF of one page a content stream. */
function makePdf(streams: readonly (Buffer | string)[], filter = ''): Buffer {
  const kids = streams.map((_, at) => `${3 + 2 * at} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${streams.length} /Kids [${kids}] >>`,
    ...streams.flatMap((stream, at) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${4 + 2 * at} 0 R ` +
        '/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>',
      Buffer.concat([
        Buffer.from(`<< /Length ${stream.length} ${filter} >>\nstream\n`),
        Buffer.from(stream),
        Buffer.from('\nendstream'),
      ]),
    ]),
  ];
  const chunks = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = chunks[0]?.length ?? 0;
  for (const [at, object] of objects.entries()) {
    offsets.push(length);
    const chunk = Buffer.concat([
      Buffer.from(`${at + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    chunks.push(chunk);
    length += chunk.length;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...chunks, Buffer.from(trailer)]);
}

const words = (text: string) => `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`;
const flateBomb = (bytes: number) =>
  deflateSync(Buffer.concat([Buffer.from(words('first words')), Buffer.alloc(bytes, ' ')]));

describe('a file that is read in the thread', () => {
  test('leaves the bytes of the caller as they are, and tells its parts as they come', async () => {
    const bytes = makePdf([words('page one'), words('page two')]);
    const before = Buffer.from(bytes);
    const parts: Part['type'][] = [];
    const document = await readDocument(bytes, {
      name: 'a.pdf',
      onPart: ({ type }) => void parts.push(type),
    });
    expect(document.pages.map(({ text }) => text.trim())).toEqual(['page one', 'page two']);
    expect(parts).toEqual(['start', 'page', 'page']);
    expect(bytes.equals(before)).toBe(true);
  });

  test('is one of many that are asked for at once', async () => {
    const texts = Array.from({ length: 5 }, (_, at) => `number ${at}`);
    const documents = await Promise.all(texts.map((text) => readDocument(makePdf([words(text)]))));
    expect(documents.map(({ pages }) => pages[0]?.text.trim())).toEqual(texts);
  });

  test('is left when enough was read of it, and the thread goes on', async () => {
    const bytes = makePdf(Array.from({ length: 9 }, (_, at) => words(`page ${at + 1}`)));
    const document = await readDocument(bytes, {
      onPart: (part) => (part.type === 'page' && part.page.number === 2 ? 'stop' : undefined),
    });
    expect(document.report.pages).toMatchObject([
      { first: 1, last: 2, via: 'text' },
      { first: 3, last: 9, via: 'none', code: 'not-looked-at' },
    ]);
    expect((await readDocument(makePdf([words('next')]))).pages[0]?.text.trim()).toBe('next');
  });

  test('is left when it is aborted, and the next one is read', async () => {
    const controller = new AbortController();
    const reading = readDocument(makePdf([words('a'), words('b')]), {
      signal: controller.signal,
      onPart: () => controller.abort(new Error('no longer wanted')),
    });
    await expect(reading).rejects.toThrow('no longer wanted');
    await expect(
      readDocument(makePdf(['']), { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
    expect((await readDocument(makePdf([words('next')]))).pages[0]?.text.trim()).toBe('next');
  });

  test('is not read whole when it claims more pages than any document, but by number', async () => {
    const bytes = makePdf(Array.from({ length: 11 }, (_, at) => words(`page ${at + 1}`)));
    const { pages, report } = await readDocument(bytes, { limits: { pages: 1 } });
    expect([pages.length, report.limits[0]?.code]).toEqual([0, 'too-many-pages']);
    const asked = await readDocument(bytes, { limits: { pages: 1 }, pages: [[11, 11]] });
    expect(asked.pages.map(({ text }) => text.trim())).toEqual(['page 11']);
  });

  test('is refused by its size before it is looked at', async () => {
    const { report } = await readDocument(new Uint8Array(2_000_001), { limits: { fileBytes: 2_000_000 } });
    expect(report.refused).toEqual({
      code: 'too-large',
      sentence: 'This file has 3 MB; at most 2 MB are read.',
    });
  });
});

test.each([{ page: 0 }, { page: 1.5 }, { page: 1, dpi: Number.NaN }, { page: 1, dpi: 0 }])(
  'a page is not drawn with %o',
  async (options) => {
    await expect(drawEvidence(makePdf(['']), options)).rejects.toThrow(ConfigError);
  },
);

describe('the watchdog', () => {
  test('ends what takes too much memory outside of the heap, which goes through without it', async () => {
    const bomb = makePdf(
      [deflateSync(words('a page before')), flateBomb(150_000_000)],
      '/Filter /FlateDecode',
    );
    const stopped = await readDocument(bomb, { limits: { memoryBytes: 120_000_000 } });
    expect(stopped.report).toMatchObject({
      pages: [
        { first: 1, last: 1, via: 'text' },
        { first: 2, last: 2, via: 'none', code: 'bomb' },
      ],
      limits: [{ code: 'bomb' }],
    });
    expect(stopped.pages[0]?.text.trim()).toBe('a page before');
    const unlimited = await readDocument(bomb, { limits: { memoryBytes: 4_000_000_000, pageMs: 60_000 } });
    expect(unlimited.pages[1]?.text.trim()).toBe('first words');
  });

  test('ends what is not heard of for too long, and the next file is read', async () => {
    const slow = makePdf([words('a page before'), words('x) Tj (y').repeat(400_000)]);
    const { report } = await readDocument(slow, { limits: { pageMs: 300, itemsPerPage: 10_000_000 } });
    expect(report.limits).toMatchObject([{ code: 'too-slow' }]);
    expect((await readDocument(makePdf([words('next')]))).pages[0]?.text.trim()).toBe('next');
  });
});

describe.runIf(hasBombs)('the bombs', () => {
  test.each([
    ['flate400MB.pdf', 'bomb'],
    ['flate2x400MB.pdf', 'bomb'],
    ['ops100MB.pdf', 'too-much-text'],
    ['pages200k.pdf', 'too-many-pages'],
    // What the others left is given back while this one is read, and must not hide its growth.
    ['flate400MB.pdf', 'bomb'],
  ])('%s ends with a sentence (%s), and the program goes on', async (name, code) => {
    // On a busy machine the time of a page would be over first, which a test above shows.
    const options = { name, limits: { pageMs: 100_000 } };
    const document = await readDocument(fs.readFileSync(path.join(corpora, 'bombs', name)), options);
    const { limits, refused, pages } = document.report;
    const said = [
      ...limits,
      ...(refused ? [refused] : []),
      ...document.pages.flatMap((page) => page.warnings),
    ];
    expect(said.map(({ code }) => code)).toContain(code);
    expect(pages.at(-1)?.last ?? 0).toBe(document.pageCount);
  });
});

test('the thread has the permission flags of the program, and does not keep it alive', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sotto-readers-'));
  try {
    const seen = path.join(folder, 'seen');
    // What is imported by a flag runs in every thread that has the program's flags.
    fs.writeFileSync(
      path.join(folder, 'look.mjs'),
      `import fs from 'node:fs'; import { isMainThread } from 'node:worker_threads';
      fs.appendFileSync('${seen}', (isMainThread ? 'program ' : 'thread ') + process.permission.has('net') + '\\n');`,
    );
    fs.writeFileSync(path.join(folder, 'a.pdf'), makePdf([words('under the seal')]));
    fs.writeFileSync(
      path.join(folder, 'main.mjs'),
      `import fs from 'node:fs';
import os from 'node:os';
      const { readDocument } = await import('${checkout}/src/readers/read-document.ts');
      const { pages } = await readDocument(fs.readFileSync('${folder}/a.pdf'));
      console.log(pages[0].text.trim());`,
    );
    const allowed = ['fs-read=*', 'fs-write=*', 'addons', 'worker'].map((flag) => `--allow-${flag}`);
    const flags = ['--permission', ...allowed, '--no-warnings', '--import', path.join(folder, 'look.mjs')];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, path.join(folder, 'main.mjs')], {
      encoding: 'utf8',
      // A thread that keeps the program alive would do so for a minute.
      timeout: 30_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'under the seal\n', stderr: '' });
    expect(fs.readFileSync(seen, 'utf8')).toMatch(/^program false\nthread false\n/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
