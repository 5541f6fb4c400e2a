import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../src/agent/run-agent.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { traceRun } from '../../src/trace/trace-run.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const canary = (name: string) => `canary-${name}`;
/** What a run is made of: none of it is for a log. */
const SAID = [
  'user',
  'user-later',
  'thought',
  'text',
  'answer',
  'file-name',
  'file-text',
  'missing-file',
  'search',
  'fact',
  'recalled',
  'written-path',
  'written-text',
  'denied',
  'tool-error',
  'tool-asked',
  'unknown-tool',
  'unknown-input',
  'delegated',
  'delegated-thought',
  'delegated-answer',
];

test('a trace has nothing of what was said, read, remembered, called and failed, and no other log is written', async () => {
  const file = `${canary('file-name')}.txt`;
  const { home, folder, workspace } = await createTempProject({ [file]: canary('file-text') });
  const facts = openFacts(home);
  await facts.add(canary('recalled'), { by: 'user' });
  const fails = defineTool({
    name: 'fails',
    description: '',
    effect: 'read',
    input: z.object({}),
    run: () => Promise.reject(new Error(canary('tool-error'))),
  });
  const asks = defineTool({
    name: 'asks',
    description: '',
    effect: 'read',
    input: z.object({}),
    run: (_, { ask }) => ask({ instructions: 'Say it.', text: 'it' }),
  });
  const call = (name: string, input: { readonly [key: string]: string } = {}) => ({ name, input });
  const clerk = { name: 'clerk', description: '', instructions: '' };
  const tools = [...builtInTools, fails, asks];
  const agent = { name: 'boss', description: '', instructions: '', tools, agents: [clerk] };
  const remembered = call('remember', { fact: canary('fact') });
  const denied = call('remember', { fact: canary('denied') });
  const engine = createScriptedEngine([
    {
      thinking: canary('thought'),
      text: canary('text'),
      toolCalls: [call('read_file', { path: file }), call('read_file', { path: canary('missing-file') })],
    },
    { toolCalls: [call('search_files', { query: canary('search') }), call('recall', { query: 'canary' })] },
    { toolCalls: [remembered, denied] },
    { toolCalls: [call('write_file', { path: canary('written-path'), text: canary('written-text') })] },
    { toolCalls: [call('fails')] },
    { toolCalls: [call('asks')] },
    { text: canary('tool-asked') },
    { toolCalls: [call(`x ${canary('unknown-tool')}`, { key: canary('unknown-input') })] },
    { toolCalls: [call('ask_clerk', { task: canary('delegated') })] },
    { thinking: canary('delegated-thought'), text: canary('delegated-answer') },
    { text: canary('answer') },
  ]);
  const path = join(folder, 'trace.jsonl');
  {
    using trace = traceRun(path);
    const run = runAgent({
      agent,
      task: canary('user'),
      engine,
      home,
      workspace,
      facts,
      onEvent: trace.onEvent,
      approve: async ({ toolCall }) => (toolCall.input.fact === canary('denied') ? 'deny' : 'allow'),
    });
    run.send(canary('user-later'));
    expect((await run).stopReason).toBe('done');
    engine.assertComplete();
  }
  const runs = await readdir(join(home, 'runs'));
  const journals = (await Promise.all(runs.map((name) => readFile(join(home, 'runs', name), 'utf8')))).join(
    '',
  );
  // The control: every one of them went through the run.
  expect(SAID.filter((name) => !journals.includes(canary(name)))).toEqual([]);
  const trace = await readFile(path, 'utf8');
  expect(trace.trim().split('\n').length).toBeGreaterThan(20);
  expect(trace).not.toContain('canary');
  expect((await readdir(home, { recursive: true })).filter((name) => /log|trace/i.test(name))).toEqual([]);
});
