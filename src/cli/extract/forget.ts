import { parseArgs } from 'node:util';
import { deleteJob } from '../../extract/job/jobs.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { findJob, loadHome } from './open-job.ts';

/** `sotto extract jobs forget JOB` */
export const command: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [named, ...others] = positionals;
  if (named === undefined || others.length > 0)
    throw new UsageError('`sotto extract jobs forget` takes one job: `sotto extract jobs` lists them.');
  const home = await loadHome(values.config);
  const jobId = await findJob(home, named);
  await deleteJob(home, jobId);
  if (values.json) output.json({ forgotten: jobId });
  else
    output.note(
      `The job ${jobId} is forgotten: its values, and what was decided about them. Its table stays.`,
    );
  return EXIT.done;
};
