import { type Thread, turnsOf } from '../../memory/threads.ts';
import { render } from '../../qwen/render.ts';
import { cutOffNote } from '../cut-off-note.ts';
import { loadThread } from '../load-thread.ts';
import { type Output, plural } from '../output.ts';
import type { Chat } from './chat.ts';

/** Says which thread this is, how full the model's context is of it, and how to go on with it later. */
export async function describeThread({ thread, agent, engine, thinking, output }: Chat): Promise<void> {
  const { fingerprint, contextTokens } = engine.model;
  const { instructions, tools = [] } = agent;
  const prompt = render({
    instructions,
    tools,
    messages: thread?.context ?? [],
    thinking: thinking !== 'off',
    history: 'append',
    model: fingerprint,
  });
  const { length } = await engine.tokenize(prompt);
  const used = `${length.toLocaleString('en')} of ${contextTokens.toLocaleString('en')} tokens of context`;
  if (!thread) return output.note(`A new thread, which your next message begins: ${used}.`);
  output.note(`Thread ${thread.threadId}: ${plural(turnsOf(thread), 'turn')}, ${used}.`);
  output.note(`Go on with it later: sotto chat ${agent.name} --thread ${thread.threadId}`);
}

/** Goes on with another thread, or with none yet. */
export async function switchThread(chat: Chat, id: string): Promise<void> {
  if (id === 'new') {
    chat.thread = undefined;
    return chat.output.note('Your next message begins a new thread.');
  }
  const thread = await loadThread(chat.home, id);
  chat.thread = thread;
  showThread({ thread, output: chat.output });
  sayCutOff(chat);
}

/** Says that the thread's last run was cut off, before the way back to it is closed. */
export function sayCutOff({ home, thread, output }: Pick<Chat, 'home' | 'thread' | 'output'>): void {
  const note = thread && cutOffNote(home, thread);
  if (note !== undefined) output.note(note);
}

/** Says where a thread stands, so that one knows what one answers to. */
export function showThread({
  thread: { threadId, messages, runs },
  output,
}: {
  readonly thread: Thread;
  readonly output: Output;
}): void {
  const turns = turnsOf({ runs });
  if (runs.length === 0) output.note(`There is no thread ${threadId} yet: your next message begins it.`);
  else if (turns === 0) output.note(`Thread ${threadId} is empty: your next message begins it.`);
  else output.note(`Going on with thread ${threadId}, ${plural(turns, 'turn')}:`);
  const answer = messages.findLast((message) => message.role === 'assistant' && message.text !== '');
  if (answer?.role === 'assistant') output.note(`  ${answer.text.replaceAll('\n', '\n  ')}`, 'dim');
}
