import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { recoverJournal } from '../../src/memory/journal.ts';
import { deleteHolders } from '../../src/memory/recall-forget.ts';
import { findHolders } from '../../src/memory/recall-holders.ts';
import { lockThread, type Thread } from '../../src/memory/threads.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { writeFile as writeFileTool } from '../../tools/write-file.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';

const clerk = { name: 'clerk', description: '', instructions: '', tools: [writeFileTool] };
const FACT = 'Anna likes tea.';

function play(
  { home, workspace }: TempProject,
  task: string,
  {
    messages = [{ text: 'ok' }] as readonly ScriptedMessage[],
    thread = undefined as Thread | undefined,
    id = '',
  } = {},
) {
  const agent = { ...clerk, name: 'boss', agents: [clerk] };
  const begun = id === '' ? thread : { ...(thread ?? { runs: [], messages: [], context: [] }), threadId: id };
  const engine = createScriptedEngine(messages);
  return runAgent({ agent, task, engine, home, workspace, durable: false, ...(begun && { thread: begun }) });
}
const holdersOf = async ({ home }: TempProject, tell: (sentence: string) => void = () => {}) =>
  (await findHolders(home, FACT, tell)).runs.map(({ runId }) => runId);

/** What of the `.sotto` folder has these letters. */
async function filesWith({ home }: TempProject, letters: string): Promise<readonly string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
  return files.filter((_, index) => texts[index]?.includes(letters));
}

test.each<[string, readonly ScriptedMessage[], boolean]>([
  ['in a thought', [{ thinking: 'So anna LIKES tea', text: 'ok' }], true],
  [
    'in a call',
    [{ toolCalls: [{ name: 'write_file', input: { path: 'Anna likes tea', text: 'a' } }] }],
    true,
  ],
  ['in other words of the same passage', [{ text: 'Tea is what Anna likes.' }], true],
  ['in passages far from each other', [{ text: `Anna likes ${'much '.repeat(200)} tea.` }], false],
  ['not at all', [{ text: 'Bert likes tea.' }], false],
  ['as parts of longer words', [{ text: 'Joanna likes teapots: joanna likes tea-cups.' }], false],
  [
    'in several fields of a call',
    [{ toolCalls: [{ name: 'write_file', input: { path: 'Anna', text: 'likes tea' } }] }],
    true,
  ],
])('finds words that stand %s', async (_, messages, isHeld) => {
  const project = await createTempProject();
  const { runId } = await play(project, 'Go.', { messages });
  expect(await holdersOf(project)).toEqual(isHeld ? [runId] : []);
});

test.each([
  ['Ann', 'planning of the cannon', false],
  ['Ann', 'Ask Ann, please.', true],
  ['5 mg', 'Take 15 mg', false],
  ['Clerk.', 'hello', false],
  ['done', 'hello', false],
  ['我喜欢绿茶', '他说我喜欢绿茶吗', true],
  ['tea', '喝tea吧', true],
  ['안나', '안나는 차를 좋아한다', true],
])('of the words %j, %j has them: %s', async (words, task, isHeld) => {
  const project = await createTempProject();
  const { runId } = await play(project, task, {
    messages: [{ toolCalls: [{ name: 'write_file', input: { path: 'a.txt', text: 'a' } }] }, { text: 'ok' }],
  });
  const { runs } = await findHolders(project.home, words, () => {});
  expect(runs.map((run) => run.runId)).toEqual(isHeld ? [runId] : []);
});

test('gives the passage that has the words, not all that stands around it', async () => {
  const project = await createTempProject();
  const text = `${'Other. '.repeat(200)}\n${FACT}\n${'Other. '.repeat(200)}`;
  await play(project, 'Go.', { messages: [{ text }] });
  const [run] = (await findHolders(project.home, FACT, () => {})).runs;
  expect(run?.passage).toContain(FACT);
  expect(run?.passage.length).toBeLessThanOrEqual(400);
});

test.each([
  ['behind a damage', (lines: readonly string[]) => lines.with(1, 'garbage'), 1],
  ['in a journal without its beginning', (lines: readonly string[]) => lines.slice(1), 1],
  ['of a newer version', (lines: readonly string[]) => [...lines.with(0, '{"seq":1,"version":9}')], 1],
  [
    'in a line that a crash cut off',
    (lines: readonly string[]) => {
      const at = lines.findIndex((line) => line.includes(FACT));
      return [...lines.slice(0, at), (lines[at] ?? '').split(FACT)[0] + FACT];
    },
    0,
  ],
])('finds words %s', async (_, change, problems) => {
  const project = await createTempProject();
  const { runId } = await play(project, 'Go.', { messages: [{ text: `So\n${FACT}` }] });
  const path = join(project.home, 'runs', `${runId}.jsonl`);
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  await writeFile(path, change(lines).join('\n') + (problems > 0 ? '\n' : ''));
  const told: string[] = [];
  expect(await holdersOf(project, (sentence) => told.push(sentence))).toEqual([runId]);
  expect(told).toHaveLength(problems);
});

