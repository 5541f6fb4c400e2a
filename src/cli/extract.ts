import { firstLine } from '../errors.ts';
import type { Command } from './command.ts';
import { parseRequest } from './extract/parse-request.ts';

const ACTIONS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  jobs: () => import('./extract/jobs.ts'),
  review: () => import('./extract/review.ts'),
};

/** `sotto extract <folder|files…> --schema S --out TABLE`, and what looks after its jobs. A program that reads `--json` is
 * told there why nothing came of it. */
export const command: Command = async (args, output) => {
  try {
    return await dispatch(args, output);
  } catch (error) {
    if (args.includes('--json')) output.json({ type: 'error', problem: firstLine(error) });
    throw error;
  }
};

const dispatch: Command = async (args, output) => {
  const [first = '', ...others] = args;
  const load = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined;
  if (load) return (await load()).command(others, output);
  const request = parseRequest(args);
  const { prepareJob } = await import('./extract/prepare-job.ts');
  const { runJob } = await import('./extract/run-job.ts');
  const job = await prepareJob(request);
  return runJob(job, { output, isForPrograms: request.json });
};
