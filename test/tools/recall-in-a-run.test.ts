import { expect, test } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { contentText } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTempProject } from '../helpers/temp-project.ts';

test('a run recalls what another one read, and what it remembers says where', async () => {
  const { home, workspace } = await createTempProject({ 'a.txt': 'The zeppelin costs 5 EUR.' });
  const agent = { name: 'desk', description: '', instructions: '', tools: builtInTools };
  const play = (task: string, calls: readonly { name: string; input: Record<string, string> }[]) =>
    runAgent({
      agent,
      task,
      home,
      workspace,
      approved: ['remember'],
      engine: createScriptedEngine([...calls.map((call) => ({ toolCalls: [call] })), { text: 'ok' }]),
    });
  await play('Read it.', [{ name: 'read_file', input: { path: 'a.txt' } }]);
  const { messages, runId, threadId } = await play('What does the zeppelin cost?', [
    { name: 'recall', input: { query: 'zeppelin' } },
    { name: 'remember', input: { fact: 'It costs 5.' } },
  ]);
  const [first] = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  expect(contentText(first?.content ?? [])).toMatch(
    /^No fact in memory has these words\.\nFrom earlier.*\n\d{4}-\d\d-\d\d, document "a\.txt": "The zeppelin costs 5 EUR\."$/,
  );
  expect(await openFacts(home).list()).toMatchObject([
    { by: 'agent', source: { agent: 'desk', runId, threadId } },
  ]);
});
