import type { Tool, ToolContext, ToolOutput } from '../../src/tool/define-tool.ts';
import type { FactStore } from '../../src/tool/fact-store.ts';
import { openWorkspace, type Workspace } from '../../src/workspace/open-workspace.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

/** What a tool answers to an input that its own check accepts; throws what the check finds. */
export async function callTool(
  tool: Tool,
  input: unknown,
  workspace: Workspace,
  maxCharacters = 1e6,
): Promise<ToolOutput> {
  const checked = tool.check(input);
  if (!checked.ok) throw new Error(checked.problem);
  return tool.run(checked.input as never, { ...toolContext(workspace), maxCharacters });
}

const noFacts: FactStore = {
  add: async (text) => ({ id: '1', text, at: '', by: 'agent' }),
  search: async () => [],
  list: async () => [],
  edit: async () => undefined,
  forget: async () => undefined,
};

/** What a call is given that is made outside of a run: the model cannot be asked, and facts are forgotten. */
export function toolContext(workspace: Workspace): ToolContext {
  return {
    workspace,
    maxCharacters: 1e6,
    signal: new AbortController().signal,
    toolCallId: 'call_1_1',
    ask: () => Promise.reject(new Error('no model is at hand')),
    report: () => {},
    facts: noFacts,
  };
}

/** A workspace of this test alone, with these files. */
export async function workspaceWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Workspace> {
  const workspace = await openWorkspace(await tempFolder());
  for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
  return workspace;
}
