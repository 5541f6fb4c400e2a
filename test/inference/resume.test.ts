/** A run that was cut off in the middle, gone on with by another process of the bundled model, every token counted. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resumeRun } from '../../src/agent/resume-run.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { RunEvent } from '../../src/events.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const LETTER = 'Letter\nPatient: Mira Stone\nDate: 2026-05-11\nMedication: Ramipril\nDose: 5 mg';
const agent = {
  name: 'clerk',
  description: '',
  instructions: 'You are a careful local assistant. You work on the files in the workspace.',
  tools: builtInTools.filter(({ name }) => ['list_files', 'read_file', 'write_file'].includes(name)),
};

test('writes the same tokens behind the same prompt tokens as a run that was not cut off', async () => {
  const { home, workspace } = await createTempProject({ 'letters/clinic.txt': LETTER });
  const given = { agent, workspace, home };
  const whole: RunEvent[] = [];
  const task = 'What is the dose in letters/clinic.txt?';
  await using first = await createTestEngine();
  const { runId, text, messages } = await runAgent({
    ...given,
    task,
    engine: first,
    onEvent: (event) => whole.push(event),
  });
  const path = join(home, 'runs', `${runId}.jsonl`);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"tool-call-end"'));
  expect(at).toBeGreaterThan(0);
  await writeFile(path, `${lines.slice(0, at + 1).join('\n')}\n`);
  const resumed: RunEvent[] = [];
  await using second = await createTestEngine();
  const result = await resumeRun({
    ...given,
    runId,
    engine: second,
    onEvent: (event) => resumed.push(event),
  });
  expect(result).toMatchObject({ stopReason: 'done', text, messages });
  const steps = stepsOf(whole);
  expect(steps.length).toBeGreaterThan(1);
  expect(stepsOf(resumed)).toEqual(steps.slice(1));
});

/** What each step was given, and what it wrote. */
const stepsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => {
    if (event.type !== 'step-end') return [];
    const { usage, message, step } = event;
    const promptTokens = usage.evaluatedTokens + usage.reusedTokens;
    return [{ step, promptTokens, tokens: message.generated?.tokens }];
  });
