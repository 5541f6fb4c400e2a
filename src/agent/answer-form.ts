import type { JsonObject, JsonValue } from '../messages.ts';
import { type OutputSchema, readAnswerSchema } from '../qwen/answer-schema.ts';
import { parseJsonAnswer } from '../qwen/parse-json-answer.ts';

export type ReadAnswer =
  | { readonly ok: true; readonly json: JsonValue; readonly output: unknown }
  | {
      readonly ok: false;
      readonly problem: string;
      /** Whether it is JSON at all: then its writer has to be told what is wrong with it. */
      readonly isJson: boolean;
    };

/** What an answer has to be: JSON of a schema. */
export type AnswerForm = {
  /** JSON Schema, as the model is told and the grammar is made of. */
  readonly schema: JsonObject;
  /** Whether the first message is held to it: where nothing can be called, the model has nothing else to say. */
  readonly isDirect: boolean;
  /** What a text is read as. The schema's own code runs once for a text, however often it is read. */
  read(text: string): ReadAnswer;
  /** What the user's task is followed by. */
  readonly instruction: string;
  /** Asks for the answer in its form, after a message that is not. */
  request(read: ReadAnswer | undefined): string;
};

/** A longer schema is not shown a second time. In characters. */
const SHORT_SCHEMA = 2000;

/** Throws `ConfigError` where the schema cannot be used. */
export function createAnswerForm(
  schema: OutputSchema,
  { isDirect }: { readonly isDirect: boolean },
): AnswerForm {
  const { json, check } = readAnswerSchema(schema);
  const shown = JSON.stringify(json);
  const again = shown.length > SHORT_SCHEMA ? ' that was given with the task.' : `:\n${shown}`;
  let last: { readonly text: string; readonly read: ReadAnswer } | undefined;
  return {
    schema: json,
    isDirect,
    read: (text) => {
      if (last?.text !== text) last = { text, read: readAnswer(text, check) };
      return last.read;
    },
    instruction: isDirect
      ? `Answer with JSON that fits this JSON Schema, and nothing else:\n${shown}`
      : `When you have the answer, give it as JSON that fits this JSON Schema, and nothing else:\n${shown}`,
    request: (read) =>
      read?.ok === false && read.isJson
        ? `This answer does not fit the JSON Schema:\n${read.problem}\nGive the whole answer again, corrected, as JSON and nothing else.`
        : `Now give your answer as JSON, and nothing else. It has to fit the JSON Schema${again}`,
  };
}

function readAnswer(text: string, check: ReturnType<typeof readAnswerSchema>['check']): ReadAnswer {
  const parsed = parseJsonAnswer(text);
  if (!parsed.ok) return parsed;
  const checked = check(parsed.json);
  return checked.ok ? { ok: true, json: parsed.json, output: checked.output } : { ...checked, isJson: true };
}
