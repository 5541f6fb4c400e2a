import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { jobIdOf } from '../../src/extract/job/job-id.ts';
import { deleteJob, listJobs, readJob } from '../../src/extract/job/jobs.ts';
import { reviewValue } from '../../src/extract/job/review-value.ts';
import { acquireLock } from '../../src/memory/lock.ts';
import { createExtractor, createInbox, type Inbox, invoice, runExtract, SCHEMA } from './job-fakes.ts';

const ledgerOf = ({ home }: Inbox, jobId: string): string => join(home, 'jobs', jobId, 'ledger.jsonl');
const linesOf = (path: string): string[] => readFileSync(path, 'latin1').split('\n');
const documentLines = (path: string): number[] =>
  linesOf(path).flatMap((line, index) => (line.includes('"document-done"') ? [index] : []));

async function doneJob() {
  const inbox = await createInbox({ 'a.txt': invoice(1), 'b.txt': invoice(2), 'c.txt': invoice(3) });
  const { extractor } = createExtractor();
  const extraction = await runExtract(inbox, { extractor });
  return { inbox, extraction, ledger: ledgerOf(inbox, extraction.jobId) };
}

async function again(inbox: Inbox) {
  const { extractor, asked } = createExtractor();
  const extraction = await runExtract(inbox, { extractor });
  const notices = extraction.events.flatMap((event) => (event.type === 'notice' ? [event.sentence] : []));
  return { extraction, asked, notices };
}

/** A tmpfs needs root: where there is none, the test says that it skips. */
const canMount = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

describe('a job', () => {
  test('is kept for its owner only, a line for every fact, numbered', async () => {
    const { inbox, extraction, ledger } = await doneJob();
    expect(statSync(ledger).mode & 0o777).toBe(0o600);
    expect(statSync(join(inbox.home, 'jobs', extraction.jobId, 'job.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(inbox.home, 'jobs')).mode & 0o777).toBe(0o700);
    const facts = linesOf(ledger)
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect(facts.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run-start'],
      [2, 'document-done'],
      [3, 'document-done'],
      [4, 'document-done'],
      [5, 'run-end'],
    ]);
  });

  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['another letter', (line) => Buffer.from(line.toString('latin1').replace('INV-2', 'INV-7'), 'latin1')],
    ['zeros', (line) => Buffer.alloc(line.length)],
    ['bytes that are no text', (line) => Buffer.alloc(line.length, 0xfe)],
    ['half of it', (line) => line.subarray(0, line.length / 2)],
    [
      'without its checksum',
      (line) => Buffer.from(line.toString('latin1').replace(/,"crc":"\w+"/, ''), 'latin1'),
    ],
  ];
  test.each(damages)('does again what stood in a damaged line, and says so once: %s', async (_, damage) => {
    const { inbox, extraction, ledger } = await doneJob();
    const lines = linesOf(ledger);
    const index = documentLines(ledger)[1] ?? -1;
    const damaged = damage(Buffer.from(lines[index] ?? '', 'latin1')).toString('latin1');
    writeFileSync(ledger, lines.with(index, damaged).join('\n'), 'latin1');
    const second = await again(inbox);
    expect(second.asked).toEqual(['INV-2']);
    expect(second.notices).toEqual([
      expect.stringMatching(
        /^One line of the job's ledger cannot be read.+a document that was noted there is done/,
      ),
    ]);
    expect(JSON.stringify(second.extraction.rows)).toBe(JSON.stringify(extraction.rows));
    expect(linesOf(ledger)[index]).toBe(damaged);
    const third = await again(inbox);
    expect([third.asked, third.notices]).toEqual([[], []]);
  });

  test('loses nothing behind a last line that was cut off at any byte', async () => {
    const { inbox, extraction, ledger } = await doneJob();
    const whole = readFileSync(ledger);
    const lines = linesOf(ledger);
    const end = whole.length - Buffer.byteLength(lines.at(-2) ?? '', 'latin1') - 1;
    const start = end - Buffer.byteLength(lines.at(-3) ?? '', 'latin1') - 1;
    for (const cut of [start, start + 1, start + 99, (start + end) >> 1, end - 9, end - 2, end - 1, end]) {
      writeFileSync(ledger, whole.subarray(0, cut));
      const { asked, extraction: resumed } = await again(inbox);
      expect(asked).toEqual(cut >= end - 1 ? [] : ['INV-3']);
      expect(JSON.stringify(resumed.rows)).toBe(JSON.stringify(extraction.rows));
      expect((await again(inbox)).asked).toEqual([]);
    }
  });

  test('puts a damaged job.json aside, says so, and goes on with what was done', async () => {
    const { inbox, extraction } = await doneJob();
    const folder = join(inbox.home, 'jobs', extraction.jobId);
    for (const content of [
      '{"schema"',
      '\0\0\0\0',
      readFileSync(join(folder, 'job.json'), 'utf8').replace('total', 'tutal'),
    ]) {
      writeFileSync(join(folder, 'job.json'), content);
      await expect(readJob(inbox.home, extraction.jobId)).rejects.toThrow(
        /job\.json is damaged\. It was left/,
      );
      expect(await listJobs(inbox.home)).toEqual([
        { id: extraction.jobId, problem: expect.stringContaining('is damaged') },
      ]);
      const { asked, notices } = await again(inbox);
      expect(asked).toEqual([]);
      expect(notices).toEqual([expect.stringMatching(/job\.json was damaged\. It was put aside as /)]);
      const [aside = ''] = readdirSync(folder).filter((name) => name.includes('.damaged-'));
      expect(readFileSync(join(folder, aside), 'utf8')).toBe(content);
      rmSync(join(folder, aside));
    }
    expect((await readJob(inbox.home, extraction.jobId)).rows).toHaveLength(3);
  });

  test('is refused while another has its lock', async () => {
    const { inbox, extraction } = await doneJob();
    const folder = join(inbox.home, 'jobs', extraction.jobId, 'lock');
    using _lock = acquireLock({ folder, what: 'It' });
    await expect(again(inbox)).rejects.toThrow(`The job ${extraction.jobId} is in use by this program.`);
    await expect(deleteJob(inbox.home, extraction.jobId)).rejects.toThrow('in use');
    expect((await readJob(inbox.home, extraction.jobId)).rows).toHaveLength(3);
  });

  test('says in one sentence that its folder cannot be written', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    writeFileSync(inbox.home, 'no folder');
    await expect(again(inbox)).rejects.toThrow(
      /^The job's file \S+ cannot be written \(ENOTDIR\), so nothing was begun\.$/,
    );
  });

  test.skipIf(!canMount() && !process.env.CI)(
    'ends with one sentence on a full disk, and keeps what it has',
    async () => {
      const inbox = await createInbox(
        Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`${n}.txt`, invoice(n)])),
      );
      await mkdir(inbox.home);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', inbox.home]);
      onTestFinished(() => void execFileSync('umount', [inbox.home]));
      const { extractor } = createExtractor();
      await expect(runExtract(inbox, { extractor })).rejects.toThrow(
        /^The job's file \S+ledger\.jsonl cannot be written \(ENOSPC\), so the job stops here\. Nothing earlier is lost\.$/,
      );
      execFileSync('mount', ['-o', 'remount,size=1m', inbox.home]);
      const { asked, extraction } = await again(inbox);
      expect(extraction.rows).toHaveLength(99);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThan(99);
    },
  );
});

