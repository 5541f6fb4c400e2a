import { execFile } from 'node:child_process';
import { cp, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { foldThreads, readRuns, turnsOf } from '../../src/memory/threads.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { chatOnTerminal, chatPiped, LAUNCHER } from './chat-terminal.ts';
import { testOnTerminal } from './read-sotto.ts';

const DOSE = 'What is the dose in letters/clinic.txt?';
const TOTALS = 'Find the total of every file in invoices and save it to out/totals.json.';
const LETTER = { 'letters/clinic.txt': 'Letter\nMedication: Ramipril\nDose: 5 mg\n' };
const READY = '/quit ends.';
const DONE = ' s)\n';

async function createFolder(): Promise<string> {
  const { folder } = await createTempProject(LETTER);
  await cp(resolve('workspace/invoices'), join(folder, 'workspace/invoices'), { recursive: true });
  return folder;
}
const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a chat without a terminal', () => {
  test('takes each line as a message and ends with code 0, the answers alone on stdout', async () => {
    const folder = await createFolder();
    const { code, out, err } = await chatPiped(folder, ['clerk'], `${DOSE}\n\n/nonsense\n${DOSE}\n/thread`);
    expect({ code, out }).toEqual({ code: 0, out: 'The dose is 5 mg.\nThe dose is 5 mg.\n' });
    expect(err).toContain('There is no command /nonsense');
    expect(err).toMatch(/Thread \S+: 2 turns, \d+ of 8,192 tokens of context\./);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(err).not.toMatch(/\u001b/);
  });

  test('goes on with a thread, takes its last turn back, and keeps what was taken back', async () => {
    const folder = await createFolder();
    const args = ['clerk', '--thread', 'mine', '--json'];
    const first = jsonLines((await chatPiped(folder, args, `${DOSE}\nWhat can you do?\n`)).out);
    const second = jsonLines((await chatPiped(folder, args, `/undo\n${DOSE}\n/retry\n`)).out);
    const starts = [...first, ...second].filter(({ type }) => type === 'run-start');
    expect(starts).toHaveLength(4);
    const [opening] = starts;
    expect(starts[1].after).toMatchObject({ runId: opening.runId });
    expect(starts.slice(1).map(({ turn }) => turn)).toEqual([2, 2, 2]);
    expect(starts[3].message).toEqual(starts[2].message);
    const kept = await readRuns(join(folder, '.sotto'));
    expect(kept.runs.map(({ runId }) => runId)).toEqual(
      expect.arrayContaining(starts.map(({ runId }) => runId)),
    );
    const [thread] = foldThreads(kept.runs);
    expect(thread && turnsOf(thread)).toBe(2);
    expect(thread?.runs.at(-1)?.runId).toBe(starts[3].runId);
  });

  test('has taken a turn back for the next chat too', async () => {
    const folder = await createFolder();
    const args = ['clerk', '--thread', 'mine'];
    await chatPiped(folder, args, `${DOSE}\nWhat can you do?\n/undo\n`);
    const { err } = await chatPiped(folder, args, '/thread\n/undo\n/thread\n/undo\n');
    expect(err).toMatch(/Thread mine: 1 turn,.*Thread mine: 0 turns,.*There is no turn to take back\./s);
    const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, 'runs'], { cwd: folder });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining('What is the dose'),
      expect.stringContaining('What can you do?'),
    ]);
  });

  test('ends with the exit code of the last turn that was not done', async () => {
    const folder = await createFolder();
    const { code } = await chatPiped(folder, ['clerk'], `Save the text "lamp" in house.txt.\n${DOSE}\n`);
    expect(code).toBe(3);
  });

  test.each([
    [['clerk', 'do this'], 2, /takes one agent/],
    [['nobody'], 1, /There is no agent "nobody"/],
    [['--thinking', 'maybe'], 2, /--thinking takes on, off or a number/],
  ])('%j ends with code %i and one plain sentence', async (args, expected, says) => {
    const { folder } = await createTempProject();
    const { code, out, err } = await chatPiped(folder, args, '');
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(says);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('a chat on a terminal', () => {
  testOnTerminal('answers, shows calls, costs and the thread, and keeps what was typed', async () => {
    const folder = await createFolder();
    const { code, screen } = await chatOnTerminal(
      folder,
      ['clerk'],
      [
        [READY, `${DOSE}\r`],
        [DONE, '/thread\r'],
        ['Go on with it later', '\u0004'],
      ],
    );
    expect(code).toBe(0);
    expect(screen).toContain('> read_file path=letters/clinic.txt');
    expect(screen).toMatch(/\(thought\) The dose is 5 mg\.\n {2}The dose is 5 mg\.\n\(tokens: [\d,]+ read/);
    expect(screen).toMatch(/Go on with: sotto chat clerk --thread \S+\n/);
    const history = join(folder, '.sotto/chat-history');
    expect(await readFile(history, 'utf8')).toBe(`${DOSE}\n/thread\n`);
    expect((await stat(history)).mode & 0o777).toBe(0o600);
  });

  testOnTerminal('stops a run at Ctrl-C and not the program, and goes on with what was done', async () => {
    const folder = await createFolder();
    const { code, screen } = await chatOnTerminal(
      folder,
      ['clerk', '--thread', 'mine'],
      [
        [READY, `${TOTALS}\r`],
        ['step 2', '\u0003'],
        [DONE, '/retry\r'],
        ['I saved the total of 3 files', ''],
        [DONE, '\u0003'],
        ['Ctrl-C again', '\u0003'],
      ],
    );
    expect(code).toBe(0);
    expect(screen).toMatch(
      /Stopping\.\n.*Stopped: the run was interrupted\. What was done so far is kept\./s,
    );
    expect(await readFile(join(folder, 'workspace/out/totals.json'), 'utf8')).toContain('228.83');
  });

  testOnTerminal('takes in at the next step what is said while a run works', async () => {
    const folder = await createFolder();
    const { screen } = await chatOnTerminal(
      folder,
      ['clerk'],
      [
        [READY, `${TOTALS}\r`],
        ['step 2', 'And be quick.\r'],
        ['(read now: And be quick.)', ''],
        [DONE, '\u0004'],
      ],
    );
    expect(screen).toMatch(/\(will be read at the next step\).*\(read now: And be quick\.\)\n.*step \d/s);
  });

  testOnTerminal('lets nothing that was typed before the question answer an approval', async () => {
    const folder = await createFolder();
    const { code, screen } = await chatOnTerminal(
      folder,
      ['clerk', '--thinking', 'off'],
      [
        [READY, 'Save the text "lamp" in house.txt.\r'],
        ['step 1', 'y'],
        ['First send what you are typing', '\r'],
        ['Allow it? [y/N] ', 'n\r'],
        ['the user said no', ''],
        [DONE, '\u0004'],
      ],
    );
    expect(code).toBe(0);
    expect(screen).not.toContain('Wrote');
    expect(await readFile(join(folder, '.sotto/chat-history'), 'utf8')).not.toMatch(/^n$/m);
  });

  testOnTerminal('takes what was pasted as one message, and shows nothing of it raw', async () => {
    const folder = await createFolder();
    const { screen } = await chatOnTerminal(
      folder,
      ['clerk', '--thread', 'mine'],
      [
        [READY, '\u001b[200~one\rtwo \u001b]0;owned\u0007\nthree\u001b[201~'],
        ['three', '\r'],
        [DONE, '/save talk.json\r'],
        ['Saved to', '\u0004'],
      ],
    );
    expect(screen).toContain('one⏎two \\x1b]0;owned\\x07⏎three');
    const { messages } = JSON.parse(await readFile(join(folder, 'talk.json'), 'utf8'));
    expect(messages[0].content[0].text).toBe('one\ntwo \\x1b]0;owned\\x07\nthree');
  });

  testOnTerminal(
    'joins a paste that the terminal does not mark, and puts a turn taken back into the line',
    async () => {
      const folder = await createFolder();
      const { screen } = await chatOnTerminal(
        folder,
        ['clerk', '--thread', 'mine'],
        [
          [READY, 'one\rtwo\r'],
          [DONE, '/undo\r'],
          ['one⏎two', ' three\r'],
          [DONE, '/save talk.json\r'],
          ['Saved to', '\u0004'],
        ],
      );
      expect(screen).toContain('Taken back: one\ntwo');
      const { messages } = JSON.parse(await readFile(join(folder, 'talk.json'), 'utf8'));
      expect(messages[0].content[0].text).toBe('one\ntwo three');
    },
  );

  testOnTerminal(
    'writes no escape code where the terminal takes none, and folds a thought when told to',
    async () => {
      const folder = await createFolder();
      const { code, screen } = await chatOnTerminal(
        folder,
        ['clerk'],
        [
          [READY, '/thinking hide\n'],
          ['hidden.\n', `${DOSE}\n`],
          [DONE, '\u0004'],
        ],
        { TERM: 'dumb' },
      );
      expect(code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
      expect(screen).not.toMatch(/\u001b/);
      expect(screen).toMatch(/\(thought for \d+ s, \d+ words\)/);
      expect(screen).not.toContain('I need the dose');
    },
  );

  testOnTerminal('ends at Ctrl-D while a run works, and the thread keeps what was done', async () => {
    const folder = await createFolder();
    const steps = [
      [READY, `${TOTALS}\r`],
      ['step 2', '\u0004'],
    ] as const;
    const { code, screen } = await chatOnTerminal(folder, ['clerk', '--thread', 'mine'], steps);
    expect(code).toBe(0);
    expect(screen).toMatch(/What was done so far is kept.*--thread mine\n/s);
    const { err } = await chatPiped(folder, ['clerk', '--thread', 'mine'], '/thread\n');
    expect(err).toContain('Thread mine: 1 turn');
  });
});