test('finds words in what killed writers left, and deletes that', async () => {
  const project = await createTempProject();
  await play(project, 'Go.');
  const line = JSON.stringify({ seq: 1, message: { text: FACT } });
  const paths = ['runs/gone.jsonl', 'threads/gone.json', 'threads/gone.jsonl', 'facts.json'].map((name) =>
    join(project.home, `${name}.0123456789ab.part`),
  );
  for (const path of paths) await writeFile(path, line);
  const holders = await findHolders(project.home, FACT, () => {});
  expect(holders.runs).toEqual([]);
  expect(holders.files.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
  await deleteHolders(project.home, holders);
  expect(await filesWith(project, 'Anna')).toEqual([]);
});

test('names the extraction jobs that have the words, and deletes none', async () => {
  const project = await createTempProject();
  const [held, other] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((id) => join(project.home, 'jobs', id));
  for (const [folder = '', name] of [
    [held, 'Anna'],
    [other, 'Bert'],
  ]) {
    await mkdir(folder, { recursive: true });
    const fields = { name, likes: ['tea'] };
    await writeFile(join(folder, 'ledger.jsonl'), `${JSON.stringify({ seq: 1, type: 'likes', fields })}\n`);
  }
  const holders = await findHolders(project.home, FACT, () => {});
  expect(holders).toEqual({
    runs: [],
    files: [],
    jobs: [{ jobId: 'aaaaaaaaaaaa', passage: expect.stringContaining('Anna') }],
  });
  await deleteHolders(project.home, holders);
  expect(await filesWith(project, 'Anna')).toHaveLength(1);
});

test('a run whose damaged journal was put aside has the words of that, and they are deleted with it', async () => {
  const project = await createTempProject();
  const { runId } = await play(project, 'Go.', { messages: [{ text: FACT }] });
  const path = join(project.home, 'runs', `${runId}.jsonl`);
  await writeFile(path, (await readFile(path, 'utf8')).replace('"seq":2', '"seq":3'));
  const told: string[] = [];
  expect(await holdersOf(project, (sentence) => told.push(sentence))).toEqual([runId]);
  expect(told).toEqual([expect.stringContaining('is damaged in line 2')]);
  recoverJournal(project.home, runId);
  expect(await holdersOf(project)).toEqual([runId]);
  await deleteHolders(project.home, await findHolders(project.home, FACT, () => {}));
  expect(await filesWith(project, 'Anna')).toEqual([]);
});

test('deletes threads that branch off others first, and those of sub-agents with their own', async () => {
  const project = await createTempProject();
  const ask = { toolCalls: [{ name: 'ask_clerk', input: { task: FACT } }] };
  const first = await play(project, FACT, { messages: [ask, { text: FACT }, { text: 'ok' }], id: 'a' });
  await play(project, `Again: ${FACT}`, { thread: first.thread, id: 'b' });
  const kept = await play(project, 'Other.');
  const holders = await findHolders(project.home, FACT, () => {});
  expect(new Set(holders.runs.map(({ threadId }) => threadId)).size).toBe(3);
  const { threads, problems } = await deleteHolders(project.home, holders);
  expect({ threads: threads.filter((id) => id.length === 1).toSorted(), problems }).toEqual({
    threads: ['a', 'b'],
    problems: [],
  });
  expect(await filesWith(project, 'Anna')).toEqual([]);
  expect(await readdir(join(project.home, 'runs'))).toEqual([`${kept.runId}.jsonl`]);
});

test('says which threads it could not delete, and deletes the others', async () => {
  const project = await createTempProject();
  const busy = await play(project, FACT);
  const free = await play(project, FACT);
  using _ = lockThread(project.home, busy.threadId);
  const holders = await findHolders(project.home, FACT, () => {});
  expect(await deleteHolders(project.home, holders)).toMatchObject({
    threads: [free.threadId],
    problems: [expect.stringContaining(`${busy.threadId} is in use`)],
  });
});
