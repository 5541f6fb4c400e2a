import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { MOST_SOURCES } from '../../src/agent/note-sources.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const agent: Agent = { name: 'clerk', description: '', instructions: '', tools: builtInTools };

async function resultsOf(files: Readonly<Record<string, string>>, calls: readonly [string, object][]) {
  const { home, workspace } = await createTempProject(files);
  const toolCalls = calls.map(([name, input]) => ({ name, input: { ...input } }));
  const engine = createScriptedEngine([{ toolCalls }, { text: 'ok' }]);
  const { messages } = await runAgent({ agent, task: 'Do it.', engine, workspace, home });
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  return { results, prompt: JSON.stringify(engine.requests[1]?.prompt) };
}

test('a result names the files that it was read from, each call its own, and the model is not shown that', async () => {
  const { results, prompt } = await resultsOf({ 'a.txt': 'Total: 12', 'b/c.txt': 'Total: 13' }, [
    ['read_file', { path: './a.txt' }],
    ['search_files', { query: 'Total' }],
    ['list_files', { path: '.' }],
    ['read_file', { path: 'gone.txt' }],
  ]);
  const a = { path: 'a.txt', sha256: hash('sha256', 'Total: 12') };
  const c = { path: 'b/c.txt', sha256: hash('sha256', 'Total: 13') };
  expect(results.map(({ sources }) => sources)).toEqual([[a], [a, c], undefined, undefined]);
  expect(prompt).toContain('Total: 12');
  expect(prompt).not.toContain(a.sha256);
});

test('of many files that were searched, those count that the result names', async () => {
  const many = Array.from({ length: MOST_SOURCES + 10 }, (_, index) => [`f${index}.txt`, `nothing ${index}`]);
  const { results } = await resultsOf({ ...Object.fromEntries(many), 'hit.txt': 'needle' }, [
    ['search_files', { query: 'needle' }],
  ]);
  expect(results[0]?.sources?.map(({ path }) => path)).toEqual(['hit.txt']);
});
