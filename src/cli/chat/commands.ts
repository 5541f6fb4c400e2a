import { SottoError } from '../../errors.ts';
import { rewindThread } from '../../memory/rewind-thread.ts';
import { parseThinking } from '../agent-options.ts';
import { UsageError } from '../command.ts';
import { plural } from '../output.ts';
import { wrap } from '../read/text-width.ts';
import { catchUp } from './catch-up.ts';
import type { Chat } from './chat.ts';
import { historyPath } from './chat-history.ts';
import { type LastTurn, lastTurn } from './last-turn.ts';
import { type ChatLine, toLine } from './parse-line.ts';
import { saveThread } from './save-thread.ts';
import { describeThread, switchThread } from './thread-command.ts';

type ChatCommand = {
  readonly usage: string;
  readonly does: string;
  /** Whether it can be obeyed while a run works. Default: it cannot. */
  readonly isForAnyTime?: boolean;
  run(chat: Chat, argument: string): Promise<void> | void;
};

const COMMANDS: Readonly<Record<string, ChatCommand>> = {
  help: { usage: '/help', does: 'this list', isForAnyTime: true, run: help },
  thread: {
    usage: '/thread [ID|new]',
    does: 'show this thread, go on with another one, or begin one',
    run: (chat, argument) => (argument === '' ? describeThread(chat) : switchThread(chat, argument)),
  },
  tools: { usage: '/tools', does: 'what the agent may call', isForAnyTime: true, run: listTools },
  thinking: {
    usage: '/thinking on|off|TOKENS',
    does: 'how long the next turns may think; show or hide: whether you see it',
    isForAnyTime: true,
    run: setThinking,
  },
  retry: { usage: '/retry', does: 'answer the last message again', run: retry },
  undo: { usage: '/undo', does: 'take the last turn back, to say it otherwise', run: undo },
  save: {
    usage: '/save FILE',
    does: 'write this thread as Markdown, or as JSON to a .json',
    run: saveThread,
  },
  quit: {
    usage: '/quit',
    does: 'end the chat; the thread is kept',
    isForAnyTime: true,
    // What works is stopped by the end of the lines, as with Ctrl-D.
    run: ({ lines }) => lines.end(),
  },
};

/** Does what a command says; what it cannot do is said and never thrown. */
export async function obey(
  chat: Chat,
  { name, argument }: Extract<ChatLine, { readonly type: 'command' }>,
  { isWorking = false } = {},
): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    return chat.output.note(
      `There is no command /${name}; /help lists them. To say a text that begins with /, begin it with //.`,
    );
  }
  if (isWorking && !command.isForAnyTime) {
    return chat.output.note(`/${name} has to wait for the end of this run; Ctrl-C stops it.`);
  }
  try {
    await command.run(chat, argument);
  } catch (error) {
    if (!(error instanceof SottoError || error instanceof UsageError)) throw error;
    chat.output.note(error.message);
  }
}

function help({ output, home }: Chat): void {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  for (const { usage, does } of Object.values(COMMANDS)) {
    const [first = '', ...others] = wrapped(does, output.columns - width - 2);
    output.note(`${usage.padEnd(width)}  ${first}`);
    for (const line of others) output.note(' '.repeat(width + 2) + line);
  }
  for (const sentence of [
    '',
    'Enter sends. A line that ends in \\ goes on in the next one; a paste of several lines is one message.',
    'What you say while a run works is read at its next step. Ctrl-C stops the run, not the program.',
    `What you type is kept in ${historyPath(home)}, for your user only: no place for passwords.`,
  ]) {
    for (const line of wrapped(sentence, output.columns)) output.note(line);
  }
}

const wrapped = (text: string, columns: number): readonly string[] =>
  wrap(text, { columns: columns - 1, indent: '' }).split('\n');

function listTools({ agent: { name, tools = [] }, output }: Chat): void {
  if (tools.length === 0) output.note(`${name} has no tools.`);
  for (const tool of tools) {
    output.note(`${tool.name} (${tool.effect})`);
    for (const line of wrapped(tool.description.replaceAll(/\s+/g, ' '), output.columns - 2))
      output.note(`  ${line}`);
  }
}

function setThinking(chat: Chat, argument: string): void {
  if (argument === 'show' || argument === 'hide') chat.isThoughtShown = argument === 'show';
  else if (argument !== '') chat.thinking = parseThinking(argument, '/thinking takes show, hide,');
  const budget =
    typeof chat.thinking === 'number' ? `up to ${plural(chat.thinking, 'token')}` : chat.thinking;
  chat.output.note(`Thinking: ${budget}; ${chat.isThoughtShown ? 'shown' : 'hidden'}.`);
}

async function retry(chat: Chat): Promise<void> {
  const turn = await takeBack(chat);
  if (!turn) throw new UsageError('There is no turn to answer again.');
  chat.output.note(`Again: ${turn.text}`, 'dim');
  chat.lines.push(toLine(turn.text));
}

async function undo(chat: Chat): Promise<void> {
  const turn = await takeBack(chat);
  if (!turn) throw new UsageError('There is no turn to take back.');
  chat.output.note(`Taken back: ${turn.text}`);
  chat.output.note('The next message stands in its place; files that were written stay as they are.', 'dim');
  chat.lines.put(toLine(turn.text));
}

/** Ends the thread before its last turn, unless that is one which was not made here. */
async function takeBack(chat: Chat): Promise<LastTurn | undefined> {
  if (await catchUp(chat)) {
    throw new UsageError(
      'Nothing was taken back. Say it again to take back the last turn that is there now.',
    );
  }
  const turn = chat.thread && lastTurn(chat.thread);
  if (turn && chat.thread) chat.thread = await rewindThread(chat.home, chat.thread, turn.after);
  return turn;
}
