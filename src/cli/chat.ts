import { parseArgs } from 'node:util';
import { findAgent, type LoadedConfig } from '../config.ts';
import type { Thread } from '../memory/threads.ts';
import { AGENT_OPTIONS, parseApproved, parseThinking } from './agent-options.ts';
import type { Chat } from './chat/chat.ts';
import { openHistory } from './chat/chat-history.ts';
import { obey } from './chat/commands.ts';
import { openLineEditor } from './chat/line-editor.ts';
import { createLines, type Lines } from './chat/lines.ts';
import { parseLine } from './chat/parse-line.ts';
import { openPlainKeyboard } from './chat/plain-keyboard.ts';
import { takeTurn } from './chat/take-turn.ts';
import { sayCutOff, showThread } from './chat/thread-command.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { interruptible } from './interrupt.ts';
import { loadThread } from './load-thread.ts';
import { createOutput, type Output } from './output.ts';
import { approveOnTerminal } from './terminal-approval.ts';
import { loadUnlocked } from './unlock-project.ts';

const DEFAULT_AGENT = 'desk';

/** `sotto chat [agent]` */
export const command: Command = async (args, output) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: AGENT_OPTIONS,
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new UsageError('`sotto chat` takes one agent, and no task: you type it.');
  const config = await loadUnlocked({
    ...(values.config && { configPath: values.config }),
    ...(values.model && { modelPath: values.model }),
    ...(values.workspace && { workspace: values.workspace }),
  });
  const agent = pickAgent(config, positionals[0]);
  const thinking = values.thinking === undefined ? agent.thinking : parseThinking(values.thinking);
  const approved = parseApproved(values.approve, agent);
  const { LlamaEngine } = await import('../engine/llama-engine.ts');
  const { openWorkspace } = await import('../workspace/open-workspace.ts');
  const workspace = await openWorkspace(config.workspace);
  const thread = values.thread === undefined ? undefined : await loadThread(config.home, values.thread);
  let lines: Lines | undefined;
  const work = async (interrupted: AbortSignal) => {
    const signal = AbortSignal.any([interrupted, output.closed]);
    const endWait = output.wait('loading the model');
    await using engine = await LlamaEngine.create(config.model, { signal }).finally(endWait);
    lines = openLines(config, { output, isForPrograms: values.json ?? false });
    const shown = createOutput({ stdout: process.stdout, stderr: lines.screen });
    const chat: Chat = {
      agent,
      engine,
      workspace,
      home: config.home,
      approved,
      approve: lines.isTerminal ? approveOnTerminal(shown, lines.ask) : undefined,
      output: shown,
      lines,
      onEvent: values.json ? (event) => output.json(event) : undefined,
      signal,
      thread,
      thinking: thinking ?? 'on',
      isThoughtShown: true,
      exitCode: EXIT.done,
    };
    if (!values.json) greet(chat, config);
    sayCutOff(chat);
    try {
      await talk(chat);
    } finally {
      lines.close();
    }
    if (lines.isTerminal && chat.thread) sayGoodbye(chat, chat.thread, output);
    if (signal.aborted) return EXIT.interrupted;
    // A person has seen what became of each turn; a program has only this.
    return lines.isTerminal ? EXIT.done : chat.exitCode;
  };
  return interruptible(work, () => lines?.interrupt() ?? false);
};

function pickAgent(config: LoadedConfig, name: string | undefined) {
  if (name !== undefined) return findAgent(config, name);
  const [first] = config.agents;
  const agent = config.agents.find((candidate) => candidate.name === DEFAULT_AGENT) ?? first;
  if (!agent) throw new UsageError('There is no agent to talk to: agents.config.ts has none.');
  return agent;
}

function openLines(
  { home }: LoadedConfig,
  { output, isForPrograms }: { readonly output: Output; readonly isForPrograms: boolean },
): Lines {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY && !isForPrograms;
  if (!isTerminal || process.env.TERM === 'dumb') {
    return createLines((events) => openPlainKeyboard(process, { ...events, isTerminal }));
  }
  const history = openHistory(home, (code) =>
    output.note(`What you type cannot be kept for the next chat (${code}).`),
  );
  return createLines((events) => openLineEditor(process, { ...events, history }));
}

async function talk(chat: Chat): Promise<void> {
  const { lines, signal } = chat;
  const end = () => lines.end();
  signal.addEventListener('abort', end, { once: true });
  for (let text = await lines.read(); text !== undefined && !signal.aborted; text = await lines.read()) {
    const line = parseLine(text);
    if (line.type === 'command') await obey(chat, line);
    else if (line.type === 'message') await takeTurn(chat, line.text);
  }
  signal.removeEventListener('abort', end);
  if (!signal.aborted) await saveStopped(chat);
}

/** A run saves the model's state at its end, but not where it was stopped: one may want to go on right away. */
async function saveStopped({ engine, thread }: Chat): Promise<void> {
  const last = thread?.runs.at(-1)?.entries.at(-1);
  if (thread && last?.type === 'run-end' && last.stopReason === 'aborted') {
    await engine.saveState(thread.threadId);
  }
}

function greet({ agent, engine, thread, output, lines }: Chat, { isBundledModel }: LoadedConfig): void {
  if (!lines.isTerminal) return;
  output.note(`${agent.name}, with ${engine.model.name}. /help lists the commands, /quit ends.`);
  if (isBundledModel) {
    output.note('This small model knows the kind of task of the samples and nothing else.', 'dim');
    output.note('For real work: sotto chat --model FILE.gguf, a Qwen 3.5 of your own.', 'dim');
  }
  if (thread) showThread({ thread, output });
}

const sayGoodbye = ({ agent }: Chat, { threadId }: Thread, output: Output): void =>
  output.note(`Go on with: sotto chat ${agent.name} --thread ${threadId}`, 'dim');
