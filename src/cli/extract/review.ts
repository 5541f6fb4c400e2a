import { parseArgs } from 'node:util';
import { ConfigError } from '../../errors.ts';
import { type Job, readJob } from '../../extract/job/jobs.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { type Output, plural } from '../output.ts';
import { type JobNote, readNote } from './job-note.ts';
import { findJob, loadHome } from './open-job.ts';
import { createPageTexts } from './page-texts.ts';
import { reviewItems } from './review-items.ts';
import { terminalKeys } from './review-keys.ts';
import { type Decisions, walkItems } from './walk-items.ts';
import { writeOutputs } from './write-outputs.ts';

/** `sotto extract review [JOB]` */
export const command: Command = async (args, output) => {
  const options = { all: { type: 'boolean' }, config: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 1)
    throw new UsageError('`sotto extract review` takes one job. A folder of that name is given as ./review.');
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(
      '`sotto extract review` asks a person, and needs a terminal. The table and --report show the same values.',
    );
  }
  const home = await loadHome(values.config);
  const jobId = await findJob(home, positionals[0]);
  const job = await readJob(home, jobId);
  const all = values.all ?? false;
  const items = reviewItems(job, { all });
  if (items.length === 0) {
    output.note(nothingLeft(job, all));
    return EXIT.done;
  }
  return interruptible(async (signal) => {
    const texts = createPageTexts({ signal, ...(job.languages && { languages: job.languages }) });
    output.note(`${plural(items.length, 'value')} to look at. What you decide is kept at once.`);
    const decisions = await walkItems(items, { home, jobId, all, texts, output, keys: terminalKeys, signal });
    await report({ home, jobId, decisions }, { output, signal });
    return EXIT.done;
  });
};

const nothingLeft = ({ rows }: Job, isAll: boolean): string =>
  rows.length === 0
    ? 'Nothing of this job was done yet.'
    : isAll
      ? 'There is no value in this job.'
      : 'Nothing is left to look at: no value is unverified, and none is missing that has to be there. --all goes through all of them.';

/** Where the command's table goes; undefined of a job that a program began. */
function noteOf(job: Job): JobNote | undefined {
  try {
    return readNote(job.jobId, job.note);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

const OF_PROGRAM =
  'Your decisions are kept in the job. A program began it: its table has them when that program writes it again.';

async function report(
  {
    home,
    jobId,
    decisions,
  }: { readonly home: string; readonly jobId: string; readonly decisions: Decisions },
  context: { readonly output: Output; readonly signal: AbortSignal },
): Promise<void> {
  const { output } = context;
  const job = await readJob(home, jobId);
  const { accepted, corrected, rejected } = decisions;
  const left = reviewItems(job, { all: false }).length;
  output.note(
    `\n${accepted} accepted, ${corrected} corrected, ${rejected} rejected; ${left} left to look at.`,
  );
  const note = noteOf(job);
  if (accepted + corrected + rejected > 0) {
    const written = note && (await writeOutputs(job, note, { ...context, home }));
    output.note(written ? `Written: ${written.join(', ')}` : OF_PROGRAM);
  }
  if (left > 0) output.note(`Go on with: sotto extract review ${jobId}`, 'dim');
}
