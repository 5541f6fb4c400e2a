import { type Deleted, deleteHolders } from '../../memory/recall-forget.ts';
import { findHolders, type Holders } from '../../memory/recall-holders.ts';
import { quote } from '../../memory/recall-text.ts';
import { type Command, EXIT } from '../command.ts';
import type { Output } from '../output.ts';
import { askOnTerminal } from '../terminal-approval.ts';
import { noFact, openMemory } from './open-memory.ts';
import { tellOnce } from './search.ts';

/** `sotto memory forget ID` */
export const command: Command = async (args, output) => {
  const usage = '`sotto memory forget` takes the id of one fact: `sotto memory` lists them.';
  const { home, facts, words, json } = await openMemory(args, { least: 1, usage });
  const [id = ''] = words;
  const fact = await facts.forget(id);
  if (!fact) throw noFact(id);
  const holders = await findHolders(home, fact.text, tellOnce(output));
  if (json) output.json({ forgotten: fact, held: holders });
  else output.note(`Forgotten: ${quote(fact.text)}`);
  const { runs, files, jobs } = holders;
  const isHeld = runs.length + files.length + jobs.length > 0;
  if (!isHeld || json) return EXIT.done;
  sayHolders(holders, output);
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    output.note(`Delete them with:\n${[...commandsFor(holders), ...jobs.map(forgetJob)].join('\n')}`);
    return EXIT.done;
  }
  if (runs.length + files.length > 0) {
    const answer = await askOnTerminal('Delete all of these, for good? [y/N] ', output.closed);
    if (!/^y(es)?$/i.test(answer.trim())) output.note('They were left as they are.');
    else sayDeleted(await deleteHolders(home, holders), output);
  }
  if (jobs.length > 0) output.note(`Extraction jobs are deleted with:\n${jobs.map(forgetJob).join('\n')}`);
  return EXIT.done;
};

/** Each with its passage: what is deleted has the words, and a person can see in which sense. */
function sayHolders({ runs, files, jobs }: Holders, output: Output): void {
  output.note('These have its words still:');
  for (const { runId, threadId, passage } of runs) {
    const thread = threadId === undefined ? '' : `thread ${threadId}, `;
    output.note(`  ${thread}run ${runId}: ${quote(passage)}`);
  }
  for (const { path, passage } of files) {
    const what = passage === undefined ? ', which cannot be read and may have them' : `: ${quote(passage)}`;
    output.note(`  the file ${path}${what}`);
  }
  for (const { jobId, passage } of jobs) output.note(`  the extraction job ${jobId}: ${quote(passage)}`);
}

const forgetJob = ({ jobId }: { readonly jobId: string }): string => `  sotto extract forget ${jobId}`;

const commandsFor = ({ runs, files }: Holders): readonly string[] => [
  ...new Set(
    runs.map(({ threadId, runId }) =>
      threadId === undefined ? `  sotto runs delete ${runId}` : `  sotto threads delete ${threadId}`,
    ),
  ),
  ...files.map(({ path }) => `  rm ${quote(path)}`),
];

function sayDeleted({ threads, runs, files, problems }: Deleted, output: Output): void {
  for (const threadId of threads) output.note(`Thread ${threadId} is deleted.`);
  for (const runId of runs) output.note(`Run ${runId} is deleted.`);
  for (const path of files) output.note(`${path} is deleted.`);
  for (const problem of problems) output.note(problem);
}
