import { writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ConfigError, ContextOverflowError, EngineCrashError, GenerationError } from '../../src/errors.ts';
import { fromHere } from '../../src/extract/job/file-names.ts';
import { readJob } from '../../src/extract/job/jobs.ts';
import type { Document } from '../../src/readers/document.ts';
import { createExtractor, createInbox, extractedOf, invoice, numberOf, runExtract } from './job-fakes.ts';

const five = () => createInbox(Object.fromEntries([1, 2, 10, 3, 4].map((n) => [`${n}.txt`, invoice(n)])));
const names = (rows: readonly { readonly file: string }[]) => rows.map(({ file }) => file.split('/').at(-1));

/** Lets work be done in another order than it was begun, and counts how much is done at once. */
function createGate(isLast: (number: string) => boolean) {
  let now = 0;
  let most = 0;
  const work = async (document: Document) => {
    now += 1;
    most = Math.max(most, now);
    await setTimeout(isLast(numberOf(document)) ? 80 : 5);
    now -= 1;
    return extractedOf(document);
  };
  return { work, most: () => most };
}

describe('a job', () => {
  test('gives rows in the order of the files, whichever is done first, so many at once as it may', async () => {
    const inbox = await five();
    const gate = createGate((number) => number === 'INV-1');
    const { extractor } = createExtractor(gate.work);
    const { rows, events } = await runExtract(inbox, { extractor, parallel: 2 });
    expect(names(rows)).toEqual(['1.txt', '2.txt', '3.txt', '4.txt', '10.txt']);
    expect(gate.most()).toBe(2);
    const ends = events.flatMap((event) => (event.type === 'document-end' ? [event.row] : []));
    expect(names(ends)[0]).not.toBe('1.txt');
    expect(rows[0]?.output).toEqual({ number: 'INV-1', total: 1.5 });
  });

  test('reads one document ahead, and no more', async () => {
    const inbox = await five();
    const { extractor } = createExtractor(async () => void (await setTimeout(60)));
    let started = 0;
    const begun: number[] = [];
    await runExtract(inbox, {
      extractor: async (document, options) => {
        const extracted = await extractor(document, options);
        begun.push(started);
        return extracted;
      },
      onEvent: ({ type }) => {
        if (type === 'document-start') started += 1;
      },
    });
    expect(begun.slice(0, 4)).toEqual([2, 3, 4, 5]);
  });

  test('asks the same bytes once, and gives each file its row', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'b.txt': invoice(2), 'c/d.txt': invoice(1) });
    const { extractor, asked } = createExtractor(async () => void (await setTimeout(20)));
    const { rows } = await runExtract(inbox, { extractor, parallel: 3 });
    expect(names(rows)).toEqual(['a.txt', 'b.txt', 'd.txt']);
    expect(asked.toSorted()).toEqual(['INV-1', 'INV-2']);
  });

  test('goes on past every kind of bad document, and tells each with a sentence', async () => {
    const inbox = await createInbox({
      '1.txt': invoice(1),
      '2-empty.txt': '',
      '3-binary.bin': Uint8Array.from({ length: 400 }, (_, index) => (index * 37) % 256),
      '4-damaged.pdf': '%PDF-1.7\nthis is no pdf',
      '5-secret.txt': invoice(5),
      '6-refused.txt': invoice(6),
      '7-long.txt': invoice(7),
      '8-strange.txt': invoice(8),
      '9.txt': invoice(9),
    });
    await chmod(join(inbox.inbox, '5-secret.txt'), 0);
    const { extractor } = createExtractor(async (document) => {
      if (numberOf(document) === 'INV-6') throw new GenerationError({ problem: 'it repeated itself' });
      if (numberOf(document) === 'INV-7')
        throw new ContextOverflowError({ promptTokens: 99, contextTokens: 64 });
      if (numberOf(document) === 'INV-8') throw new TypeError('x is undefined\n at secret.ts:1');
      return undefined;
    });
    const gone = join(inbox.inbox, '9-gone.txt');
    const { rows, failures } = await runExtract(inbox, { extractor, files: [inbox.inbox, gone] });
    const isRoot = process.getuid?.() === 0;
    expect(names(rows)).toEqual(['1.txt', ...(isRoot ? ['5-secret.txt'] : []), '9.txt']);
    const problems = Object.fromEntries(
      failures.map(({ file, problem }) => [file.split('/').at(-1), problem]),
    );
    expect(Object.keys(problems)).toEqual([
      '2-empty.txt',
      '3-binary.bin',
      '4-damaged.pdf',
      ...(isRoot ? [] : ['5-secret.txt']),
      '6-refused.txt',
      '7-long.txt',
      '8-strange.txt',
      '9-gone.txt',
    ]);
    for (const problem of Object.values(problems)) expect(problem).toMatch(/^[A-Z][^\n]+$/);
    expect(problems['6-refused.txt']).toBe('The model could not finish its answer: it repeated itself.');
    expect(problems['7-long.txt']).toContain('takes 99 tokens');
    expect(problems['8-strange.txt']).toBe('It could not be extracted: x is undefined');
    expect(problems['9-gone.txt']).toBe('There is nothing of this name.');
  });

  test('tries a document again alone when the engine crashed, and gives up the one that is at fault', async () => {
    const inbox = await five();
    let living = 0;
    const crashed = new Set<AbortController>();
    const { extractor, asked } = createExtractor(async (document) => {
      const own = new AbortController();
      crashed.add(own);
      living += 1;
      await setTimeout(15);
      living -= 1;
      crashed.delete(own);
      // All that are in the model when one crashes it go down with it.
      if (numberOf(document) === 'INV-2') for (const other of crashed) other.abort();
      if (numberOf(document) === 'INV-2' || own.signal.aborted)
        throw new EngineCrashError({ exit: `SIGSEGV beside ${living}` });
      return undefined;
    });
    const { rows, failures } = await runExtract(inbox, { extractor, parallel: 3 });
    expect(names(rows)).toEqual(['1.txt', '3.txt', '4.txt', '10.txt']);
    expect(failures.map(({ problem }) => problem)).toEqual([
      "The model's process ended twice while it worked on this document (SIGSEGV beside 0).",
    ]);
    expect(asked.filter((number) => number === 'INV-2')).toHaveLength(2);
  });

  test('ends with what is wrong with every document', async () => {
    const inbox = await five();
    const { extractor, asked } = createExtractor(async () => {
      throw new ConfigError('The schema alone does not fit.');
    });
    await expect(runExtract(inbox, { extractor })).rejects.toThrow('The schema alone does not fit.');
    expect(asked.length).toBeLessThan(3);
  });

  test('finishes what is in hand, begins nothing else, and goes on from there', async () => {
    const inbox = await five();
    const finish = new AbortController();
    const first = createExtractor(async () => {
      finish.abort();
      await setTimeout(30);
      return undefined;
    });
    const stopped = await runExtract(inbox, { extractor: first.extractor, finish: finish.signal });
    expect(names(stopped.rows)).toEqual(['1.txt']);
    expect(stopped.left.map((file) => file.split('/').at(-1))).toEqual(['2.txt', '3.txt', '4.txt', '10.txt']);
    const second = createExtractor();
    const whole = await runExtract(inbox, { extractor: second.extractor });
    expect(second.asked).toEqual(['INV-2', 'INV-3', 'INV-4', 'INV-10']);
    expect(whole.events[0]).toMatchObject({ type: 'job-start', total: 5, known: 1 });
    expect(whole.left).toEqual([]);
  });

  test('stops at once when it is aborted, with the reason, and keeps what was done', async () => {
    const inbox = await five();
    const stop = new AbortController();
    const first = createExtractor(async (document, signal) => {
      if (numberOf(document) === 'INV-1') return undefined;
      stop.abort(new Error('enough'));
      await setTimeout(60_000, undefined, { signal });
      return undefined;
    });
    const run = runExtract(inbox, { extractor: first.extractor, signal: stop.signal });
    await expect(run).rejects.toThrow('enough');
    const second = createExtractor();
    await runExtract(inbox, { extractor: second.extractor });
    expect(second.asked).not.toContain('INV-1');
    expect(second.asked).toHaveLength(4);
  });

  test('takes a document as it was read, says that it changed, and takes the changed one in the next run', async () => {
    const inbox = await createInbox({ '1.txt': invoice(1) });
    const path = join(inbox.inbox, '1.txt');
    const first = createExtractor(async () => {
      await writeFile(path, invoice(7));
      return undefined;
    });
    const { rows, left, events, jobId } = await runExtract(inbox, { extractor: first.extractor });
    expect(rows[0]?.output).toMatchObject({ number: 'INV-1' });
    expect(left).toEqual([path]);
    expect(events).toContainEqual({
      type: 'notice',
      sentence: `${path}: It changed while the job ran. Its row is of what was read; the next run reads it again.`,
    });
    const job = await readJob(inbox.home, jobId);
    expect(job.isFinished).toBe(false);
    expect([job.rows, job.left]).toEqual([[], [fromHere(path)]]);
    const second = createExtractor();
    const next = await runExtract(inbox, { extractor: second.extractor });
    expect(next.rows.map(({ output }) => output)).toMatchObject([{ number: 'INV-7' }]);
    expect(next.left).toEqual([]);
  });

  test('reads a known document that changes before its turn as it is then', async () => {
    const inbox = await createInbox({ '2.txt': invoice(2) });
    await runExtract(inbox, createExtractor());
    await writeFile(join(inbox.inbox, '1.txt'), invoice(1));
    await writeFile(join(inbox.inbox, '3.txt'), invoice(3));
    const { rows, left } = await runExtract(inbox, {
      ...createExtractor(),
      onEvent: (event) => {
        if (event.type === 'job-start') writeFileSync(join(inbox.inbox, '2.txt'), invoice(9));
      },
    });
    expect(rows.map(({ output }) => (output as { number: string } | undefined)?.number)).toEqual([
      'INV-1',
      'INV-9',
      'INV-3',
    ]);
    expect(left).toEqual([]);
  });

  test('does not pass off the row of an older content where it was stopped before the new one', async () => {
    const inbox = await five();
    await runExtract(inbox, createExtractor());
    const path = join(inbox.inbox, '10.txt');
    await writeFile(path, invoice(11));
    const finish = new AbortController();
    finish.abort();
    const { left } = await runExtract(inbox, { ...createExtractor(), finish: finish.signal });
    expect(left).toEqual([path]);
  });
});
