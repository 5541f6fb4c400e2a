import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/define-agent.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { takeUp } from '../../src/cli/run-take-up.ts';
import { localTime } from '../../src/memory/local-time.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { writeFile as writeTool } from '../../tools/write-file.ts';
import { createTempProject } from '../helpers/temp-project.ts';

afterEach(() => void vi.useRealTimers());

const agent: Agent = { name: 'clerk', description: '', instructions: '', tools: [writeTool] };

/** A run that was cut off, and what `sotto run` says to it. */
async function createCut() {
  const project = await createTempProject();
  const engine = createScriptedEngine([{ text: 'ok' }]);
  const { runId } = await runAgent({ ...project, agent, task: 'Do it.', engine });
  const path = join(project.home, 'runs', `${runId}.jsonl`);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n').slice(0, -1);
  await writeFile(path, `${lines.join('\n')}\n`);
  const said: string[] = [];
  const wanted = { home: project.home, agent, task: 'Do it.', note: {}, threadId: undefined };
  const at: string = JSON.parse(lines.at(-1) ?? '').at;
  const stopped = `Run ${runId} stopped at step 1 of "Do it.", at ${localTime(at)}`;
  return { path, runId, said, stopped, take: () => takeUp(wanted, (sentence) => said.push(sentence)) };
}

test('a run that was cut off is taken up, and it is said when it stopped and how to begin anew', async () => {
  const { runId, said, stopped, take } = await createCut();
  expect(await take()).toMatchObject({ runId });
  expect(said).toEqual([`${stopped}: going on with it. To begin anew, end this and add --new.`]);
});

test('a run of the day before yesterday is not taken up, and it is said how to go on with it', async () => {
  const { runId, said, stopped, take } = await createCut();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 60 * 60 * 1000 });
  expect(await take()).toBeUndefined();
  expect(said).toEqual([
    `${stopped}, more than a day ago: this begins anew. To go on with that one: sotto resume ${runId}`,
  ]);
});

test('a run that cannot be gone on with is not taken up, and it is said why', async () => {
  const { path, runId, said, stopped, take } = await createCut();
  await writeFile(path.replace('.jsonl', '.damaged-2026-11-21T17-26-38-726Z.jsonl'), 'what was there');
  expect(await take()).toBeUndefined();
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`${stopped}, and cannot be gone on with: this begins anew. The run ${runId}`);
});
