import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EngineCrashError } from '../../src/errors.ts';
import { extract } from '../../src/extract/extract.ts';
import { readJob } from '../../src/extract/job/jobs.ts';
import { createScriptedEngine, type Script } from '../../src/testing/scripted-engine.ts';
import { createExtractor, createInbox, fakeEngine, invoice, runExtract } from './job-fakes.ts';

const schema = z.object({ number: z.string(), total: z.number() });
const letter = (number: number) => `Invoice number: INV-${number}\nInvoice total: ${number}.50\n`;

/** Answers by the text, as a model would. */
const answer: Script = ({ prompt }) => {
  const text = prompt.map((segment) => ('text' in segment ? segment.text : '')).join('');
  const [number = ''] = text.match(/INV-\d+/) ?? [];
  const [total = ''] = text.match(/\d+\.50/) ?? [];
  const claim = (label: string, value: string) => ({ quote: `${label}: ${value}`, value });
  const claims = { number: claim('Invoice number', number), total: claim('Invoice total', total) };
  return { text: JSON.stringify(claims) };
};

describe('extract', () => {
  test('gives typed rows with evidence, and asks once however often it is called', async () => {
    const { inbox, home } = await createInbox({ '1.txt': letter(1), '2.txt': letter(2) });
    const engine = createScriptedEngine(answer);
    const { rows, jobId } = await extract({ files: [inbox], schema, engine, home });
    const outputs: readonly ({ number: string; total: number } | undefined)[] = rows.map(
      ({ output }) => output,
    );
    expect(outputs).toEqual([
      { number: 'INV-1', total: 1.5 },
      { number: 'INV-2', total: 2.5 },
    ]);
    expect(rows[0]?.values.total).toMatchObject({
      status: 'verified',
      page: 1,
      quote: 'Invoice total: 1.50',
    });
    const asked = engine.requests.length;
    const again = await extract({ files: [inbox], schema, engine, home });
    expect(engine.requests).toHaveLength(asked);
    expect(JSON.stringify(again.rows)).toBe(JSON.stringify(rows));
    expect(again.jobId).toBe(jobId);
    expect((await readJob(home, jobId)).rows.map(({ values }) => values)).toEqual(
      rows.map(({ values }) => values),
    );
  });

  test('says what keeps a row from what the schema wants', async () => {
    const { inbox, home } = await createInbox({ '1.txt': 'Nothing of that kind.\n' });
    const engine = createScriptedEngine(() => ({ text: '{"number":null,"total":null}' }));
    const { rows } = await extract({ files: [inbox], schema, engine, home });
    expect(rows[0]?.output).toBeUndefined();
    expect(rows[0]?.outputProblem).toMatch(/number/);
  });

  test('goes on past a document on which the engine always crashes', async () => {
    const { inbox, home } = await createInbox({ '1.txt': letter(1), '2.txt': letter(2), '3.txt': letter(3) });
    const engine = createScriptedEngine((request) => {
      const crashes = JSON.stringify(request.prompt).includes('INV-2');
      return crashes ? new EngineCrashError({ exit: 'signal SIGSEGV' }) : answer(request);
    });
    const { rows, failures } = await extract({ files: [inbox], schema, engine, home, parallel: 2 });
    expect(rows.map(({ output }) => output?.number)).toEqual(['INV-1', 'INV-3']);
    expect(failures.map(({ problem }) => problem)).toEqual([
      "The model's process ended twice while it worked on this document (signal SIGSEGV).",
    ]);
  });

  test('has no rows for an empty folder, and a failure for what is not there', async () => {
    const inbox = await createInbox({});
    const { extractor } = createExtractor();
    expect(await runExtract(inbox, { extractor })).toMatchObject({ rows: [], failures: [], left: [] });
    const missing = join(inbox.folder, 'nowhere');
    const { failures } = await runExtract(inbox, { extractor, files: [missing] });
    expect(failures).toEqual([{ file: missing, problem: 'There is nothing of this name.' }]);
  });

  test('leaves links, hidden and unfinished files out, and says how many', async () => {
    const inbox = await createInbox({
      'a.txt': invoice(1),
      '.hidden.txt': invoice(2),
      'b.txt.part': invoice(4),
      'c.tmp': invoice(5),
      'sub/~$d.txt': invoice(6),
    });
    await mkdir(join(inbox.folder, 'outside'));
    await writeFile(join(inbox.folder, 'outside/secret.txt'), invoice(3));
    await symlink(join(inbox.folder, 'outside'), join(inbox.inbox, 'link'));
    const { extractor, asked } = createExtractor();
    const { left, events } = await runExtract(inbox, { extractor });
    expect([asked, left]).toEqual([['INV-1'], []]);
    expect(events.at(-1)).toEqual({
      type: 'notice',
      sentence: 'Left out in the folders: 1 hidden, 1 link, 3 unfinished or temporary (such as b.txt.part).',
    });
    const named = join(inbox.inbox, 'c.tmp');
    expect((await runExtract(inbox, { extractor, files: [named] })).rows).toHaveLength(1);
  });

  test('takes no file as a document that is to be left out, and says which', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1), 'own.csv': invoice(2), 'b/own.csv': invoice(3) });
    const leaveOut = [join(inbox.inbox, 'own.csv'), join(inbox.inbox, 'not-there.csv')];
    const { extractor, asked } = createExtractor();
    const { rows, left, events } = await runExtract(inbox, { extractor, leaveOut });
    expect(asked).toEqual(['INV-1', 'INV-3']);
    expect([rows.length, left]).toEqual([2, []]);
    expect(events).toContainEqual({
      type: 'notice',
      sentence: `1 file of the job's own is left out: ${leaveOut[0]}.`,
    });
    const without = await runExtract(inbox, { extractor, leaveOut: [] });
    expect(without.rows).toHaveLength(3);
    expect(without.events.filter(({ type }) => type === 'notice')).toEqual([]);
  });

  test('refuses a schema before anything is read or written', async () => {
    const inbox = await createInbox({ 'a.txt': invoice(1) });
    const run = extract({
      files: [inbox.inbox],
      schema: { type: 'string' },
      engine: fakeEngine(),
      home: inbox.home,
    });
    await expect(run).rejects.toMatchObject({ code: 'CONFIG' });
    await expect(readJob(inbox.home, '0123456789ab')).rejects.toThrow('does not exist');
  });
});
