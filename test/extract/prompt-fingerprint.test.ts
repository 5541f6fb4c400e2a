import { describe, expect, test, vi } from 'vitest';
import { promptFingerprint } from '../../src/extract/ask/prompt-fingerprint.ts';
import { readFieldPlan } from '../../src/extract/plan/field-plan.ts';
import { createExtractor, createInbox, invoice, runExtract, SCHEMA } from './job-fakes.ts';

const added = vi.hoisted(() => ({ instructions: '', question: '' }));
vi.mock('../../src/extract/ask/prompt.ts', async (importOriginal) => {
  const own = await importOriginal<typeof import('../../src/extract/ask/prompt.ts')>();
  return {
    ...own,
    extractInstructions: (...given: Parameters<typeof own.extractInstructions>) =>
      own.extractInstructions(...given) + added.instructions,
    questionFor: (...given: Parameters<typeof own.questionFor>) => own.questionFor(...given) + added.question,
  };
});

describe('another prompt', () => {
  test('of a later Sotto is another job, and the first is still there for the first', async () => {
    const inbox = await createInbox({ '1.txt': invoice(1) });
    const jobs: string[] = [];
    const asked: number[] = [];
    for (const words of [{}, { instructions: ' Be exact.' }, { question: ' Now.' }, {}]) {
      Object.assign(added, { instructions: '', question: '', ...words });
      const worker = createExtractor();
      jobs.push((await runExtract(inbox, { extractor: worker.extractor })).jobId);
      asked.push(worker.asked.length);
    }
    expect(new Set(jobs).size).toBe(3);
    expect(jobs[3]).toBe(jobs[0]);
    expect(asked).toEqual([1, 1, 1, 0]);
  });

  test('is one by the words of the person, and by what is asked for', () => {
    const plan = readFieldPlan(SCHEMA);
    const other = { ...plan, fields: plan.fields.map((field) => ({ ...field, description: 'x' })) };
    const prints = [
      promptFingerprint(plan, undefined),
      promptFingerprint(plan, 'Only totals.'),
      promptFingerprint(other, undefined),
    ];
    expect(new Set(prints).size).toBe(3);
    expect(promptFingerprint(plan, undefined)).toBe(prints[0]);
  });
});
