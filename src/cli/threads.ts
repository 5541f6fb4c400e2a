import { parseArgs } from 'node:util';
import { searchMemory } from '../memory/recall.ts';
import { exportThread } from '../memory/recall-export.ts';
import { hasEnd } from '../memory/recall-runs.ts';
import { deleteThread, isThreadLocked, listThreads, readThread } from '../memory/threads.ts';
import { threadMarkdown } from './chat/thread-markdown.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { showHits, tellOnce } from './memory/search.ts';
import { type Output, plural, toTable } from './output.ts';
import { showMessage } from './show-message.ts';
import { type PlacedThread, underParents } from './threads-under-parents.ts';
import { loadUnlocked } from './unlock-project.ts';
import { writeExport } from './write-export.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  md: { type: 'boolean' },
  all: { type: 'boolean' },
} as const;

type Call = {
  readonly home: string;
  /** The thread, or what to search for. */
  readonly word: string;
  /** To write into. */
  readonly file: string | undefined;
  readonly json: boolean;
  readonly md: boolean;
  readonly all: boolean;
  readonly output: Output;
};
const ACTIONS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  list,
  search,
  show,
  export: exportOne,
  delete: deleteOne,
};

/** `sotto threads [list] [--all]`, `sotto threads search "…"`, `sotto threads show|delete ID`, `sotto threads export ID
 * [--md|--json] [FILE]` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { config, json = false, md = false, all = false } = values;
  const [name = 'list', word = '', file, ...others] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) {
    throw new UsageError(
      `\`sotto threads\` knows list, show, search, export and delete, not ${JSON.stringify(name)}.`,
    );
  }
  if (name !== 'list' && word === '')
    throw new UsageError(
      `\`sotto threads ${name}\` takes ${name === 'search' ? 'words in quotes' : 'a thread'}.`,
    );
  const most = { list: 0, export: 2 }[name] ?? 1;
  if (positionals.length - 1 > most || others.length > 0)
    throw new UsageError(
      `\`sotto threads ${name}\` takes fewer words: ${JSON.stringify(positionals.at(-1))} is too many.`,
    );
  const { home } = await loadUnlocked({ ...(config && { configPath: config }) });
  await action({ home, word, file, json, md, all, output });
  return EXIT.done;
};

async function list({ home, all, json, output }: Call): Promise<void> {
  const threads = await listThreads(home);
  const shown = underParents(all ? threads : threads.filter(({ parent }) => parent === undefined));
  const rows = shown.map((placed) => ({ placed, row: rowOf(home, placed) }));
  if (json) for (const { row } of rows) output.json(row);
  else if (shown.length === 0) output.note('There are no threads yet.');
  else
    output.answer(
      toTable(
        rows.map(({ placed: { depth }, row: { threadId, turns, agent, task, isCutOff } }) => {
          const cut = isCutOff ? ' (the last was cut off)' : '';
          return ['  '.repeat(depth) + threadId, `${plural(turns, 'turn')}${cut}`, agent, task.slice(0, 80)];
        }),
      ),
    );
}

function rowOf(home: string, { thread }: PlacedThread) {
  const { threadId, turns, agent, at, parent, missing, runs } = thread;
  const last = missing === undefined ? runs.at(-1)?.runId : undefined;
  const isCutOff = last !== undefined && !hasEnd(home, last) && !isThreadLocked(home, threadId);
  const task = missing === undefined ? thread.task : `(its run ${missing} is missing) ${thread.task}`;
  return { threadId, turns, agent, at, ...(parent && { parent: parent.threadId }), task, isCutOff };
}

async function search({ home, word, json, output }: Call): Promise<void> {
  const hits = await searchMemory(home, word, { kinds: ['message', 'document'], tell: tellOnce(output) });
  showHits(hits, { output, json });
}

async function show({ home, word, json, output }: Call): Promise<void> {
  const thread = await readThread(home, word);
  if (!thread) throw noThread(word);
  const { threadId, messages, missing, problem } = thread;
  if (missing !== undefined)
    output.note(problem ?? `The run ${missing} is missing, and what came before it.`);
  if (json) output.json({ threadId, messages });
  else for (const message of messages) for (const text of showMessage(message, output)) output.answer(text);
}

async function exportOne({ home, word, file, json, md, output }: Call): Promise<void> {
  const exported = await exportThread(home, word);
  if (!exported) throw noThread(word);
  for (const problem of exported.problems) output.note(problem);
  await writeExport(
    { value: exported, markdown: () => threadMarkdown(exported) },
    { json, md, file, output },
  );
}

async function deleteOne({ home, word, output }: Call): Promise<void> {
  const count = await deleteThread(home, word);
  if (count === 0) throw noThread(word);
  output.note(`Thread ${word} is deleted, with its ${plural(count, 'run')}.`);
}

const noThread = (threadId: string): UsageError =>
  new UsageError(`There is no thread ${JSON.stringify(threadId)}; \`sotto threads\` lists them.`);
