import type { Tool, ToolOutput } from '../../src/tool/define-tool.ts';
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
  return tool.run(checked.input as never, { workspace, maxCharacters, signal: new AbortController().signal });
}

/** A workspace of this test alone, with these files. */
export async function workspaceWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Workspace> {
  const workspace = await openWorkspace(await tempFolder());
  for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
  return workspace;
}
