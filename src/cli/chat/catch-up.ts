import { isAtEnd } from '../../agent/thread-end.ts';
import { endOf, turnsOf } from '../../memory/threads.ts';
import { loadThread } from '../load-thread.ts';
import { plural } from '../output.ts';
import type { Chat } from './chat.ts';

/** Goes on from where the thread is on the disk now, and says so, where that is not where the chat left it: another chat may
 * have it open. Returns whether that was so. */
export async function catchUp(chat: Chat): Promise<boolean> {
  const { home, thread, output } = chat;
  if (!thread) return false;
  const own = endOf(thread)?.runId;
  if (await isAtEnd(home, thread)) return false;
  const now = await loadThread(home, thread.threadId);
  const isLeftOut = own !== undefined && !now.runs.some(({ runId }) => runId === own);
  const loss = isLeftOut ? ', and what was said last in this chat is not part of it' : '';
  output.note(`The thread was changed elsewhere: it has ${plural(turnsOf(now), 'turn')} now${loss}.`);
  chat.thread = now;
  return true;
}
