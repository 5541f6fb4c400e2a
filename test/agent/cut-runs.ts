/** Runs that are cut off behind each of their facts, as by a kill, and gone on with in another folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ResumeRunOptions, resumeRun } from '../../src/agent/resume-run.ts';
import { type RunAgentOptions, type RunResult, runAgent } from '../../src/agent/run-agent.ts';
import type { Engine, GenerateRequest } from '../../src/engine/engine.ts';
import type { RunEvent } from '../../src/events.ts';
import type { ScriptedMessage } from '../../src/testing/scripted-engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { createSmallEngine } from './small-engine.ts';

type Setup = {
  /** What the model says, for the request's number among all. */
  readonly script: readonly ScriptedMessage[];
  readonly files?: Readonly<Record<string, string>>;
  readonly contextTokens?: number;
  readonly options: Pick<RunAgentOptions, 'agent'> & Partial<RunAgentOptions>;
  /** Said to the run before it begins. */
  readonly said?: string;
  /** How it is gone on with where it ended; so it is where it was cut off, too. */
  readonly resumed?: Partial<ResumeRunOptions>;
};

type Fact = { readonly runId: string; readonly line: string; readonly type: string };

export type WholeRun = {
  readonly result: RunResult;
  /** Of the run and of those below it, in the order in which they were written. */
  readonly facts: readonly Fact[];
  readonly requests: readonly GenerateRequest[];
  /** A project in which the run was cut off behind so many facts, and what goes on with it there. */
  cut(facts: number, options?: Partial<ResumeRunOptions>): Promise<CutRun>;
};
export type CutRun = {
  readonly home: string;
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  readonly requests: readonly GenerateRequest[];
};

const keyOf = (request: GenerateRequest): string =>
  JSON.stringify([request.prompt, request.tools, request.answer]);

/** Plays a run to its end. */
export async function playWhole(setup: Setup): Promise<WholeRun> {
  const { script, files, contextTokens = 32_768, options, said, resumed } = setup;
  const project = await createTempProject(files);
  const scripted = createSmallEngine(script, contextTokens);
  const asked = new Map<string, number>();
  // Each message has tokens of its own, which are in the prompts behind it.
  const engine: Engine = {
    ...scripted,
    async generate(request, given) {
      const generation = await scripted.generate(request, given);
      asked.set(keyOf(request), asked.size);
      return { ...generation, tokens: [asked.size] };
    },
  };
  const events: RunEvent[] = [];
  const { home, workspace } = project;
  const run = runAgent({
    task: 'Do it.',
    engine,
    workspace,
    home,
    durable: false,
    ...options,
    onEvent: (event) => events.push(event),
  });
  if (said !== undefined) run.send(said);
  let result = await run;
  const { task: _, note: __, thread: ___, ...given } = options;
  if (resumed) {
    result = await resumeRun({
      engine,
      workspace,
      home,
      durable: false,
      ...given,
      runId: result.runId,
      ...resumed,
      onEvent: (event) => events.push(event),
    });
  }
  const order = factsOf(events);
  const lines = new Map<string, string[]>();
  for (const { runId } of order) {
    if (!lines.has(runId))
      lines.set(runId, (await readFile(join(home, 'runs', `${runId}.jsonl`), 'utf8')).trim().split('\n'));
  }
  const facts = order.map(({ runId, seq, type }) => ({
    runId,
    type,
    line: lines.get(runId)?.[seq - 1] ?? '',
  }));
  const cut = async (count: number, more: Partial<ResumeRunOptions> = {}): Promise<CutRun> => {
    const project = await createTempProject(files);
    const { home, workspace } = project;
    await mkdir(join(home, 'runs'), { recursive: true });
    for (const [runId, own] of Map.groupBy(facts.slice(0, count), (fact) => fact.runId)) {
      await writeFile(join(home, 'runs', `${runId}.jsonl`), own.map(({ line }) => `${line}\n`).join(''));
    }
    const requests: GenerateRequest[] = [];
    const again: Engine = {
      ...scripted,
      async generate(request, given) {
        const number = asked.get(keyOf(request));
        const message = number === undefined ? undefined : script[number];
        // What the whole run refused as too long is refused again.
        if (!message) await createSmallEngine([], contextTokens).generate(request, given);
        if (!message) throw new Error(`another prompt than in the whole run: ${keyOf(request)}`);
        requests.push(request);
        const generation = await createSmallEngine([message], contextTokens).generate(request, given);
        return { ...generation, tokens: [(number ?? 0) + 1] };
      },
    };
    const events: RunEvent[] = [];
    const result = await resumeRun({
      engine: again,
      workspace,
      home,
      durable: false,
      ...given,
      ...resumed,
      runId: facts[0]?.runId ?? '',
      ...more,
      onEvent: (event) => events.push(event),
    });
    return { home, result, events, requests };
  };
  return { result, facts, requests: scripted.requests, cut };
}

type Ordered = { readonly runId: string; readonly seq: number; readonly type: string };

function factsOf(events: readonly RunEvent[]): readonly Ordered[] {
  const names = new Map<string, string>();
  const walk = (event: RunEvent, place: string): readonly Ordered[] => {
    if (event.type === 'agent-event') return walk(event.event, `${place}/${event.toolCallId}`);
    if (event.type === 'run-start') names.set(place, event.runId);
    if (!('seq' in event)) return [];
    return [{ runId: names.get(place) ?? '', seq: Number(event.seq), type: event.type }];
  };
  return events.flatMap((event) => walk(event, ''));
}
