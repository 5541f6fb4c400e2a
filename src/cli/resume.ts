import { parseArgs } from 'node:util';
import { endOf } from '../agent/resume-plan.ts';
import { findAgent } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { readEntries } from '../memory/journal.ts';
import { startOf } from '../memory/threads.ts';
import type { JsonObject } from '../messages.ts';
import { parseApproved, parseThinking } from './agent-options.ts';
import { workAgent } from './agent-work.ts';
import { askUnknown, parseUnknown } from './ask-unknown.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { loadSchema } from './load-schema.ts';
import type { Output } from './output.ts';
import { loadUnlocked } from './unlock-project.ts';

const OPTIONS = {
  unknown: { type: 'string' },
  model: { type: 'string' },
  workspace: { type: 'string' },
  approve: { type: 'string' },
  config: { type: 'string' },
  trace: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `sotto resume <run>` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (!name || rest.length > 0)
    throw new UsageError('`sotto resume` takes the id of a run, which `sotto runs` lists: sotto resume ID.');
  const decision = parseUnknown(values.unknown);
  const place = values.config === undefined ? {} : { configPath: values.config };
  const { home } = await loadUnlocked(place);
  const { runId, start, isDone } = findRun(home, name, output);
  if (isDone) {
    output.note(`The run ${runId} is done: there is nothing to go on with.`);
    return EXIT.done;
  }
  const note = readNote(start.note);
  const { model = note.model, approve = note.approve, workspace = note.workspace } = values;
  const config = await loadUnlocked({
    ...place,
    ...(model !== undefined && { modelPath: model }),
    ...(workspace !== undefined && { workspace }),
  });
  const found = findAgent(config, start.agent);
  const thinking = note.thinking === undefined ? found.thinking : parseThinking(note.thinking);
  const agent = { ...found, ...(thinking !== undefined && { thinking }) };
  const approved = parseApproved(approve, agent);
  const schema = note.schema === undefined ? undefined : await loadSchema(note.schema);
  const { json: isJson = false, trace: tracePath } = values;
  const { resumeRun } = await import('../agent/resume-run.ts');
  return workAgent({ config, agent, approved, schema, isJson, tracePath, earlier: start }, output, (given) =>
    resumeRun({ ...given, runId, warn: output.note, ...askUnknown(output, { decision, isJson }) }),
  );
};

/** The run, or the one that waits for it where it is that of a sub-agent. */
function findRun(home: string, runId: string, output: Output, below: readonly string[] = []) {
  const { entries } = readEntries(home, runId);
  const start = startOf(entries);
  if (!start)
    throw new ConfigError(`Nothing is left of the run ${runId} to go on with. Give its task again.`);
  // Those that wait for each other, as no program writes them, are refused by the plan.
  if (start.parent && !below.includes(runId)) {
    output.note(`The run ${runId} is a part of the run ${start.parent.runId}: going on with that.`);
    return findRun(home, start.parent.runId, output, [...below, runId]);
  }
  return { runId, start, isDone: endOf(entries)?.stopReason === 'done' };
}

type Note = Partial<Record<'model' | 'workspace' | 'schema' | 'thinking' | 'approve', string>>;

/** The options that the run was started with. A program of a user's own may have kept anything. */
const readNote = (note: JsonObject = {}): Note =>
  Object.fromEntries(Object.entries(note).filter(([, value]) => typeof value === 'string'));