describe('looking at jobs', () => {
  test('lists the newest first with what is done, and forgets a deleted one', async () => {
    const { inbox, extraction } = await doneJob();
    writeFileSync(join(inbox.inbox, 'd.txt'), '');
    const other = await runExtract(inbox, {
      ...createExtractor(),
      instructions: 'Only totals.',
      note: { out: 't.csv' },
    });
    expect(other.jobId).not.toBe(extraction.jobId);
    expect(await listJobs(inbox.home)).toMatchObject([
      { id: other.jobId, done: 3, failed: 1, total: 4, isFinished: true, note: { out: 't.csv' } },
      { id: extraction.jobId, done: 3, failed: 0, total: 3, isFinished: true },
    ]);
    await deleteJob(inbox.home, other.jobId);
    expect(await listJobs(inbox.home)).toHaveLength(1);
    await expect(readJob(inbox.home, other.jobId)).rejects.toThrow(
      'does not exist. `sotto extract jobs` lists',
    );
    await expect(readJob(inbox.home, '../../etc')).rejects.toThrow("is not a job's");
  });

  test('tells one id for the same work, and another for other work', () => {
    const key = { schema: SCHEMA, fingerprint: 'f', prompt: 'p', evidence: 1, inputs: ['/a'] };
    const reordered = Object.fromEntries(Object.entries(SCHEMA).reverse());
    expect(jobIdOf({ ...key, schema: reordered })).toBe(jobIdOf(key));
    const columns = Object.fromEntries(Object.entries(SCHEMA.properties as object).reverse());
    const others = [
      { ...key, schema: { ...SCHEMA, properties: columns } },
      { ...key, fingerprint: 'g' },
      { ...key, prompt: 'q' },
      { ...key, evidence: 2 },
      { ...key, inputs: ['/b'] },
      { ...key, instructions: 'x' },
      { ...key, thinking: 'on' as const },
      { ...key, languages: ['deu'] },
    ];
    expect(new Set([key, ...others].map(jobIdOf)).size).toBe(others.length + 1);
  });

  test('takes up files that were added, changed and removed', async () => {
    const { inbox } = await doneJob();
    await rm(join(inbox.inbox, 'a.txt'));
    await rename(join(inbox.inbox, 'b.txt'), join(inbox.inbox, 'z.txt'));
    writeFileSync(join(inbox.inbox, 'c.txt'), invoice(9));
    const { extraction, asked } = await again(inbox);
    expect(asked).toEqual(['INV-9']);
    expect(extraction.rows.map(({ output }) => output)).toMatchObject([
      { number: 'INV-9' },
      { number: 'INV-2' },
    ]);
    const job = await readJob(inbox.home, extraction.jobId);
    expect(job.rows.map(({ values }) => values)).toEqual(extraction.rows.map(({ values }) => values));
  });
});

