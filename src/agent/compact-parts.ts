/** Where a context can be parted into what is summed up and what stays. */
import type { Message, UserMessage } from '../messages.ts';

/** Indices of messages that can be the first to stay, ascending. The last one leaves no more than the task and the last
 * step; a result is never parted from its call. */
export function partings(messages: readonly Message[], task: UserMessage | undefined): readonly number[] {
  const lastStep = messages.findLastIndex(({ role }) => role === 'assistant');
  const last = Math.max(0, lastStep, task ? messages.indexOf(task) : 0);
  return messages.flatMap(({ role }, index) => (index <= last && role !== 'tool' ? [index] : []));
}

/** What the user said from the task on stays in any case. */
export function partAt(
  messages: readonly Message[],
  start: number,
  task: UserMessage | undefined,
): { readonly old: readonly Message[]; readonly kept: readonly Message[] } {
  const taskIndex = task ? messages.indexOf(task) : -1;
  const stays = ({ role }: Message, index: number) =>
    index >= start || (role === 'user' && taskIndex >= 0 && index >= taskIndex);
  return {
    old: messages.filter((message, index) => !stays(message, index)),
    kept: messages.filter(stays),
  };
}
