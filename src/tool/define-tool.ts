import type { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { ContentPart, JsonObject } from '../messages.ts';
import type { Workspace } from '../workspace/open-workspace.ts';
import type { FactStore } from './fact-store.ts';
import { checkInput, pickParameters, toJsonSchema } from './json-schema.ts';

/** What a tool can do to the world: `read` looks, `write` changes files of the workspace, `external` does anything else. */
export type Effect = 'read' | 'write' | 'external';

/** A tool as the model sees it. */
export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input, an object. */
  readonly parameters: JsonObject;
};

/** A question that a tool puts to the model. */
export type Question = {
  /** What the model is to do: the tool's own words. */
  readonly instructions: string;
  /** What it is to do it with, such as a part of a document: data, whatever it says. */
  readonly text: string;
  /** Of the answer. Default: 512. */
  readonly maxTokens?: number;
};

export type ToolContext = {
  readonly workspace: Workspace;
  /** The call that is made. */
  readonly toolCallId: string;
  /** Asks the model in a context of its own, without tools and without a thought. Rejects with `ContextOverflowError`
   * where the text is too long, and with `GenerationError` where the answer was cut off. */
  readonly ask: (question: Question) => Promise<string>;
  /** Says in one line how far the call is, for a person that waits. */
  readonly report: (line: string) => void;
  /** What agents remember. */
  readonly facts: FactStore;
  /** A longer result is cut off: a tool that can answers in parts. In characters, by the model's context, which the calls
   * of one step share. */
  readonly maxCharacters: number;
  /** Aborted when the run is aborted, or the call takes longer than the tool's `timeoutMs`. */
  readonly signal: AbortSignal;
};

/** A tool's answer: text, parts, or a `toolFailure`. */
export type ToolOutput = string | readonly ContentPart[] | ToolFailure;
export type ToolFailure = { readonly isError: true; readonly text: string };

export type CheckedInput =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly problem: string };

/** Contract: `check` decides whether an input is valid, `run` is only ever given what `check` returned. */
export type Tool = ToolSpec & {
  readonly effect: Effect;
  readonly timeoutMs: number;
  /** JSON Schema of everything that a call may hold: `parameters`, and what the prompt does not list. */
  readonly accepts: JsonObject;
  check(input: unknown): CheckedInput;
  run(input: never, context: ToolContext): Promise<ToolOutput> | ToolOutput;
  /** Workspace paths that a call would change, for the policy. A `write` tool without it is always asked about. */
  writes?(input: never): readonly string[];
};

type ToolDefinition<Input extends z.ZodObject> = {
  /** `^[A-Za-z0-9._-]{1,128}$` */
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  /** The parameters that the prompt lists, where it should not list all: a result then says when to use the others, and
   * every prompt is so much shorter. Default: all. */
  readonly shown?: readonly (keyof z.output<Input> & string)[];
  readonly effect: Effect;
  /** 1 to 2^31 - 1. Default: 60,000. */
  readonly timeoutMs?: number;
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<ToolOutput> | ToolOutput;
  readonly writes?: (input: z.output<Input>) => readonly string[];
};

const TOOL_NAME = /^[A-Za-z0-9._-]{1,128}$/;
/** What a timer of Node can hold. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Defines a tool from one zod schema, which gives the type, the validation and what the model is shown. Throws
 * `ConfigError` where the name or the timeout cannot be right. */
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool {
  const { input, shown, timeoutMs = 60_000, ...rest } = definition;
  if (!TOOL_NAME.test(rest.name)) {
    throw new ConfigError(
      `The tool name ${JSON.stringify(rest.name)} cannot be used: take letters, digits, dots, hyphens and underscores.`,
    );
  }
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS) {
    throw new ConfigError(
      `The tool ${rest.name} has timeoutMs = ${timeoutMs}: take 1 to ${LONGEST_TIMEOUT_MS}.`,
    );
  }
  const accepts = toJsonSchema(input);
  const parameters = shown ? pickParameters(accepts, shown) : accepts;
  return { ...rest, timeoutMs, parameters, accepts, check: (value) => checkInput(input, value) };
}
