import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cutOffNote } from '../../src/cli/cut-off-note.ts';
import { noUsage, type RunFact } from '../../src/events.ts';
import { openJournal } from '../../src/memory/journal.ts';
import { readThread } from '../../src/memory/threads.ts';
import { userMessage } from '../../src/messages.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const START: RunFact = {
  type: 'run-start',
  runId: 'one',
  threadId: 'mine',
  turn: 1,
  agent: 'clerk',
  model: { name: 'none', fingerprint: 'none' },
  seal: 'none',
  message: userMessage('Pay.'),
};
const BEGUN: RunFact = { type: 'tool-call-start', toolCall: { id: 'call_1', name: 'pay\u001b', input: {} } };
const RESULT: RunFact = {
  type: 'tool-call-end',
  result: { toolCallId: 'call_1', isError: false, content: [] },
  durationMs: 1,
};
const END: RunFact = { type: 'run-end', stopReason: 'aborted', steps: 1, usage: noUsage };

async function noteOf(...facts: readonly RunFact[]) {
  const home = join(await tempFolder(), '.sotto');
  const journal = openJournal({ home, runId: 'one' });
  for (const fact of [START, ...facts]) journal.append(fact);
  journal.close();
  const thread = await readThread(home, 'mine');
  return thread && cutOffNote(home, thread);
}

describe('before a thread is gone on with', () => {
  test('it is said that a call of its last run may have taken effect', async () => {
    const sentence = await noteOf(BEGUN);
    expect(sentence).toContain('cut off during pay\\x1b: whether that took effect is not known');
    expect(sentence).toContain('`sotto resume one` goes on with it');
    // Stopped in the call: that it ended in order tells nothing of the call.
    expect(await noteOf(BEGUN, END)).toBe(sentence);
    // Begun again after a resume.
    expect(await noteOf(BEGUN, RESULT, BEGUN)).toBe(sentence);
  });

  test('it is said that its last run has no end', async () => {
    expect(await noteOf(BEGUN, RESULT)).toMatch(/was cut off\. `sotto resume one`/);
  });

  test('nothing is said where its last run is over', async () => {
    expect(await noteOf(BEGUN, RESULT, END)).toBeUndefined();
  });
});
