/**
 * Three tasks whose model answers by the prompt alone: the same for a program that is killed and for the one that goes on.
 * A folder of a task holds `workspace`, `.sotto`, and `effects.log`, a line for each thing that was done to the world.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { findCutOff } from '../../src/agent/find-cut-off.ts';
import type { UnknownCall } from '../../src/agent/resume-plan.ts';
import { resumeRun, type UnknownDecision } from '../../src/agent/resume-run.ts';
import { type RunResult, runAgent } from '../../src/agent/run-agent.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { ContextOverflowError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { listThreads, readThread } from '../../src/memory/threads.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool, type Tool } from '../../src/tool/define-tool.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { readFile } from '../../tools/read-file.ts';
import { remember } from '../../tools/remember.ts';
import { writeFile as writeFileTool } from '../../tools/write-file.ts';

export const TASKS = ['files', 'two-calls', 'long-thread'] as const;
export type TaskName = (typeof TASKS)[number];

type Task = {
  readonly messages: readonly ScriptedMessage[];
  readonly threadId?: string;
  readonly contextTokens: number;
};

const CONTEXT_TOKENS = 32_768;
const CHARACTERS_PER_TOKEN = 4;
const LONG_THREAD_TURNS = 40;
export const LONG_THREAD = 'long';

const call = (name: string, input: Readonly<Record<string, string>>) => ({ name, input });
const write = (content: string) => call('write_file', { path: 'out/sum.txt', content });
const book = (entry: string) => call('book', { entry });

/** Each message has a number, by which the next one is found. */
const numbered = (messages: readonly Exclude<ScriptedMessage, Error>[]): readonly ScriptedMessage[] =>
  messages.map((message, index) => ({ ...message, text: `§${index + 1}. ${message.text ?? ''}` }));

const SCRIPTS: Readonly<Record<TaskName, Task>> = {
  files: {
    contextTokens: CONTEXT_TOKENS,
    messages: numbered([
      { toolCalls: [call('read_file', { path: 'a.txt' })] },
      { toolCalls: [write('12\n')] },
      { toolCalls: [book('one')] },
      { toolCalls: [call('read_file', { path: 'b.txt' })] },
      { toolCalls: [write('12 and 30 are 42\n')] },
      { toolCalls: [book('two')] },
      { text: 'The sum is 42.' },
    ]),
  },
  'two-calls': {
    contextTokens: CONTEXT_TOKENS,
    messages: numbered([
      { toolCalls: [call('send', { entry: 'first' }), call('send', { entry: 'second' })] },
      {
        toolCalls: [book('three'), call('read_file', { path: 'a.txt' }), call('send', { entry: 'refused' })],
      },
      { text: 'Both are sent.' },
    ]),
  },
  'long-thread': {
    contextTokens: 3_000,
    threadId: LONG_THREAD,
    messages: numbered([
      { toolCalls: [call('remember', { fact: 'Anna likes tea.' })] },
      { toolCalls: [call('read_file', { path: 'long.txt' })] },
      { toolCalls: [call('remember', { fact: 'The sum is 42.' }), book('four')] },
      { toolCalls: [call('read_file', { path: 'long.txt' })] },
      { text: 'I shall remember both.' },
    ]),
  },
};

/** Does what the model is told, and refuses a prompt that is too long as the real one does. */
function engineOf({ messages, contextTokens }: Task): Engine {
  const textOf = (prompt: Parameters<Engine['generate']>[0]['prompt']) =>
    prompt.map((part) => ('text' in part ? part.text : '')).join('');
  const scripted = createScriptedEngine(({ prompt }) => {
    const text = textOf(prompt);
    if (text.includes('You sum up')) return { text: 'Much was said before.' };
    const numbers = [...text.matchAll(/§(\d+)\./g)].map(([, number]) => Number(number));
    return messages[Math.max(0, ...numbers)] ?? new Error('the script is over');
  });
  const count = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return {
    ...scripted,
    model: { ...scripted.model, contextTokens },
    tokenize: async (prompt) => Array.from({ length: count(textOf(prompt)) }, () => 0),
    async generate(request, options) {
      const promptTokens = count(textOf(request.prompt));
      if (contextTokens - 2 - promptTokens < (request.leaveTokens ?? 16))
        throw new ContextOverflowError({ promptTokens, contextTokens });
      return scripted.generate(request, options);
    },
  };
}

const effectsPath = (folder: string): string => join(folder, 'effects.log');

export const effectsIn = (folder: string): readonly string[] =>
  existsSync(effectsPath(folder)) ? readFileSync(effectsPath(folder), 'utf8').split('\n').slice(0, -1) : [];

