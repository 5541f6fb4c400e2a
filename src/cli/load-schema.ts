import { readFile, stat } from 'node:fs/promises';
import { ConfigError, firstLine } from '../errors.ts';
import type { JsonObject, JsonValue } from '../messages.ts';
import { readAnswerSchema } from '../qwen/answer-schema.ts';
import { isObject } from '../qwen/schema-branches.ts';

/** It stands in the prompt, where so many bytes are some 25,000 tokens. */
const MAX_BYTES = 100_000;

/** The JSON Schema in a file. Throws `ConfigError` where there is none, or where answers cannot be held to it. */
export async function loadSchema(path: string): Promise<JsonObject> {
  const schema = parse(await readText(path), path);
  if (!isObject(schema)) throw new ConfigError(`The schema ${path} has to be a JSON object, a JSON Schema.`);
  // Now, and not once the model is loaded.
  readAnswerSchema(schema);
  return schema;
}

async function readText(path: string): Promise<string> {
  const problem = (cause: NodeJS.ErrnoException) =>
    cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause.code})`;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw new ConfigError(
        `The schema ${path} is too large for a prompt: it has ${size} bytes, and at most ${MAX_BYTES} can be taken.`,
      );
    return new TextDecoder().decode(await readFile(path));
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`The schema ${path} ${problem(cause as NodeJS.ErrnoException)}.`, { cause });
  }
}

function parse(text: string, path: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`The schema ${path} is not JSON: ${firstLine(cause)}.`, { cause });
  }
}
