import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Agent, resolveAgent } from '../../src/agent/define-agent.ts';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { stateFolder } from '../../src/engine/state-folder.ts';
import type { RunEvent } from '../../src/events.ts';
import { contentText } from '../../src/messages.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine, type TestEngine, tokensOf } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

let engine: TestEngine;
let shared: TestEngine;
beforeAll(async () => {
  shared = await createTestEngine({ parallel: 2, contextTokens: 4096 });
  engine = shared;
});
afterAll(() => shared[Symbol.asyncDispose]());

/** The bundled model knows this agent: its answers are its own. */
const clerk = {
  name: 'clerk',
  description: 'Reads documents.',
  instructions: 'You are a careful local assistant. You work on the files in the workspace.',
  thinking: 1000,
  tools: ['read_file', 'list_files', 'write_file'],
};
const lead = { name: 'lead', description: '', instructions: 'You delegate.', agents: ['clerk'] };

const ask = (path: string) =>
  `<tool_call>\n<function=ask_clerk>\n<parameter=task>\nWhat is the dose in ${path}?\n</parameter>\n</function>\n</tool_call>`;
const letter = (patient: string, dose: string) =>
  `Letter\nPatient: ${patient}\nDate: 2026-05-11\nMedication: Ramipril\nDose: ${dose}\n`;
const FILES = {
  'letters/clinic.txt': letter('Mira Stone', '5 mg'),
  'letters/ward.txt': letter('Jonas Weber', '20 mg'),
};

/** The engine, made to write the lead's messages; what others write is the model's own. */
function forceLead(messages: readonly string[]): Engine {
  let written = 0;
  return {
    model: engine.model,
    async generate(request, options) {
      if (!JSON.stringify(request.prompt).includes(lead.instructions))
        return engine.generate(request, options);
      written += 1;
      const forcedTokens = await tokensOf(engine, messages[written - 1] ?? '');
      return engine.generate({ ...request, forcedTokens }, options);
    },
    tokenize: (prompt) => engine.tokenize(prompt),
    saveState: (session) => engine.saveState(session),
    forget: (session) => engine.forget(session),
    async [Symbol.asyncDispose]() {},
  };
}

test('two agents that are asked at once work side by side and do not hear each other', async () => {
  const { home, workspace } = await createTempProject(FILES);
  const agent: Agent = resolveAgent(lead, builtInTools, [clerk, lead]);
  const written = [
    `Both at once.\n</think>\n\nI ask.\n\n${ask('letters/clinic.txt')}\n${ask('letters/ward.txt')}<|im_end|>`,
    'I have both.\n</think>\n\n5 mg and 20 mg.<|im_end|>',
  ];
  const events: RunEvent[] = [];
  const result = await runAgent({
    agent,
    task: 'Compare the two.',
    engine: forceLead(written),
    workspace,
    home,
    onEvent: (event) => events.push(event),
  });
  const results = result.messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const [first = '', second = ''] = results.map(({ content }) => contentText(content));
  expect(first).toContain('5 mg');
  expect(first).not.toContain('20 mg');
  expect(second).toContain('20 mg');
  const callers = events.flatMap((event) => (event.type === 'agent-event' ? [event.toolCallId] : []));
  // Not one after the other: the first has not ended before the second has begun.
  expect(callers.indexOf('call_1_2')).toBeLessThan(callers.lastIndexOf('call_1_1'));
});

test('what a sub-agent said is on the disk no longer once it has ended', async () => {
  const { home, workspace } = await createTempProject(FILES);
  const folder = stateFolder(home);
  engine = await createTestEngine({ contextTokens: 4096, stateFolder: folder });
  onTestFinished(async () => {
    await engine[Symbol.asyncDispose]();
    engine = shared;
  });
  const agent: Agent = resolveAgent(lead, builtInTools, [clerk, lead]);
  const written = [
    `One.\n</think>\n\n${ask('letters/clinic.txt')}<|im_end|>`,
    `Two.\n</think>\n\n${ask('letters/ward.txt')}<|im_end|>`,
    'I have both.\n</think>\n\n5 mg and 20 mg.<|im_end|>',
  ];
  const options = { agent, task: 'Compare the two.', engine: forceLead(written), workspace, home };
  const { threadId } = await runAgent(options);
  const ofThreads = (await readdir(folder)).filter((name) => /^thread-.*\.state$/.test(name));
  expect(ofThreads).toEqual([expect.stringContaining(threadId)]);
});