describe('a review', () => {
  test('is kept and marked, also after runs, and is replaced by a later one', async () => {
    const { inbox, extraction } = await doneJob();
    const [first, second, third] = extraction.rows.map(({ sha256 }) => sha256);
    const review = (
      sha256 = '',
      path: string,
      decision: 'accepted' | 'corrected' | 'rejected',
      value?: string,
    ) =>
      reviewValue(inbox.home, extraction.jobId, {
        sha256,
        path,
        decision,
        at: '2026-11-21T10:00:00.000Z',
        ...(value !== undefined && { value }),
      });
    await review(first, 'total', 'rejected');
    await review(first, 'total', 'accepted');
    await review(second, 'total', 'corrected', '2.75');
    await review(third, 'number', 'rejected');
    const { extraction: after, asked } = await again(inbox);
    expect(asked).toEqual([]);
    expect(after.rows.map(({ output }) => output)).toEqual([
      { number: 'INV-1', total: 1.5 },
      { number: 'INV-2', total: 2.75 },
      undefined,
    ]);
    expect(after.rows[0]?.values.total).toEqual({
      value: 1.5,
      status: 'verified',
      source: 'person',
      original: '1.5',
      review: { decision: 'accepted', at: '2026-11-21T10:00:00.000Z' },
    });
    expect(after.rows[2]?.values.number).toMatchObject({ status: 'rejected', source: 'person' });
    expect(after.rows[2]?.outputProblem).toMatch(/number/);
    expect((await readJob(inbox.home, extraction.jobId)).rows[1]?.values.total?.value).toBe(2.75);
  });

  test('says nothing about another value that a new extraction finds', async () => {
    const { inbox, extraction, ledger } = await doneJob();
    const { sha256 = '' } = extraction.rows[0] ?? {};
    await reviewValue(inbox.home, extraction.jobId, { sha256, path: 'total', decision: 'accepted' });
    const lines = linesOf(ledger);
    writeFileSync(ledger, lines.with(documentLines(ledger)[0] ?? 0, 'lost').join('\n'));
    const other = createExtractor();
    const { rows } = await runExtract(inbox, {
      extractor: async (document, options) => {
        const extracted = await other.extractor(document, options);
        const { total } = extracted.values;
        return total
          ? { ...extracted, values: { ...extracted.values, total: { ...total, value: 99 } } }
          : extracted;
      },
    });
    expect(rows[0]?.values.total).toMatchObject({ value: 99, status: 'unverified', source: 'model' });
  });

  test('refuses what is no value, or cannot be one, and notes nothing', async () => {
    const { inbox, extraction, ledger } = await doneJob();
    const before = readFileSync(ledger, 'utf8');
    const { sha256 = '' } = extraction.rows[0] ?? {};
    const review = (path: string, value: string, of = sha256) =>
      reviewValue(inbox.home, extraction.jobId, { sha256: of, path, decision: 'corrected', value });
    await expect(review('tax', '1')).rejects.toThrow('has no value "tax"');
    await expect(review('items[0].amount', '1')).rejects.toThrow('has no value');
    await expect(review('total', '1', 'f'.repeat(64))).rejects.toThrow('has no value');
    await expect(review('total', 'a lot')).rejects.toThrow('"a lot" cannot be the value of total: ');
    expect(readFileSync(ledger, 'utf8')).toBe(before);
  });
});
