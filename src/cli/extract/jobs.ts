import { parseArgs } from 'node:util';
import { fromHere } from '../../extract/job/file-names.ts';
import { type JobSummary, listJobs } from '../../extract/job/jobs.ts';
import { escapeLine } from '../../terminal-text.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { type Output, toTable } from '../output.ts';
import { loadHome } from './open-job.ts';

const ACTIONS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  show: () => import('./show.ts'),
  forget: () => import('./forget.ts'),
};

/** `sotto extract jobs`, and what it tells of one of them or does with it. */
export const command: Command = async (args, output) => {
  const [first = '', ...others] = args;
  const load = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined;
  if (load) return (await load()).command(others, output);
  return list(args, output);
};

const list: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 0)
    throw new UsageError(
      '`sotto extract jobs` lists the jobs, `sotto extract jobs show|forget JOB` takes one. A folder of that name is given as ./jobs.',
    );
  const jobs = await listJobs(await loadHome(values.config));
  if (values.json) for (const job of jobs) output.json(job);
  else if (jobs.length === 0) output.note('There are no jobs yet.');
  else show(jobs, output);
  return EXIT.done;
};

function show(jobs: readonly JobSummary[], output: Output): void {
  const rows = jobs.flatMap((job) => ('problem' in job ? [] : [toRow(job)]));
  if (rows.length > 0)
    output.answer(toTable([['job', 'begun', 'done', 'failed', 'left', 'state', 'what'], ...rows]));
  for (const job of jobs) if ('problem' in job) output.note(escapeLine(`${job.id}: ${job.problem}`));
}

function toRow(job: Exclude<JobSummary, { readonly problem: string }>): readonly string[] {
  const { id, started, done, failed, total, isFinished, inputs } = job;
  const counts = [done, failed, total - done - failed].map(String);
  const [first = '', ...others] = inputs;
  const what = others.length > 0 ? `${fromHere(first)} and ${others.length} more` : fromHere(first);
  return [id, started.slice(0, 16).replace('T', ' '), ...counts, isFinished ? 'finished' : 'to resume', what];
}
