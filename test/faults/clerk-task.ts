/** The job of the samples, with the bundled model: begun, or gone on with where it was cut off. */
import { findCutOff } from '../../src/agent/find-cut-off.ts';
import { resumeRun } from '../../src/agent/resume-run.ts';
import { type RunResult, runAgent } from '../../src/agent/run-agent.ts';
import { findAgent, loadConfig } from '../../src/config.ts';
import { LlamaEngine } from '../../src/engine/llama-engine.ts';
import type { RunEvent } from '../../src/events.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';

export const TASK = 'Find the total of every file in invoices and save it to out/totals.json.';

export async function playClerk(folder: string, onEvent: (event: RunEvent) => void): Promise<RunResult> {
  const config = await loadConfig({ folder });
  const { home } = config;
  await using engine = await LlamaEngine.create({ ...config.model, contextTokens: 8192 });
  const workspace = await openWorkspace(config.workspace);
  const agent = findAgent(config, 'clerk');
  const given = { agent, engine, workspace, home, onEvent };
  const cutOff = await findCutOff(home, { agent: agent.name, task: TASK, note: {} });
  // To write the same file again does nothing more.
  if (cutOff) return await resumeRun({ ...given, runId: cutOff.runId, onUnknown: () => 'run-again' });
  return await runAgent({ ...given, task: TASK });
}
