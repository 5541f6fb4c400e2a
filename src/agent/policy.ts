import { posix } from 'node:path';
import type { Decision } from '../events.ts';
import type { Tool } from '../tool/define-tool.ts';
import type { Workspace } from '../workspace/open-workspace.ts';

export type Verdict = { readonly decision: Decision; readonly reason: string };

export type PolicyOptions = {
  readonly workspace: Workspace;
  /** Tools that the user or the agent's definition approved, by name. */
  readonly approved: ReadonlySet<string>;
};

/** The folder of the workspace that agents may write in unasked. */
export const OUTPUT_FOLDER = 'out';

/**
 * What may be done: reading is allowed, writing inside `out/` is allowed, an approved tool is allowed, and everything
 * else is asked about. Throws `WorkspacePathError` where a call would write outside the workspace.
 */
export function decide(tool: Tool, input: unknown, { workspace, approved }: PolicyOptions): Verdict {
  if (tool.effect === 'read') return { decision: 'allow', reason: 'it only reads' };
  const paths = tool.writes?.(input as never).map((path) => workspace.resolve(path));
  if (approved.has(tool.name)) return { decision: 'allow', reason: `${tool.name} was approved` };
  if (tool.effect === 'write' && paths && paths.length > 0) {
    const outside = paths.find((path) => !isInside(OUTPUT_FOLDER, path));
    if (outside === undefined) return { decision: 'allow', reason: `it writes inside ${OUTPUT_FOLDER}/` };
    return { decision: 'ask', reason: `it would write ${outside}, outside ${OUTPUT_FOLDER}/` };
  }
  return { decision: 'ask', reason: `${tool.name} can do more than read` };
}

/** What follows from a person's answer. */
export const verdictOf = (decision: 'allow' | 'deny'): Verdict => ({
  decision,
  reason: decision === 'deny' ? 'the user said no' : 'the user said yes',
});

const isInside = (folder: string, path: string) => posix.normalize(path).startsWith(`${folder}/`);
