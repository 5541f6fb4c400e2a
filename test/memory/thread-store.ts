import { join } from 'node:path';
import { noUsage, type RunFact } from '../../src/events.ts';
import { openJournal } from '../../src/memory/journal.ts';
import type { ThreadEnd } from '../../src/memory/threads.ts';
import { contentText, type Message, userMessage } from '../../src/messages.ts';

type Turn = {
  readonly threadId?: string;
  readonly after?: ThreadEnd;
  readonly parent?: { readonly runId: string; readonly toolCallId: string };
  readonly turn?: number;
  /** Of the answer. */
  readonly letters?: number;
};

/** A turn on the disk: a question, and its answer in one step. */
export function writeTurn(home: string, runId: string, options: Turn = {}): void {
  const { threadId = 'main', after, parent, turn = 1, letters = 0 } = options;
  const text = `Answer to ${runId}`.padEnd(letters, '.');
  const facts: readonly RunFact[] = [
    {
      type: 'run-start',
      runId,
      threadId,
      turn,
      agent: 'clerk',
      model: { name: 'm', fingerprint: 'm' },
      seal: 'none',
      message: userMessage(`Question ${runId}`),
      ...(after && { after }),
      ...(parent && { parent }),
    },
    { type: 'step-start', step: 1 },
    {
      type: 'step-end',
      step: 1,
      message: { role: 'assistant', thinking: '', text, toolCalls: [] },
      finish: 'stop',
      usage: noUsage,
    },
    { type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage },
  ];
  const journal = openJournal({ home, runId, durable: false });
  for (const fact of facts) journal.append(fact);
  journal.close();
}

/** So many turns of a thread, each behind the one before: `a1`, `a2`, … */
export function writeTurns(home: string, count: number, options: Omit<Turn, 'after' | 'turn'> = {}): void {
  for (let turn = 1; turn <= count; turn += 1) {
    const after = turn > 1 ? { after: { runId: `a${turn - 1}` } } : {};
    writeTurn(home, `a${turn}`, { ...options, ...after, turn });
  }
}

export const said = ({ messages }: { readonly messages: readonly Message[] }): readonly string[] =>
  messages.flatMap((message) =>
    message.role === 'user'
      ? [contentText(message.content)]
      : message.role === 'assistant'
        ? [message.text.replace(/\.+$/, '')]
        : [],
  );
export const turnsSaid = (...runIds: readonly string[]): readonly string[] =>
  runIds.flatMap((runId) => [`Question ${runId}`, `Answer to ${runId}`]);

export const listOf = (home: string, threadId = 'main') => join(home, `threads/${threadId}.jsonl`);
export const snapshotOf = (home: string, threadId = 'main') => join(home, `threads/${threadId}.json`);
