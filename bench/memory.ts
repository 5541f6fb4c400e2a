/**
 * What it costs to go on with a thread of 10,000 messages, and in a store of 2,000 threads, as times that in an empty one,
 * and what opening them costs: `npx node --conditions=sotto-source bench/memory.ts [turns] [rounds]`.
 *
 * A turn is a run of four messages with the scripted engine, by `runAgent` as the chat calls it (with the look whether the
 * thread was changed elsewhere), durable, in the folder for temporary files. The context of the long thread was compacted,
 * as that of a real one would be. The kinds take turns, so that whatever else the machine does falls on all of them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Agent } from '../src/agent/define-agent.ts';
import { runAgent } from '../src/agent/run-agent.ts';
import { noUsage, type RunFact } from '../src/events.ts';
import { openJournal } from '../src/memory/journal.ts';
import { listThreads, newestRun, readThread, type Thread } from '../src/memory/threads.ts';
import { userMessage } from '../src/messages.ts';
import { createScriptedEngine } from '../src/testing/scripted-engine.ts';
import { defineTool } from '../src/tool/define-tool.ts';
import { openWorkspace } from '../src/workspace/open-workspace.ts';
import { median } from './median.ts';

const TURNS = Number(process.argv[2] ?? 250);
const ROUNDS = Number(process.argv[3] ?? 10);
const MESSAGES_OF_TURN = 4;
const ANSWER = 'The total of the invoice is 1,250.00 EUR, and it is due on 30 November. '.repeat(4);

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  effect: 'read',
  input: z.object({}),
  run: () => ANSWER,
});
const agent: Agent = { name: 'clerk', description: 'Looks.', instructions: 'You look.', tools: [look] };
const folder = mkdtempSync(join(tmpdir(), 'sotto-memory-'));
mkdirSync(join(folder, 'workspace'));
const workspace = await openWorkspace(join(folder, 'workspace'));

/** How many turns the thread that is gone on with has, and how many other threads there are. */
const KINDS = {
  empty: { turns: 0, others: 0 },
  'a thread of 10,000 messages': { turns: 10_000 / MESSAGES_OF_TURN, others: 0 },
  'a store of 2,000 threads': { turns: 0, others: 2_000 },
  'that thread in that store': { turns: 10_000 / MESSAGES_OF_TURN, others: 2_000 },
};

const kinds = Object.entries(KINDS).map(([name, { turns, others }]) => {
  const home = join(folder, name);
  for (let index = 0; index < others; index += 1) {
    writeTurn(home, { runId: `other-${index}`, threadId: `other-${index}`, turn: 1 });
  }
  for (let turn = 1; turn <= turns; turn += 1) {
    const after = turn > 1 ? { after: { runId: `main-${turn - 1}` } } : {};
    writeTurn(home, { runId: `main-${turn}`, threadId: 'main', turn, ...after }, turn === turns);
  }
  return { name, home, ms: [] as number[], opening: {} as Record<string, number> };
});

for (const kind of kinds) {
  const { home } = kind;
  const open = () => readThread(home, 'main');
  kind.opening['opened from the journals, ms'] = await msOf(open);
  const again: number[] = [];
  for (let count = 0; count < 5; count += 1) again.push(await msOf(open));
  kind.opening['opened from the snapshot, ms'] = median(again);
  kind.opening['all threads listed, ms'] = await msOf(() => listThreads(home));
}
// The first turns of a process pay for what is compiled then.
await goOn(join(folder, 'warm'), 20);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { home, ms } of kinds) ms.push(await goOn(home, TURNS / ROUNDS));
}
const msPerTurn = ({ ms }: { readonly ms: readonly number[] }) => (median(ms) / TURNS) * ROUNDS;
const base = msPerTurn(kinds[0] ?? { ms: [] });
console.log(`${TURNS} turns of ${MESSAGES_OF_TURN} messages in each, in ${ROUNDS} rounds, in ${tmpdir()}`);
console.table(
  Object.fromEntries(
    kinds.map((kind) => [
      kind.name,
      {
        'ms a turn': Number(msPerTurn(kind).toFixed(2)),
        'times empty': Number((msPerTurn(kind) / base).toFixed(2)),
        ...Object.fromEntries(
          Object.entries(kind.opening).map(([what, ms]) => [what, Number(ms.toFixed(1))]),
        ),
      },
    ]),
  ),
);
rmSync(folder, { recursive: true });

/** Milliseconds of so many turns, the opening of the thread left out. */
async function goOn(home: string, turns: number): Promise<number> {
  let thread: Thread = (await readThread(home, 'main')) ?? {
    threadId: 'main',
    runs: [],
    messages: [],
    context: [],
  };
  const start = performance.now();
  for (let turn = 0; turn < turns; turn += 1) {
    const engine = createScriptedEngine([{ toolCalls: [{ name: 'look', input: {} }] }, { text: ANSWER }]);
    if (newestRun(home, 'main') !== thread.runs.at(-1)?.runId) throw new Error('another run');
    const result = await runAgent({ agent, task: `Look ${turn}`, engine, workspace, home, thread });
    if (result.stopReason !== 'done') throw new Error(result.reason);
    thread = result.thread;
  }
  return performance.now() - start;
}

async function msOf(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

type Start = Pick<Extract<RunFact, { type: 'run-start' }>, 'runId' | 'threadId' | 'turn' | 'after'>;

function writeTurn(home: string, start: Start, isCompacted = false): void {
  const journal = openJournal({ home, runId: start.runId, durable: false });
  const toolCall = { id: 'call_1_1', name: 'look', input: {} };
  const message = userMessage(`Look, for the time ${start.turn}`);
  const names = { ...start, agent: 'clerk', model: { name: 'm', fingerprint: 'm' }, seal: 'none' };
  const step = (number: number, text: string, toolCalls: readonly (typeof toolCall)[]) => {
    journal.append({ type: 'step-start', step: number });
    const said = { role: 'assistant', thinking: '', text, toolCalls } as const;
    journal.append({ type: 'step-end', step: number, message: said, finish: 'stop', usage: noUsage });
  };
  journal.append({ type: 'run-start', ...names, message });
  if (isCompacted) {
    const context = [userMessage('What was said before: nothing new.'), message];
    journal.append({
      type: 'context-compact',
      step: 1,
      dropped: [],
      promptTokens: 9,
      roomTokens: 5,
      context,
    });
  }
  step(1, '', [toolCall]);
  journal.append({ type: 'tool-call-start', toolCall });
  const content = [{ type: 'text', text: ANSWER }] as const;
  journal.append({
    type: 'tool-call-end',
    result: { toolCallId: toolCall.id, isError: false, content },
    durationMs: 1,
  });
  step(2, ANSWER, []);
  journal.append({ type: 'run-end', stopReason: 'done', steps: 2, usage: noUsage });
  journal.close();
}
