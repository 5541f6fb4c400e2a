/** The bundled model at the kind of work that it was trained for, as `sotto run` does it. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunAgentOptions, runAgent } from '../../src/agent/run-agent.ts';
import { findAgent, type LoadedConfig, loadConfig } from '../../src/config.ts';
import { LlamaEngine } from '../../src/engine/llama-engine.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal } from '../../src/memory/journal.ts';
import { foldThreads, readRuns } from '../../src/memory/threads.ts';
import type { Thinking } from '../../src/qwen/thinking.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';

const CLOSING = 'Considering the limited time by the user';
const FOLDER_JOB = 'Find the total of every file in invoices and save it to out/totals.json.';

let folder: string;
let config: LoadedConfig;
let engine: LlamaEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-clerk-'));
  for (const name of ['invoices', 'letters']) {
    await cp(join(import.meta.dirname, '../../workspace', name), join(folder, 'workspace', name), {
      recursive: true,
    });
  }
  config = await loadConfig({ folder });
  engine = await LlamaEngine.create({ ...config.model, contextTokens: 8192 });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Options = Partial<RunAgentOptions> & { readonly thinking?: Thinking };

async function run(task: string, { thinking, onEvent, ...options }: Options = {}) {
  const events: RunEvent[] = [];
  const clerk = findAgent(config, 'clerk');
  const agent = { ...clerk, ...(thinking !== undefined && { thinking }) };
  const workspace = await openWorkspace(config.workspace);
  const both = (event: RunEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  const result = await runAgent({
    agent,
    task,
    engine,
    workspace,
    home: config.home,
    onEvent: both,
    ...options,
  });
  const answers = result.messages.flatMap((message) => (message.role === 'assistant' ? [message] : []));
  return { result, answers, calls: answers.flatMap(({ toolCalls }) => toolCalls), events };
}

describe('the clerk', () => {
  test('finds a value in a document', async () => {
    const { result, calls } = await run('What is the dose in letters/clinic.txt?');
    expect(result).toMatchObject({ stopReason: 'done', text: 'The dose is 5 mg.', steps: 2 });
    expect(calls).toMatchObject([{ name: 'read_file', input: { path: 'letters/clinic.txt' } }]);
  });

  test('does the job of a whole folder, and evaluates nothing twice', async () => {
    const { result, calls, events } = await run(FOLDER_JOB);
    expect(result).toMatchObject({ stopReason: 'done', steps: 6 });
    expect(calls.map(({ name }) => name)).toEqual([
      'list_files',
      ...Array(3).fill('read_file'),
      'write_file',
    ]);
    const written = await readFile(join(folder, 'workspace/out/totals.json'), 'utf8');
    expect(JSON.parse(written)).toEqual({
      'energy.txt': '228.83 EUR',
      'school.txt': '740.00 EUR',
      'water.txt': '145.43 EUR',
    });
    const steps = events.flatMap((event) => (event.type === 'step-end' ? [event] : []));
    for (const [index, { usage }] of steps.entries()) {
      const before = steps[index - 1];
      if (!before) continue;
      const held =
        before.usage.evaluatedTokens + before.usage.reusedTokens + before.usage.generatedTokens - 1;
      expect(usage.reusedTokens).toBe(held);
    }
    const sum = (key: 'evaluatedTokens' | 'reusedTokens' | 'generatedTokens') =>
      steps.reduce((total, { usage }) => total + usage[key], 0);
    const [evaluatedTokens, reusedTokens, generatedTokens] = [
      sum('evaluatedTokens'),
      sum('reusedTokens'),
      sum('generatedTokens'),
    ];
    expect(result.usage).toMatchObject({ evaluatedTokens, reusedTokens, generatedTokens });
    expect(JSON.stringify(await readJournal(config.home, result.runId))).toContain('"type":"run-end"');
  });

  test('says the same to the letter when it is asked again', async () => {
    const runs = [
      await run('What is the date in letters/clinic.txt?'),
      await run('What is the date in letters/clinic.txt?'),
    ];
    const [first, second] = runs.map(({ answers }) =>
      answers.map(({ thinking, text, generated }) => [thinking, text, generated]),
    );
    expect(second).toEqual(first);
  });

  test('answers without a thought', async () => {
    const { result, answers } = await run('What is the total in invoices/water.txt?', { thinking: 'off' });
    expect(result).toMatchObject({ stopReason: 'done', text: 'The total is 145.43 EUR.' });
    expect(answers.map(({ thinking }) => thinking)).toEqual(['', '']);
  });

  test('answers with a thought that is as long as it wants', async () => {
    const { result, answers } = await run('What is the total in invoices/water.txt?', { thinking: 'on' });
    expect(result).toMatchObject({ stopReason: 'done', text: 'The total is 145.43 EUR.' });
    expect(answers.every(({ thinking }) => thinking !== '' && !thinking.includes(CLOSING))).toBe(true);
  });

  test('answers with a thought of eight tokens', async () => {
    const { result, answers } = await run('What is the total in invoices/water.txt?', { thinking: 8 });
    expect(result).toMatchObject({ stopReason: 'done', text: 'The total is 145.43 EUR.' });
    expect(answers.every(({ thinking }) => thinking.includes(CLOSING))).toBe(true);
  });

  test('that is stopped in the middle leaves a journal that can be read and gone on with', async () => {
    const controller = new AbortController();
    let tools = 0;
    const onEvent = ({ type }: RunEvent) => {
      if (type === 'tool-call-end') tools += 1;
      if (type === 'thinking-delta' && tools === 2) controller.abort(new Error('stop'));
    };
    const { result } = await run(FOLDER_JOB, { signal: controller.signal, onEvent });
    expect(result.stopReason).toBe('aborted');
    const entries = await readJournal(config.home, result.runId);
    expect(entries.at(-1)).toMatchObject({ type: 'run-end', stopReason: 'aborted' });
    const thread = foldThreads((await readRuns(config.home)).runs).find(
      ({ threadId }) => threadId === result.threadId,
    );
    expect(thread?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
    const again = await run('What is the dose in letters/clinic.txt?', { ...(thread && { thread }) });
    expect(again.result.messages.length).toBeGreaterThan(5);
    expect(again.events.at(-1)).toMatchObject({ type: 'run-end' });
  });
});
