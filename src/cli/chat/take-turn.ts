import { type RunResult, runAgent } from '../../agent/run-agent.ts';
import { ThreadChangedError } from '../../agent/thread-end.ts';
import { SottoError } from '../../errors.ts';
import type { RunEvent } from '../../events.ts';
import { EXIT, exitCodeOf } from '../command.ts';
import { createProgress } from '../progress.ts';
import { catchUp } from './catch-up.ts';
import type { Chat } from './chat.ts';
import { obey } from './commands.ts';
import { parseLine, toLine } from './parse-line.ts';

/** One turn: says the text, shows what comes of it, and leaves the chat with what was done, also where it was stopped. */
export async function takeTurn(chat: Chat, task: string): Promise<void> {
  try {
    await catchUp(chat);
  } catch (error) {
    sayFailure(chat, error);
    return chat.lines.put(toLine(task));
  }
  // Another program may have been faster by the moment between.
  if ((await work(chat, task)) === 'changed') await takeTurn(chat, task);
}

/** `changed`: nothing was done, since the thread is not any more where the chat has it. */
async function work(chat: Chat, task: string): Promise<'worked' | 'changed'> {
  const { agent, engine, workspace, home, approved, approve, output, lines } = chat;
  const stopped = new AbortController();
  const said: string[] = [];
  let readCount = 0;
  let outcome: 'worked' | 'changed' = 'worked';
  const show = chat.onEvent ?? createProgress(output, { isThoughtShown: () => chat.isThoughtShown });
  const startedAt = performance.now();
  const run = runAgent({
    agent: { ...agent, thinking: chat.thinking },
    task,
    engine,
    workspace,
    home,
    approved,
    signal: AbortSignal.any([chat.signal, stopped.signal]),
    onEvent(event: RunEvent) {
      if (event.type === 'user-message' && event.from === 'user') readCount += 1;
      show(event);
    },
    ...(approve && { approve }),
    ...(chat.thread && { thread: chat.thread }),
  });
  const listener = {
    text(text: string) {
      const line = parseLine(text);
      if (line.type === 'command') return void obey(chat, line, { isWorking: true });
      if (line.type === 'nothing') return;
      if (!run.send(line.text)) return lines.push(text);
      said.push(line.text);
      output.note('(will be read at the next step)', 'dim');
    },
    interrupt() {
      if (stopped.signal.aborted) return;
      output.note('Stopping.');
      stopped.abort(new Error('interrupted'));
    },
  };
  try {
    const result = await lines.during(lines.isTerminal ? listener : undefined, () => run);
    chat.thread = result.thread;
    if (result.stopReason !== 'done') chat.exitCode = exitCodeOf(result.stopReason);
    if (!chat.onEvent) report(chat, result, (performance.now() - startedAt) / 1000);
  } catch (error) {
    if (!(error instanceof ThreadChangedError)) sayFailure(chat, error);
    else outcome = 'changed';
  }
  const unread = said.slice(readCount);
  if (unread.length > 0) {
    output.note('What was said last was not read: it is in the line again.');
    lines.put(toLine(unread.join('\n')));
  }
  return outcome;
}

function sayFailure(chat: Chat, error: unknown): void {
  if (!(error instanceof SottoError)) throw error;
  chat.exitCode = EXIT.failed;
  chat.output.note(error.message, 'red');
}

function report({ output }: Chat, { stopReason, reason, text, usage }: RunResult, seconds: number): void {
  if (stopReason === 'done') {
    if (!output.isTerminal) output.answer(text);
  } else output.note(reason ?? stopReason);
  const counts = [usage.evaluatedTokens, usage.reusedTokens, usage.generatedTokens];
  const [read, reused, written] = counts.map((tokens) => tokens.toLocaleString('en'));
  // What the step had cost in which it was stopped is not known.
  const isCounted = stopReason !== 'aborted' && stopReason !== 'failed';
  const tokens = isCounted ? `tokens: ${read} read, ${reused} reused, ${written} written; ` : '';
  output.note(`(${tokens}${seconds.toFixed(1)} s)`, 'dim');
}
