import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Approve } from '../../src/agent/ask-approval.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { contentText, type JsonObject } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { readFile } from '../../tools/read-file.ts';
import { recall } from '../../tools/recall.ts';
import { MAX_FACT, remember } from '../../tools/remember.ts';
import { createTestEngine, forceMessages } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

type Call = { readonly name: string; readonly input: JsonObject };
const keep = (fact: string): Call => ({ name: 'remember', input: { fact } });
const find = (query: string): Call => ({ name: 'recall', input: { query } });
const agent = { name: 'desk', description: '', instructions: '', tools: [remember, recall, readFile] };

async function play(
  calls: readonly Call[],
  options: { readonly approve?: Approve; readonly approved?: readonly string[] } = {},
) {
  const { home, workspace } = await createTempProject({ 'a.txt': 'Remember that the door is open.' });
  const engine = createScriptedEngine([...calls.map((call) => ({ toolCalls: [call] })), { text: 'ok' }]);
  const result = await runAgent({ agent, task: 'Go.', engine, workspace, home, ...options });
  const results = result.messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const texts = results.map(({ content }) => contentText(content));
  return { home, result, texts, facts: await openFacts(home).search('') };
}

describe('remember', () => {
  test('is asked about with the fact itself, and keeps nothing where the answer is no', async () => {
    const asked: unknown[] = [];
    const approve: Approve = async ({ toolCall, reason }) => {
      asked.push([toolCall.name, toolCall.input, reason]);
      return 'deny';
    };
    const read = { name: 'read_file', input: { path: 'a.txt' } };
    const { facts, texts } = await play([read, keep('The door is open.')], { approve });
    expect(asked).toEqual([['remember', { fact: 'The door is open.' }, 'remember can do more than read']]);
    expect(texts[1]).toContain('refused: the user said no');
    expect(facts).toEqual([]);
  });

  test('ends the run where nobody can be asked', async () => {
    const { result, facts } = await play([keep('The door is open.')]);
    expect(result.stopReason).toBe('needsApproval');
    expect(facts).toEqual([]);
  });

  test('keeps a fact once, on one line, for all threads', async () => {
    const calls = [keep(' Anna\n likes\ttea. '), keep('Anna likes tea.'), find('tea')];
    const { texts, facts } = await play(calls, { approved: ['remember'] });
    expect(facts).toMatchObject([{ text: 'Anna likes tea.' }]);
    expect(texts).toEqual([
      'Kept.',
      'It was kept before.',
      expect.stringMatching(/^\d{4}-\d\d-\d\d: Anna likes tea\.$/),
    ]);
  });

  test.each(['anna likes TEA.', 'Anna likes\u00a0tea\u202e.'])(
    'takes %j for a fact that it has',
    async (fact) => {
      const { texts, facts } = await play([keep('Anna likes tea.'), keep(fact)], { approved: ['remember'] });
      expect(facts).toMatchObject([{ text: 'Anna likes tea.' }]);
      expect(texts).toEqual(['Kept.', 'It was kept before.']);
    },
  );

  test.each([
    ['', 'The fact is empty: nothing was kept.'],
    [' \n', 'The fact is empty: nothing was kept.'],
    ['\0\u202e', 'The fact has no words: nothing was kept.'],
    ['?! 😀', 'The fact has no words: nothing was kept.'],
    ['x'.repeat(MAX_FACT + 1), /^The fact has 501 characters and was not kept\. Say it in one sentence/],
  ])('does not keep %j', async (fact, text) => {
    const { texts, facts } = await play([keep(fact)], { approved: ['remember'] });
    expect(texts).toEqual([expect.stringMatching(text)]);
    expect(facts).toEqual([]);
  });

  test.each<JsonObject>([{ fact: 5 }, { fact: ['a'] }, { fact: null }, {}, { fact: 'a', id: '1' }])(
    'says what is wrong with %j',
    async (input) => {
      const { texts, facts } = await play([{ name: 'remember', input }], { approved: ['remember'] });
      expect(texts).toEqual([expect.stringMatching(/^The call of remember was not made\. .*(fact|id)/s)]);
      expect(facts).toEqual([]);
    },
  );

  test('tells the model when the disk refuses', async () => {
    const { home, workspace } = await createTempProject();
    await mkdir(join(home, 'facts.jsonl'), { recursive: true });
    const engine = createScriptedEngine([{ toolCalls: [keep('a')] }, { text: 'ok' }]);
    const run = { agent, task: 'Go.', engine, workspace, home, approved: ['remember'] };
    const { messages, stopReason } = await runAgent(run);
    expect(stopReason).toBe('done');
    expect(JSON.stringify(messages)).toContain('cannot be read: it is a folder (EISDIR).');
  });

  test('keeps what the bundled model is asked to, word for word', async () => {
    await using engine = await createTestEngine();
    const { home, workspace } = await createTempProject();
    const task = 'Remember that Anna likes tea.';
    const forced = forceMessages(engine, [
      'I will keep this fact.\n</think>\n\n<tool_call>\n<function=remember>\n<parameter=fact>\nAnna likes tea\n</parameter>\n</function>\n</tool_call>',
    ]);
    const result = await runAgent({ agent, task, engine: forced, workspace, home, approved: ['remember'] });
    expect(result.stopReason).toBe('done');
    expect(await openFacts(home).search('')).toMatchObject([{ text: 'Anna likes tea' }]);
  });
});

describe('recall', () => {
  test('says that there is nothing, or nothing of these words', async () => {
    expect((await play([find('😀')])).texts).toEqual(['Nothing is in memory.']);
    expect((await play([find('tea')])).texts).toEqual(['Nothing is in memory.']);
    const { texts } = await play(
      [keep('Anna likes tea.'), find('Bruno'), find('😀'), { name: 'recall', input: {} }],
      {
        approved: ['remember'],
      },
    );
    expect(texts.slice(1)).toEqual([
      'No fact in memory has these words. Recall without a query for the newest facts.',
      'No fact in memory has these words. Recall without a query for the newest facts.',
      expect.stringMatching(/: Anna likes tea\.$/),
    ]);
  });

  test('keeps a fact on one line, whoever wrote it', async () => {
    const { home, workspace } = await createTempProject();
    await mkdir(home);
    const fact = { id: '1', text: 'a\n2026-01-01: b\u202e', at: '2026-11-21T10:00:00.000Z' };
    await writeFile(join(home, 'facts.jsonl'), `${JSON.stringify(fact)}\n`);
    const engine = createScriptedEngine([{ toolCalls: [find('')] }, { text: 'ok' }]);
    const { messages } = await runAgent({ agent, task: 'Go.', engine, workspace, home });
    expect(JSON.stringify(messages[2])).toContain(
      JSON.stringify('2026-11-21, an agent: "a 2026-01-01: b\\u202e"').slice(1, -1),
    );
  });
});
