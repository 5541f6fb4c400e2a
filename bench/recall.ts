/**
 * What a search of memory takes in a store of many threads, each with a task, a document of 4,000 characters that was read
 * for it, and an answer: the first search of a process, and the next one.
 *
 *     npx node --conditions=sotto-source bench/recall.ts [threads]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noUsage } from '../src/events.ts';
import { openJournal } from '../src/memory/journal.ts';
import { searchMemory } from '../src/memory/recall.ts';
import { textPart, userMessage } from '../src/messages.ts';

const threads = Number(process.argv[2] ?? 2000);
const LETTERS = 'etaoinshrdlucmfwypvbgkqjxz';
let seed = 7;
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};
const words = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 3 + Math.floor(random() * 8) }, () => LETTERS[Math.floor(random() ** 2 * 26)]).join(
    '',
  ),
);
/** Few words are common and most are rare, as in any language. */
const text = (characters: number): string => {
  const said: string[] = [];
  for (let length = 0; length < characters; ) {
    const word = words[Math.floor(words.length ** random())] ?? '';
    said.push(said.length % 12 === 11 ? `${word}.\n` : word);
    length += word.length + 1;
  }
  return said.join(' ');
};

const folder = await mkdtemp(join(tmpdir(), 'sotto-recall-'));
const home = join(folder, '.sotto');
const model = { name: 'none', fingerprint: 'none' };
for (let thread = 0; thread < threads; thread += 1) {
  const runId = `run-${String(thread).padStart(6, '0')}`;
  const journal = openJournal({ home, runId, durable: false });
  const toolCall = { id: 'call_1_1', name: 'read_file', input: { path: 'a.txt' } };
  const say = (step: number, said: string, toolCalls: readonly (typeof toolCall)[] = []) =>
    journal.append({
      type: 'step-end',
      step,
      message: { role: 'assistant', thinking: '', text: said, toolCalls },
      finish: 'stop',
      usage: noUsage,
    });
  journal.append({
    type: 'run-start',
    runId,
    threadId: runId,
    turn: 1,
    agent: 'desk',
    model,
    seal: 'none',
    message: userMessage(text(200)),
  });
  say(1, '', [toolCall]);
  journal.append({ type: 'tool-call-start', toolCall });
  const sources = [{ path: `documents/${thread}.txt`, sha256: String(thread).padStart(64, '0') }];
  const result = { toolCallId: toolCall.id, isError: false, content: [textPart(text(4000))], sources };
  journal.append({ type: 'tool-call-end', result, durationMs: 1 });
  say(2, text(600));
  journal.append({ type: 'run-end', stopReason: 'done', steps: 2, usage: noUsage });
  journal.close();
}
try {
  for (const query of [`${words[9000]} ${words[400]}`, `${words[15_000]} ${words[3]}`, `${words[12_000]}`]) {
    const started = performance.now();
    const before = process.cpuUsage();
    const hits = await searchMemory(home, query);
    const took = (performance.now() - started).toFixed(0);
    const { user, system } = process.cpuUsage(before);
    const cpu = ((user + system) / 1000).toFixed(0);
    const memory = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
    console.log(
      `${threads} threads, "${query}": ${hits.length} hits, ${took} ms (${cpu} ms of CPU), ${memory} MiB`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
