import { ConfigError } from '../../errors.ts';
import { listJobs } from '../../extract/job/jobs.ts';
import { UsageError } from '../command.ts';
import { loadUnlocked } from '../unlock-project.ts';

/** The `.sotto` folder of the config. */
export const loadHome = async (configPath: string | undefined): Promise<string> =>
  (await loadUnlocked({ ...(configPath !== undefined && { configPath }) })).home;

/** The id of the job that was named by it or by its beginning; the newest one where none was named. */
export async function findJob(home: string, named: string | undefined): Promise<string> {
  const jobs = await listJobs(home);
  const [newest] = jobs;
  if (!newest)
    throw new ConfigError('There are no jobs yet: `sotto extract FOLDER --schema S --out TABLE` begins one.');
  if (named === undefined) return newest.id;
  const fitting = jobs.filter(({ id }) => id.startsWith(named));
  const [job] = fitting;
  if (job && fitting.length === 1) return job.id;
  const what = fitting.length > 1 ? `${fitting.length} jobs begin with` : 'There is no job';
  throw new UsageError(`${what} ${JSON.stringify(named)}: \`sotto extract jobs\` lists them.`);
}
