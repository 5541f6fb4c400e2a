/** What a review shows of values without a place, and what its decisions do to others: on a terminal. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readJob } from '../../src/extract/job/jobs.ts';
import { CLEAR_LINE, createJob, QUESTION, review } from './review-terminal.ts';

const onTerminal = test.runIf(process.platform === 'linux');

const amount = { type: 'number' };
const TEXT = 'Mill Bakery\nInvoice 12\nNet 100.00\nTax 19.00\nTotal 119.00\nPaid by card\nThank you';
const said = (quote: string) => ({ quote, value: /\S+$/.exec(quote)?.[0] ?? '' });

describe('a value without a place', () => {
  const schema = {
    type: 'object',
    properties: { number: { type: 'string' }, total: amount, note: { type: 'string' } },
    required: ['number'],
  };

  onTerminal('that is missing and required is offered, and can be given', async () => {
    const { folder, home, jobId } = await createJob(TEXT, { schema, answer: {} });
    const { screen } = await review(
      folder,
      [],
      [
        [QUESTION, 'a'],
        ['c gives one, r says that there is none.', ''],
        [QUESTION, 'c'],
        ['Esc: back): ', '12\r'],
      ],
    );
    expect(screen).toContain('1 value to look at.');
    expect(screen).toContain('number\n  value:\n    | (none)\n  missing: nothing was found in the document.');
    expect(screen).toContain('1 corrected, 0 rejected; 0 left');
    const { values } = (await readJob(home, jobId)).rows[0] ?? {};
    expect(values?.number).toMatchObject({ value: '12', status: 'verified', source: 'person' });
    const all = await review(folder, ['--all'], [[QUESTION, 'q']]);
    expect(all.screen).toContain('3 values to look at.');
  });

  onTerminal('that a person finds nowhere is not asked for again', async () => {
    const { folder, home, jobId } = await createJob(TEXT, { schema, answer: {} });
    const { screen } = await review(folder, [], [[QUESTION, 'r']]);
    expect(screen).toContain('1 rejected; 0 left to look at.');
    expect((await readJob(home, jobId)).rows[0]?.values.number?.status).toBe('missing');
    expect((await review(folder, [], [])).screen).toContain('Nothing is left to look at');
  });

  onTerminal('comes with the lines that have it, or its name, or the first ones', async () => {
    const answer = {
      number: { quote: 'Your invoice No. 13', value: '13' },
      total: { quote: 'All in all 119.00 to pay', value: '119.00' },
      note: { quote: 'Many thanks', value: 'Many thanks' },
    };
    const { folder } = await createJob(TEXT, { schema, answer });
    const { screen } = await review(
      folder,
      [],
      [
        [QUESTION, 's'],
        [QUESTION, 's'],
        [QUESTION, 'q'],
      ],
    );
    expect(screen).toContain('the words given for it:\n    | All in all 119.00 to pay');
    expect(screen).toContain(
      'lines of the document that have such a value:\n    | Total 119.00\n  All of it: ',
    );
    expect(screen).toContain('the document begins with:\n    | Mill Bakery\n    | Invoice 12\n');
    expect(screen).toMatch(/ {2}All of it: sotto read \S*a\.txt\n/);
  });
});

describe('a decision', () => {
  const schema = {
    type: 'object',
    properties: { net: amount, tax: amount, total: amount },
    'x-checks': ['total = net + tax'],
  };
  const answer = { net: said('Net 100.00'), tax: said('Tax 19.00'), total: said('Total 119.00') };

  onTerminal('that makes a check hold leaves nothing to look at', async () => {
    const wrong = { ...answer, net: { quote: 'Net 100.00', value: '10.00' } };
    const { folder, out } = await createJob(TEXT, { schema, answer: wrong });
    const { screen } = await review(
      folder,
      [],
      [
        [QUESTION, 'c'],
        ['Esc: back): ', `${CLEAR_LINE}a lot\r`],
        // The line begins anew: what could not be read is not in it.
        ['cannot be', ''],
        ['Esc: back): ', '100.00\r'],
      ],
    );
    expect(screen).toContain('3 values to look at.');
    expect(screen).toContain('0 accepted, 1 corrected, 0 rejected; 0 left to look at.');
    const { rows } = JSON.parse(await readFile(out, 'utf8'));
    expect(rows[0].values.tax).toMatchObject({ status: 'verified', source: 'model' });
  });

  onTerminal('that breaks a check brings what it names', async () => {
    const { folder } = await createJob(TEXT, { schema, answer });
    const { screen } = await review(
      folder,
      ['--all'],
      [
        [QUESTION, 'c'],
        ['Esc: back): ', `${CLEAR_LINE}200\r`],
        ['unverified: The check "total = net + tax" does not hold', ''],
        [QUESTION, 'q'],
      ],
    );
    expect(screen).toContain('2 left to look at.');
  });

  onTerminal('is left by Escape', async () => {
    const { folder, home, jobId } = await createJob(TEXT, { schema, answer });
    const { code, screen } = await review(
      folder,
      ['--all'],
      [
        [QUESTION, 'c'],
        ['Esc: back): ', `${CLEAR_LINE}200`],
        ['200', '\u001b'],
        [QUESTION, 'q'],
      ],
    );
    expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining('0 corrected') });
    expect((await readJob(home, jobId)).rows[0]?.values.net?.value).toBe(100);
  });

  onTerminal("about a program's job says how its table gets it", async () => {
    const { folder, home, jobId } = await createJob(TEXT, { schema, answer, note: false });
    const steps = [
      [QUESTION, 'r'],
      [QUESTION, 'q'],
    ] as const;
    const { code, screen } = await review(folder, ['--all'], steps);
    expect(code).toBe(0);
    expect(screen).toContain('Your decisions are kept in the job. A program began it: its table has them');
    expect((await readJob(home, jobId)).rows[0]?.values.net?.status).toBe('rejected');
  });
});
