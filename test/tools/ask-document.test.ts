import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ContextOverflowError, GenerationError } from '../../src/errors.ts';
import type { Question } from '../../src/tool/define-tool.ts';
import { askDocument } from '../../tools/ask-document.ts';
import { toolContext, workspaceWith } from './call-tool.ts';

const PDF = join(import.meta.dirname, '../../workspace/records/letter.pdf');
/** 37 characters a line. */
const lines = (count: number) =>
  Array.from(
    { length: count },
    (_, at) => `This is line ${String(at + 1).padStart(5, '0')} of this long text\n`,
  ).join('');

type Options = {
  readonly answer?: (question: Question) => string | Promise<string>;
  readonly maxCharacters?: number;
  readonly pages?: string;
  readonly signal?: AbortSignal;
  readonly question?: string;
};

async function ask(content: string | Uint8Array, options: Options = {}) {
  const { answer = () => 'not here', maxCharacters = 2000, pages, question = 'Which dose?' } = options;
  const asked: Question[] = [];
  const reports: string[] = [];
  const context = {
    ...toolContext(await workspaceWith({ 'in/a.txt': content })),
    maxCharacters,
    ask: async (one: Question) => {
      asked.push(one);
      return answer(one);
    },
    report: (line: string) => void reports.push(line),
    ...(options.signal && { signal: options.signal }),
  };
  const checked = askDocument.check({ path: 'in/a.txt', question, ...(pages && { pages }) });
  if (!checked.ok) throw new Error(checked.problem);
  return { output: await askDocument.run(checked.input as never, context), asked, reports };
}

const partTexts = (asked: readonly Question[]) =>
  asked.map(({ text }) => /^Text:\n(.*)\n\nQuestion: Which dose\?$/s.exec(text)?.[1] ?? '');

describe('ask_document', () => {
  test('asks the question of every part, and every line stands in one of them', async () => {
    const { asked, reports, output } = await ask(lines(200));
    expect(partTexts(asked).join('\n')).toBe(lines(200).trimEnd());
    expect(asked.length).toBe(4);
    expect(Math.max(...partTexts(asked).map((text) => text.length))).toBeLessThanOrEqual(2000);
    expect(reports).toEqual([
      'part 1 of 4 (lines 1-54)',
      'part 2 of 4 (lines 55-108)',
      'part 3 of 4 (lines 109-162)',
      'part 4 of 4 (lines 163-200)',
    ]);
    expect(output).toBe('Read all of it in 4 parts (200 lines). Nothing about it was found.');
  });

  test('tells what was found with its place, equal answers once', async () => {
    const answer = ({ text }: Question) =>
      text.includes('line 00060')
        ? 'The dose is\n5 mg.'
        : /line 00(001|150)/.test(text)
          ? 'Take care.'
          : 'The text does not say it.';
    const { output } = await ask(lines(200), { answer });
    expect(output).toBe(
      [
        'Read all of it in 4 parts (200 lines). Nothing about it in 1 part.',
        'Parts 1,3 (lines 1-54,109-162): Take care.',
        'Part 2 (lines 55-108): The dose is 5 mg.',
      ].join('\n'),
    );
  });

  test('lists a part whose answer failed or is empty as not read', async () => {
    const answer = ({ text }: Question) => {
      if (text.includes('line 00060')) throw new GenerationError({ problem: 'it repeated itself' });
      return text.includes('line 00150') ? ' ' : '5 mg';
    };
    const { output } = await ask(lines(200), { answer });
    expect(output).toContain('Read 2 of 4 parts (200 lines).');
    expect(output).toMatch(
      /^Not read: part 2 \(lines 55-108\)\. The model could not finish.*it repeated itself/m,
    );
    expect(output).toMatch(/^Not read: part 3 \(lines 109-162\)\. The model gave no answer\.$/m);
    expect(output).toMatch(/^Parts 1,4 \(lines 1-54,163-200\): 5 mg$/m);
  });

  test('takes smaller parts where they are too long for the context, and loses no line', async () => {
    const read: string[] = [];
    const answer = (question: Question) => {
      if (question.text.length > 700)
        throw new ContextOverflowError({ promptTokens: 900, contextTokens: 800 });
      read.push(...partTexts([question]));
      return 'not here';
    };
    const { output, reports } = await ask(lines(100), { answer });
    expect(read.join('\n')).toBe(lines(100).trimEnd());
    expect(output).toBe(`Read all of it in ${read.length} parts (100 lines). Nothing about it was found.`);
    expect(reports.at(-1)).toMatch(new RegExp(`^part ${read.length} of ${read.length} `));
  });

  test('says so when the question alone is too long', async () => {
    const answer = () => {
      throw new ContextOverflowError({ promptTokens: 900, contextTokens: 800 });
    };
    expect((await ask(lines(10), { answer })).output).toEqual({
      isError: true,
      text: 'The question leaves no room for the document: ask it in fewer words.',
    });
  });

  test('breaks a line that is longer than a part, never inside a character', async () => {
    const { asked, output } = await ask('😀'.repeat(3000));
    const texts = partTexts(asked);
    expect(texts.join('')).toBe('😀'.repeat(3000));
    expect(texts.every((text) => text.isWellFormed())).toBe(true);
    expect(output).toContain(`Read all of it in ${texts.length} parts (1 line).`);
  });

  test('names the parts that there is no room to show, and how to narrow', async () => {
    const answer = ({ text }: Question) => `Dose ${/line (\d+)/.exec(text)?.[1]}: ${'x'.repeat(200)}`;
    const { output } = await ask(lines(480), { answer });
    expect(String(output).length).toBeLessThan(2000);
    expect(output).toMatch(
      /\n\[Not shown, since there is no room: what 3 more parts said\. Ask a narrower question, or read there: parts 7-9 \(lines 325-480\)\.\]$/,
    );
  });

  test('reads a PDF by its pages, or those that were asked for', async () => {
    const pdf = await readFile(PDF);
    const whole = await ask(pdf, { maxCharacters: 12_000 });
    expect(whole.output).toBe('Read all of it in 1 part (2 pages). Nothing about it was found.');
    expect(whole.asked[0]?.text).toContain('Glucose, fasting');
    const second = await ask(pdf, { pages: '2', answer: () => 'Glucose 6.3', maxCharacters: 12_000 });
    expect(second.output).toBe('Read all of it in 1 part (1 page).\nPart 1 (page 2): Glucose 6.3');
  });

  test.each([
    ['text', '2', /is a text without pages/],
    ['text', 'second', /names no pages/],
    ['%PDF-1.7 broken', '', /cannot be read/],
  ])('refuses %j with pages %j', async (content, pages, sentence) => {
    const { output, asked } = await ask(content, { pages });
    expect(output).toMatchObject({ isError: true, text: expect.stringMatching(sentence) });
    expect(asked).toEqual([]);
  });

  test('says that a file is empty', async () => {
    expect((await ask('')).output).toBe('There is no text to ask about.');
  });

  test('ends at once when the run is aborted', async () => {
    const stop = new AbortController();
    const answer = () => {
      stop.abort(new Error('stopped'));
      throw stop.signal.reason;
    };
    await expect(ask(lines(200), { answer, signal: stop.signal })).rejects.toThrow('stopped');
  });
});
