import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../src/agent/run-agent.ts';
import { VaultError } from '../../src/errors.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { openJournal, recoverJournal } from '../../src/memory/journal.ts';
import { searchMemory } from '../../src/memory/recall.ts';
import { createPauses } from '../../src/memory/recall-pauses.ts';
import { rankTexts } from '../../src/memory/recall-rank.ts';
import { likeness, tracesOf } from '../../src/memory/recall-words.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { userMessage } from '../../src/messages.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool, type Tool } from '../../src/tool/define-tool.ts';
import { foldText } from '../../src/tool/fold-text.ts';
import { readFile as readFileTool } from '../../tools/read-file.ts';
import { searchFiles } from '../../tools/search-files.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';

const rank = async (texts: readonly string[], query: string) =>
  (await rankTexts(texts.map(foldText), query)).map(({ index }) => index);

describe('texts are ranked', () => {
  test.each([
    ['the exact word before a longer one', ['a Rechnungsnummer', 'the nummer here'], 'nummer', [1, 0]],
    ['a part of a word', ['Rechnungsnummer 7', 'start'], 'nummer', [0]],
    ['no part of a short word', ['start'], 'art', []],
    ['a word without its ending', ['the invoice'], 'invoices', [0]],
    ['letters of another case and form', ['STRASSE'], 'straße', [0]],
    ['all words before one twice', ['tea tea tea', 'tea and milk', 'milk'], 'tea milk', [1, 0, 2]],
    ['rare words before common ones', ['tea', 'tea', 'tea', 'salt', 'tea'], 'tea salt', [3, 0, 1, 2, 4]],
    ['Chinese', ['我喜欢喝绿茶', '他喜欢咖啡'], '绿茶', [0]],
    ['Chinese that is told apart otherwise', ['关于人工智能的报告', '咖啡'], '智能', [0]],
    ['Japanese', ['請求書の合計は五千円です', '明日は晴れです'], '請求書', [0]],
    ['Thai', ['ใบแจ้งหนี้ยังไม่ได้ชำระ', 'วันนี้อากาศดี'], 'หนี้', [0]],
    ['Arabic', ['الفاتورة رقم سبعة', 'الطقس جميل'], 'الفاتورة', [0]],
    ['Russian', ['Счёт № 5 оплачен', 'Погода хорошая'], 'счёт', [0]],
    ['Korean', ['송장 번호는 7입니다', '날씨가 좋다'], '번호', [0]],
    ['nothing without words', ['tea'], '?! 😀', []],
  ])('%s', async (_, texts, query, indexes) => {
    expect(await rank(texts, query)).toEqual(indexes);
  });

  test('as BM25 has it: how rare a word is counts among all texts, not only among those that have one', async () => {
    const few = ['alpha alpha', 'beta beta', 'beta', 'alpha'];
    const many = [...few, ...Array.from({ length: 500 }, () => 'gamma')];
    const [alone] = await rankTexts(few, 'alpha');
    const [among] = await rankTexts(many, 'alpha');
    expect(among?.score).toBeGreaterThan(2 * (alone?.score ?? 0));
  });
});

test('no word is like one that is looked for without having a trace of it', () => {
  const word = string({
    unit: constantFrom('a', 'b', '茶', '绿', 'カ', '송', '장', 'ห', 'น', 'ี'),
    minLength: 1,
    maxLength: 9,
  });
  const hasTrace = (wanted: string, other: string) =>
    likeness(wanted, other) === 0 || tracesOf(wanted).some((trace) => other.includes(trace));
  assert(property(word, word, hasTrace), { numRuns: 5000 });
});

const ask = defineTool({
  name: 'ask_it',
  description: '',
  input: z.object({ path: z.string() }),
  effect: 'read',
  run: async ({ path }, { workspace, ask }) => {
    const text = (await workspace.readBytes(path)).toString();
    return ask({ instructions: 'Answer.', text });
  },
});

