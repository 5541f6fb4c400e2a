import { parseArgs } from 'node:util';
import { readJob } from '../../extract/job/jobs.ts';
import { escapeLine } from '../../terminal-text.ts';
import { type Command, EXIT, UsageError } from '../command.ts';
import { findJob, loadHome } from './open-job.ts';
import { documentLine, summarySentence } from './show-summary.ts';

/** `sotto extract jobs show [JOB]`: what became of each document, without a model. */
export const command: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 1) throw new UsageError('`sotto extract jobs show` takes one job.');
  const home = await loadHome(values.config);
  const job = await readJob(home, await findJob(home, positionals[0]));
  if (values.json) {
    output.json(job);
    return EXIT.done;
  }
  for (const row of job.rows) output.answer(escapeLine(documentLine(row)));
  for (const { file, problem } of job.failures) output.answer(escapeLine(`${file}: ${problem}`));
  for (const file of job.left) output.answer(escapeLine(`${file}: not looked at`));
  output.note(summarySentence(job));
  return EXIT.done;
};
