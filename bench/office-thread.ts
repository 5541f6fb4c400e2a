/** The thread that bench/prefill.ts and bench/agent.ts play: five turns over the sample documents, each of two tool calls and an answer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Agent, defineAgent, resolveAgent } from '../src/agent/define-agent.ts';
import { type RunResult, runAgent } from '../src/agent/run-agent.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Usage } from '../src/events.ts';
import type { History } from '../src/qwen/render.ts';
import { openWorkspace } from '../src/workspace/open-workspace.ts';
import { builtInTools } from '../tools/index.ts';

type Turn = { readonly task: string; readonly messages: readonly [string, string, string] };

const turn = (task: string, ...messages: Turn['messages']): Turn => ({ task, messages });
const call = (thought: string, tool: string, path: string) =>
  `${thought}\n</think>\n\n<tool_call>\n<function=${tool}>\n<parameter=path>\n${path}\n</parameter>\n</function>\n</tool_call>`;
const answer = (thought: string, text: string) => `${thought}\n</think>\n\n${text}`;

export const OFFICE_TURNS: readonly Turn[] = [
  turn(
    'What is the total of the energy invoice?',
    call(
      'The user wants one value from an invoice. I should see first which files there are.',
      'list_files',
      'invoices',
    ),
    call(
      'There are three invoices, and one of them is named energy. I will read it.',
      'read_file',
      'invoices/energy.txt',
    ),
    answer(
      'The file has a tax and a total. The total is 228.83 EUR, with the tax in it.',
      'The total is 228.83 EUR.',
    ),
  ),
  turn(
    'And of the water invoice? Tell me the vendor too.',
    call(
      'The same for water. The list above has invoices/water.txt, so I can read it now.',
      'read_file',
      'invoices/water.txt',
    ),
    call(
      'Vendor and total are there. To compare I look at the school invoice as well.',
      'read_file',
      'invoices/school.txt',
    ),
    answer(
      'Nova Water is the vendor, and the total is 145.43 EUR. The school was not asked for.',
      'Nova Water asks for 145.43 EUR.',
    ),
  ),
  turn(
    'Is there a letter that belongs to the school invoice?',
    call(
      'The school invoice says 740.00 EUR and open. Letters lie in their own folder; I list it.',
      'list_files',
      'letters',
    ),
    call(
      'A reminder fits an open invoice better than a clinic letter. I read the reminder.',
      'read_file',
      'letters/school.txt',
    ),
    answer(
      'The reminder has the account SCH-36416 and the same amount, so the two belong together.',
      'Yes: letters/school.txt asks Jonas Weber for the same 740.00 EUR, due on 2026-09-30.',
    ),
  ),
  turn(
    'What dose does the clinic letter give, and of what?',
    call(
      'Now the other letter. Its name is in the list: letters/clinic.txt.',
      'read_file',
      'letters/clinic.txt',
    ),
    call(
      'It says Ramipril, 5 mg. I make sure that there is no second letter of the clinic.',
      'list_files',
      'letters',
    ),
    answer(
      'Only one letter is from the clinic. Patient Mira Stone, Ramipril, 5 mg.',
      'Ramipril, 5 mg, for Mira Stone.',
    ),
  ),
  turn(
    'Which of the invoices is dated, and when?',
    call(
      'Of those I read, energy had a date. I read it once more to copy the date exactly.',
      'read_file',
      'invoices/energy.txt',
    ),
    call(
      'The date is 2026-08-24. The water invoice may have one too, so I check that.',
      'read_file',
      'invoices/water.txt',
    ),
    answer(
      'Water has tax, vendor and total, but no date; school neither. So it is energy only.',
      'Only the energy invoice: 2026-08-24.',
    ),
  ),
];

export const messagesOf = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap(({ messages }) => messages);

type PlayOptions = {
  readonly turns: readonly Turn[];
  readonly history?: History;
  readonly durable?: boolean;
};

export type Played = {
  /** Of each step, in order, as its `step-end` said. */
  readonly usages: readonly Usage[];
  readonly messages: RunResult['messages'];
  /** Milliseconds inside of `runAgent`, all turns together. */
  readonly ms: number;
};

/** Plays the turns as one thread through `runAgent`, its journals in a folder of their own. */
export async function playThread(
  engine: Engine,
  { turns, history = 'append', durable = true }: PlayOptions,
): Promise<Played> {
  const workspace = await openWorkspace(resolve(import.meta.dirname, '../workspace'));
  const home = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  const usages: Usage[] = [];
  let thread: RunResult['thread'] | undefined;
  let ms = 0;
  try {
    for (const [index, { task }] of turns.entries()) {
      const started = performance.now();
      const result = await runAgent({
        agent: clerk,
        task,
        engine,
        workspace,
        home,
        history,
        durable,
        ...(thread && { thread }),
        onEvent: (event) => event.type === 'step-end' && usages.push(event.usage),
      });
      ms += performance.now() - started;
      if (result.stopReason !== 'done' || result.steps !== 3)
        throw new Error(
          `turn ${index + 1} ended as ${result.stopReason} after ${result.steps} steps: ${result.reason}`,
        );
      thread = result.thread;
    }
  } finally {
    await rm(home, { recursive: true });
  }
  return { usages, messages: thread?.messages ?? [], ms };
}

export const clerk: Agent = resolveAgent(
  defineAgent({
    name: 'clerk',
    description: 'Reads documents in the workspace and writes down what was asked for.',
    instructions: 'You are a careful local assistant. You work on the files in the workspace.',
    tools: ['read_file', 'list_files', 'write_file'],
  }),
  builtInTools,
);
