/** `sotto extract review` as a person has it: on a terminal, over a job that a scripted model did. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readJob } from '../../src/extract/job/jobs.ts';
import { LAUNCHER, type TypingStep } from './chat-terminal.ts';
import { CLEAR_LINE, createJob, QUESTION, review } from './review-terminal.ts';

const onTerminal = test.runIf(process.platform === 'linux');

const valuesOf = async (home: string, jobId: string) => {
  const [row] = (await readJob(home, jobId)).rows;
  return { total: row?.values.total, amount: row?.lists.items?.[0]?.['items.amount'] };
};

describe('a review', () => {
  onTerminal('shows what is unverified, and keeps what a person decides', async () => {
    const { folder, home, jobId, out } = await createJob();
    const { code, screen } = await review(
      folder,
      [],
      [
        [QUESTION, '?'],
        [QUESTION, 'c'],
        ['Esc: back): ', `${CLEAR_LINE}a lot\r`],
        ['cannot be', ''],
        ['Esc: back): ', `${CLEAR_LINE}25.00\r`],
        [QUESTION, 'r'],
      ],
    );
    expect(screen).toContain('2 values to look at. What you decide is kept at once.');
    expect(screen).toContain('total (What is to be paid)\n  value:\n    | 52\n');
    expect(screen).toMatch(/ {2}where it stands:\n(?: {4}\|.*\n)* {4}\|.*Total 25\.00/);
    expect(screen).toContain('a  accept: the value is right');
    expect(screen).toContain('items, line 1: amount');
    expect(screen).toContain('0 accepted, 1 corrected, 1 rejected; 0 left to look at.\nWritten: table.json');
    expect(code).toBe(0);
    expect(await valuesOf(home, jobId)).toMatchObject({
      total: { value: 25, status: 'verified', source: 'person', review: { decision: 'corrected' } },
      amount: { status: 'rejected', source: 'person' },
    });
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
      rows: [{ values: { total: { value: 25 } } }],
    });
    const again = await review(folder, [jobId.slice(0, 4)], []);
    expect(again).toMatchObject({ code: 0, screen: expect.stringContaining('Nothing is left to look at') });
  });

  onTerminal('goes back, skips, and is left by Ctrl-C without a decision', async () => {
    const { folder, home, jobId } = await createJob();
    const { code, screen } = await review(
      folder,
      [],
      [
        [QUESTION, 'a'],
        ['2 of 2', ''],
        [QUESTION, 'b'],
        ['1 of 2', ''],
        ['you accepted it on', ''],
        [QUESTION, 'r'],
        ['2 of 2', ''],
        [QUESTION, '\u0003'],
      ],
    );
    expect(code).toBe(0);
    expect(screen).toContain('0 accepted, 0 corrected, 1 rejected; 1 left to look at.');
    expect(screen).toContain(`Go on with: sotto extract review ${jobId}`);
    const { total, amount } = await valuesOf(home, jobId);
    expect([total?.status, amount?.status]).toEqual(['rejected', 'unverified']);
  });

  onTerminal('takes one decision of what is typed at once', async () => {
    const { folder, home, jobId } = await createJob();
    await review(
      folder,
      [],
      [
        [QUESTION, 'aaaa'],
        ['2 of 2', ''],
        [QUESTION, 'q'],
      ],
    );
    const { total, amount } = await valuesOf(home, jobId);
    expect([total?.status, amount?.status]).toEqual(['verified', 'unverified']);
  });

  onTerminal('goes through everything with --all', async () => {
    const { folder } = await createJob();
    const { screen } = await review(folder, ['--all'], [[QUESTION, 'q']], 60);
    expect(screen).toContain('3 values to look at.');
    expect(screen).toContain('vendor (Who sends it)');
    expect(screen.split('\n').every((line) => line.length <= 60)).toBe(true);
  });

  onTerminal('says so where the file was changed since, and shows no words of it', async () => {
    const { folder, inbox } = await createJob();
    await writeFile(join(inbox, 'a.txt'), 'Total 99.00');
    const { screen } = await review(folder, [], [[QUESTION, 'q']]);
    expect(screen).toContain('the file was changed after it was read');
    expect(screen).not.toContain('99.00');
  });

  onTerminal('shows what a document holds without letting it reach the terminal', async () => {
    const { folder } = await createJob(
      'Invoice \u001b[2J\u202e\nTotal 25.00\n1 of 9  fake\n\u001b]0;x\u0007 end',
    );
    const steps: readonly TypingStep[] = [
      [QUESTION, 's'],
      ['2 of 3', ''],
      [QUESTION, 'q'],
    ];
    const { screen } = await review(folder, [], steps);
    expect(screen).toContain('\\x1b[2J\\u202e');
    expect(screen).not.toContain('\u001b[2J');
    expect(screen).not.toContain('\u001b]0;');
  });

  test('without a terminal is refused with a sentence', async () => {
    const { folder } = await createJob();
    const child = spawn(process.execPath, [resolve(LAUNCHER), 'extract', 'review'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/asks a person, and needs a terminal\./),
    });
  });
});