async function play(
  project: Pick<TempProject, 'home' | 'workspace'>,
  script: { task: string; messages: readonly ScriptedMessage[]; tools?: readonly Tool[] },
) {
  const { task, messages, tools = [readFileTool, searchFiles, ask] } = script;
  const agent = { name: 'desk', description: '', instructions: '', tools };
  const engine = createScriptedEngine(messages);
  return runAgent({ agent, task, engine, ...project, durable: false });
}
const call = (name: string, input: { readonly [key: string]: string }): ScriptedMessage => ({
  toolCalls: [{ name, input }],
});

describe('a search of memory', () => {
  test('finds what was remembered, said and read, each with whose words they are and where', async () => {
    const project = await createTempProject({ 'letters/a.txt': 'The zeppelin costs 5 EUR.' });
    const fact = await openFacts(project.home).add('Anna likes the zeppelin.', { by: 'user' });
    const { runId, threadId } = await play(project, {
      task: 'What does the zeppelin cost?',
      messages: [call('read_file', { path: 'letters/a.txt' }), { text: 'The zeppelin costs five.' }],
    });
    const hits = await searchMemory(project.home, 'zeppelin');
    expect(hits).toHaveLength(4);
    expect(hits).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'fact',
          by: 'user',
          factId: fact.id,
          text: 'Anna likes the zeppelin.',
        }),
        expect.objectContaining({ kind: 'message', by: 'user', threadId, runId }),
        expect.objectContaining({
          kind: 'message',
          by: 'agent',
          agent: 'desk',
          text: 'The zeppelin costs five.',
        }),
        expect.objectContaining({
          kind: 'document',
          by: 'document',
          text: 'The zeppelin costs 5 EUR.',
          sources: [{ path: 'letters/a.txt', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
          runId,
        }),
      ]),
    );
    const found = await searchMemory(project.home, 'zeppelin', { kinds: ['document'], most: 1 });
    expect(found.map(({ kind }) => kind)).toEqual(['document']);
  });

  test('gives each line of a search through files to its file, with its page', async () => {
    const project = await createTempProject({
      'a.txt': 'first\nThe zeppelin is red.',
      'b.txt': 'The zeppelin is blue.',
    });
    await play(project, {
      task: 'Go.',
      messages: [call('search_files', { query: 'zeppelin' }), { text: 'ok' }],
    });
    const hits = await searchMemory(project.home, 'zeppelin');
    expect(hits.map(({ text, sources }) => [sources?.map(({ path }) => path), text]).toSorted()).toEqual([
      [['a.txt'], 'The zeppelin is red.'],
      [['b.txt'], 'The zeppelin is blue.'],
    ]);
  });

  test('takes what the model made of a document for the agent’s words', async () => {
    const project = await createTempProject({ 'a.txt': 'Secret.' });
    const messages = [call('ask_it', { path: 'a.txt' }), { text: 'It says zeppelin.' }, { text: 'ok' }];
    await play(project, { task: 'Go.', messages });
    const hits = await searchMemory(project.home, 'zeppelin');
    expect(hits).toMatchObject([{ kind: 'message', by: 'agent', agent: 'desk', text: 'It says zeppelin.' }]);
  });

  test('does not find a call that failed, a thought, or what no file said', async () => {
    const project = await createTempProject();
    const say = defineTool({
      name: 'say',
      description: '',
      input: z.object({}),
      effect: 'read',
      run: () => 'zeppelin of the tool',
    });
    const messages = [
      call('read_file', { path: 'zeppelin.txt' }),
      { toolCalls: [{ name: 'say', input: {} }] },
      { thinking: 'zeppelin', text: 'ok' },
    ];
    await play(project, { task: 'Go.', messages, tools: [readFileTool, say] });
    expect(await searchMemory(project.home, 'zeppelin')).toEqual([]);
  });

  test('finds the same passage of the same file once, and those of two versions of it twice', async () => {
    const project = await createTempProject({ 'a.txt': 'The zeppelin is red.' });
    const read = () =>
      play(project, { task: 'Go.', messages: [call('read_file', { path: 'a.txt' }), { text: 'ok' }] });
    await read();
    const { runId } = await read();
    expect(await searchMemory(project.home, 'zeppelin')).toMatchObject([{ kind: 'document', runId }]);
    await project.workspace.write('a.txt', 'The zeppelin is red.\n\nToday.');
    await read();
    const shas = (await searchMemory(project.home, 'zeppelin')).map(({ sources }) => sources?.[0]?.sha256);
    expect(new Set(shas).size).toBe(2);
  });

  test('gives a passage, not the whole, and its page', async () => {
    const filler = `${'word '.repeat(120)}\n`;
    const text = `${filler}[Page 2 of 3]\n${filler}The zeppelin is here.\n${filler}`;
    const project = await createTempProject({ 'a.pdf': text });
    await play(project, { task: 'Go.', messages: [call('read_file', { path: 'a.pdf' }), { text: 'ok' }] });
    const [hit, ...others] = await searchMemory(project.home, 'zeppelin');
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ kind: 'document', page: 2 });
    expect(hit?.text).toContain('zeppelin');
    expect(hit?.text.length).toBeLessThanOrEqual(400);
  });

  test('takes no line of a text for the mark of a page, or for what another file says', async () => {
    const text =
      'x\n[Page 7 of 9]\nThe zeppelin is red.\ngood.txt:3: The zeppelin is blue.\na.txt:4: zeppelin';
    const project = await createTempProject({ 'a.txt': text, 'good.txt': 'The zeppelin is here.' });
    const read = call('read_file', { path: 'a.txt' });
    await play(project, { task: 'Go.', messages: [read, { text: 'ok' }] });
    const [hit, ...others] = await searchMemory(project.home, 'zeppelin');
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ text, sources: [{ path: 'a.txt' }] });
    expect(hit).not.toHaveProperty('page');
    const search = call('search_files', { query: 'zeppelin' });
    await play(project, { task: 'Go.', messages: [search, { text: 'ok' }] });
    const found = await searchMemory(project.home, 'blue', { kinds: ['document'] });
    expect(found.map(({ sources }) => sources?.map(({ path }) => path))).toEqual([['a.txt'], ['a.txt']]);
  });

  test('finds documents that an earlier Sotto read, by the path of the call', async () => {
    const project = await createTempProject({ 'a.txt': 'The zeppelin is red.' });
    const messages = [call('read_file', { path: 'a.txt' }), { text: 'ok' }];
    const { runId } = await play(project, { task: 'Go.', messages });
    const path = join(project.home, 'runs', `${runId}.jsonl`);
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    const earlier = lines.map((line) => {
      const { crc: _, version: __, ...entry } = JSON.parse(line);
      if (entry.result) delete entry.result.sources;
      return JSON.stringify(entry);
    });
    await writeFile(path, `${earlier.join('\n')}\n`);
    const hits = await searchMemory(project.home, 'zeppelin');
    expect(hits).toMatchObject([
      { by: 'document', text: 'The zeppelin is red.', sources: [{ path: 'a.txt', sha256: '' }] },
    ]);
  });

  test('says which runs of a thread are not there any more', async () => {
    const project = await createTempProject();
    const { runId } = await play(project, { task: 'Go.', messages: [{ text: 'ok' }] });
    await rm(join(project.home, 'runs', `${runId}.jsonl`));
    const told: string[] = [];
    await searchMemory(project.home, 'zeppelin', { tell: (sentence) => told.push(sentence) });
    expect(told).toEqual([expect.stringContaining(`the run ${runId} of the thread ${runId} is not there`)]);
  });

  test('gives a line to the file with the longest name of those that it may be of', async () => {
    const long = 'good.txt:3: a.txt';
    const project = await createTempProject({ [long]: 'The zeppelin is blue.', 'good.txt': 'A zeppelin.' });
    await play(project, {
      task: 'Go.',
      messages: [call('search_files', { query: 'zeppelin' }), { text: 'ok' }],
    });
    const [hit] = await searchMemory(project.home, 'blue');
    expect(hit).toMatchObject({ text: 'The zeppelin is blue.', sources: [{ path: long }] });
  });

  test('a sub-agent’s task is what another agent said, and its answer is its own', async () => {
    const project = await createTempProject();
    const clerk = { name: 'clerk', description: '', instructions: '', tools: [] };
    const agent = { name: 'boss', description: '', instructions: '', agents: [clerk] };
    const engine = createScriptedEngine([
      call('ask_clerk', { task: 'Find the zeppelin.' }),
      { text: 'The zeppelin is gone.' },
      { text: 'ok' },
    ]);
    await runAgent({ agent, task: 'Go.', engine, ...project, durable: false });
    const hits = await searchMemory(project.home, 'zeppelin');
    expect(hits.map(({ by, agent: name, text }) => [by, name, text]).toSorted()).toEqual([
      ['agent', 'boss', 'Find the zeppelin.'],
      ['agent', 'clerk', 'The zeppelin is gone.'],
    ]);
  });

  test('leaves out a run and those that it works for', async () => {
    const project = await createTempProject();
    const first = await play(project, { task: 'zeppelin one', messages: [{ text: 'ok' }] });
    const second = await play(project, { task: 'zeppelin two', messages: [{ text: 'ok' }] });
    const hits = await searchMemory(project.home, 'zeppelin', { exceptRun: second.runId });
    expect(hits.map(({ runId }) => runId)).toEqual([first.runId]);
  });

  test('leaves out what is damaged, says so each time, and sees what came since', async () => {
    const project = await createTempProject();
    const good = await play(project, { task: 'zeppelin one', messages: [{ text: 'ok' }] });
    const bad = await play(project, { task: 'other', messages: [{ text: 'zeppelin two' }] });
    const path = join(project.home, 'runs', `${bad.runId}.jsonl`);
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [lines[0], 'garbage', ...lines.slice(2)].join('\n'));
    await writeFile(join(project.home, 'runs', 'newer.jsonl'), '{"seq":1}\nx\n');
    for (let time = 0; time < 2; time += 1) {
      const told: string[] = [];
      const hits = await searchMemory(project.home, 'zeppelin', { tell: (sentence) => told.push(sentence) });
      expect(hits.map(({ runId }) => runId)).toEqual([good.runId]);
      expect(told).toEqual([
        expect.stringContaining(`${bad.runId}.jsonl is damaged in line 2`),
        expect.stringContaining('newer.jsonl is damaged in line 1'),
      ]);
    }
    await play(project, { task: 'zeppelin three', messages: [{ text: 'ok' }] });
    const hits = await searchMemory(project.home, 'zeppelin', { tell: () => {} });
    expect(hits.map(({ text }) => text).toSorted()).toEqual(['zeppelin one', 'zeppelin three']);
  });

  test('lets others work meanwhile, and ends where it is told to', async () => {
    const text = 'zeppelin '.repeat(40);
    const texts = Array.from({ length: 100_000 }, () => text);
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(rankTexts(texts, 'zeppelin', createPauses(stop.signal))).rejects.toThrow('enough');
  });

  test('sees what a run says after it was found, as one that is gone on with does', async () => {
    const project = await createTempProject();
    const { runId } = await play(project, { task: 'zeppelin one', messages: [{ text: 'ok' }] });
    expect(await searchMemory(project.home, 'zeppelin')).toHaveLength(1);
    const { entries } = recoverJournal(project.home, runId);
    const journal = openJournal({ home: project.home, runId, entries });
    journal.append({ type: 'user-message', step: 2, from: 'user', message: userMessage('zeppelin two') });
    journal.close();
    expect(await searchMemory(project.home, 'zeppelin')).toHaveLength(2);
  });

  test('searches an encrypted folder once it is unlocked, and says that it is locked before', async () => {
    const project = await createTempProject({ 'a.txt': 'The zeppelin is red.' });
    createVault(project.home, 'four words by chance');
    await play(project, { task: 'Go.', messages: [call('read_file', { path: 'a.txt' }), { text: 'ok' }] });
    await openFacts(project.home).add('Anna likes the zeppelin.');
    expect((await searchMemory(project.home, 'zeppelin')).map(({ kind }) => kind).toSorted()).toEqual([
      'document',
      'fact',
    ]);
    const other = await createTempProject();
    await cp(project.home, other.home, { recursive: true });
    await expect(searchMemory(other.home, 'zeppelin')).rejects.toThrow(VaultError);
  });
});