function agentOf(folder: string): Agent {
  const effect = (name: string, kind: Tool['effect']) =>
    defineTool({
      name,
      description: 'Does something that must not be done twice.',
      effect: kind,
      input: z.object({ entry: z.string() }),
      run: ({ entry }) => {
        const fd = openSync(effectsPath(folder), 'as', 0o600);
        writeSync(fd, `${name} ${entry}\n`);
        closeSync(fd);
        return `Done: ${entry}.`;
      },
    });
  return {
    name: 'worker',
    description: 'Works.',
    instructions: 'Do what you are told.',
    tools: [readFile, writeFileTool, remember, effect('book', 'write'), effect('send', 'external')],
  };
}

export const taskText = (name: TaskName): string => `Do the task ${name}.`;

/** Makes the folder of a task. */
export async function prepareTask(folder: string, name: TaskName): Promise<void> {
  await mkdir(join(folder, 'workspace'), { recursive: true });
  await writeFile(join(folder, 'workspace/a.txt'), 'It is 12.\n');
  await writeFile(join(folder, 'workspace/b.txt'), 'It is 30.\n');
  await writeFile(join(folder, 'workspace/long.txt'), 'A line of this text.\n'.repeat(120));
  if (name !== 'long-thread') return;
  const home = join(folder, '.sotto');
  const workspace = await openWorkspace(join(folder, 'workspace'));
  for (let turn = 1; turn <= LONG_THREAD_TURNS; turn += 1) {
    const thread = await readThread(home, LONG_THREAD);
    const engine = createScriptedEngine([{ text: `Yes, ${turn}. ${'And so on. '.repeat(8)}` }]);
    const before = thread ?? { threadId: LONG_THREAD, runs: [], messages: [], context: [] };
    await runAgent({
      agent: { ...agentOf(folder), tools: [] },
      task: `Is that ${turn}?`,
      engine,
      workspace,
      home,
      thread: before,
      durable: false,
    });
  }
}

type PlayOptions = {
  readonly onEvent?: (event: RunEvent) => void;
  readonly warn?: (sentence: string) => void;
};

/** Begins the task, or goes on with it where it was cut off, as `sotto run` does; looks at what there is then, as `sotto
 * threads` does. Nothing where it had come to its end before. */
export async function playTask(
  folder: string,
  name: TaskName,
  {
    onEvent = () => {},
    warn = (sentence) => process.emitWarning(sentence, 'SottoWarning'),
  }: PlayOptions = {},
): Promise<RunResult | undefined> {
  const home = join(folder, '.sotto');
  const script = SCRIPTS[name];
  const { threadId } = script;
  const task = taskText(name);
  const agent = agentOf(folder);
  const given = {
    agent,
    home,
    engine: engineOf(script),
    workspace: await openWorkspace(join(folder, 'workspace')),
    facts: openFacts(home, { tell: warn }),
    approved: ['book', 'remember', 'write_file'],
    approve: async ({ toolCall }: { readonly toolCall: { readonly input: unknown } }) =>
      JSON.stringify(toolCall.input).includes('refused') ? ('deny' as const) : ('allow' as const),
    onEvent,
  };
  const cutOff = await findCutOff(home, { agent: agent.name, task, note: {}, threadId });
  const result = cutOff
    ? await resumeRun({
        ...given,
        runId: cutOff.runId,
        warn,
        onUnknown: (unknown) => decide(folder, unknown),
      })
    : (await isOver(home, task))
      ? undefined
      : await begin();
  for (const { threadId: id } of await listThreads(home)) await readThread(home, id);
  return result;

  async function begin() {
    const thread = threadId === undefined ? undefined : await readThread(home, threadId);
    return runAgent({ ...given, task, ...(thread && { thread }) });
  }
}

async function isOver(home: string, task: string): Promise<boolean> {
  const threads = await listThreads(home);
  for (const { threadId } of threads) {
    const thread = await readThread(home, threadId);
    if (JSON.stringify(thread?.messages ?? []).includes(task)) return true;
  }
  return false;
}

/** A person who looks whether it took effect. */
async function decide(folder: string, { toolCall }: UnknownCall): Promise<UnknownDecision> {
  const { entry, fact, path, content } = toolCall.input;
  const inWorkspace = join(folder, 'workspace', String(path));
  const isDone =
    toolCall.name === 'remember'
      ? (await openFacts(join(folder, '.sotto')).list()).some(({ text }) => text === fact)
      : toolCall.name === 'write_file'
        ? existsSync(inWorkspace) && readFileSync(inWorkspace, 'utf8') === content
        : effectsIn(folder).includes(`${toolCall.name} ${String(entry)}`);
  return isDone ? 'skip' : 'run-again';
}
