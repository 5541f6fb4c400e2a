import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../src/agent/define-agent.ts';
import { findCutOff } from '../../src/agent/find-cut-off.ts';
import { type ResumeRunOptions, resumeRun } from '../../src/agent/resume-run.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import { loadThread } from '../../src/cli/load-thread.ts';
import { createScriptedEngine, type ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { defineTool, type Effect } from '../../src/tool/define-tool.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const made: string[] = [];
beforeEach(() => void made.splice(0));
const bookThat = (effect: Effect) =>
  defineTool({
    name: 'book',
    description: 'Books.',
    effect,
    input: z.object({ entry: z.string() }),
    run: ({ entry }) => {
      made.push(entry);
      return `Booked ${entry}.`;
    },
  });
const clerkThat = (effect: Effect): Agent => ({
  name: 'clerk',
  description: 'Works.',
  instructions: '',
  tools: [bookThat(effect)],
});
const booking = (entry: string): ScriptedMessage => ({ toolCalls: [{ name: 'book', input: { entry } }] });

/** A run that ended, and its journals to be changed. */
async function play(agent: Agent, script: readonly ScriptedMessage[]) {
  const { home, workspace } = await createTempProject();
  const given = { home, workspace, agent, approved: ['book'] };
  const { runId } = await runAgent({ ...given, task: 'Do it.', engine: createScriptedEngine(script) });
  const pathOf = (id: string) => join(home, 'runs', `${id}.jsonl`);
  const change = async (id: string, to: (lines: readonly string[]) => readonly string[]) => {
    const lines = (await readFile(pathOf(id), 'utf8')).trimEnd().split('\n');
    await writeFile(pathOf(id), `${to(lines).join('\n')}\n`);
  };
  const ids = (await readdir(join(home, 'runs'))).map((name) => name.replace('.jsonl', ''));
  const resume = (script: readonly ScriptedMessage[], more: Partial<ResumeRunOptions> = {}) =>
    resumeRun({ ...given, runId, warn: () => {}, engine: createScriptedEngine(script), ...more });
  return { home, runId, pathOf, change, resume, others: ids.filter((id) => id !== runId) };
}

/** Up to the last step, and damaged in the first one. */
const damaged = (lines: readonly string[]) =>
  lines
    .slice(0, lines.findLastIndex((line) => line.includes('"step-start"')) + 1)
    .map((line, index) => (index === 2 ? line.replace('"step":1', '"step":7') : line));
const SCRIPT = [booking('1'), booking('2'), { text: 'Done.' }];

test('a run whose journal is damaged is refused where it may have done something, also once it was recovered', async () => {
  const { home, runId, change, resume } = await play(clerkThat('external'), SCRIPT);
  await change(runId, damaged);
  made.splice(0);
  expect(await findCutOff(home, { agent: 'clerk', task: 'Do it.', note: {} })).toBeUndefined();
  const sentence = new RegExp(`run ${runId} cannot be gone on with: .* --thread ${runId}\\.$`);
  await expect(resume(SCRIPT)).rejects.toThrow(sentence);
  await expect(resume(SCRIPT)).rejects.toThrow(sentence);
  expect((await loadThread(home, runId)).runs).toHaveLength(1);
  await expect(resume(SCRIPT)).rejects.toThrow(sentence);
  expect(made).toEqual([]);
});

test('a run that only reads is gone on with from what is left of its journal', async () => {
  const { runId, change, resume } = await play(clerkThat('read'), SCRIPT);
  await change(runId, damaged);
  made.splice(0);
  expect(await resume(SCRIPT)).toMatchObject({ stopReason: 'done', text: 'Done.' });
  expect(made).toEqual(['1', '2']);
});

test.each([
  ['is not there', (path: string) => rm(path)],
  [
    'is damaged in its first line',
    async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('Book 1.', 'Book 2.')),
  ],
  [
    'is damaged behind that',
    async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('Booked 1.', 'Booked 2.')),
  ],
])('an agent whose journal %s is not given its task again unasked', async (_, spoil) => {
  const helper = { ...clerkThat('external'), name: 'helper' };
  const script = [
    { toolCalls: [{ name: 'ask_helper', input: { task: 'Book 1.' } }] },
    booking('1'),
    { text: 'Booked.' },
    { text: 'Done.' },
  ];
  const boss: Agent = { name: 'boss', description: '', instructions: '', agents: [helper] };
  const { runId, change, resume, others, pathOf } = await play(boss, script);
  await change(runId, (lines) =>
    lines.slice(0, lines.findIndex((line) => line.includes('"tool-call-start"')) + 1),
  );
  await spoil(pathOf(others[0] ?? ''));
  made.splice(0);
  expect(await resume(script.slice(1))).toMatchObject({
    stopReason: 'needsApproval',
    reason: expect.stringMatching(/^The outcome of ask_helper .*, called by boss, is not known/),
  });
  expect(made).toEqual([]);
  const skipped = await resume([{ text: 'I see.' }], { onUnknown: () => 'skip' });
  expect(skipped).toMatchObject({ stopReason: 'done', text: 'I see.' });
  expect(made).toEqual([]);
});

test('calls are told apart though an engine gives the same ids in each step', async () => {
  const withId = (entry: string): ScriptedMessage => ({
    toolCalls: [{ ...{ id: 'call_0' }, name: 'book', input: { entry } }],
  });
  const { runId, change, resume } = await play(clerkThat('external'), [
    withId('1'),
    withId('2'),
    { text: 'Done.' },
  ]);
  await change(runId, (lines) =>
    lines.slice(
      0,
      lines.findLastIndex((line) => line.includes('"step-end"') && line.includes('"step":2')) + 1,
    ),
  );
  made.splice(0);
  expect(await resume([{ text: 'Done.' }])).toMatchObject({ stopReason: 'done' });
  expect(made).toEqual(['2']);
});
