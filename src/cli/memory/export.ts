import { type Command, EXIT } from '../command.ts';
import { writeExport } from '../write-export.ts';
import { memoryMarkdown } from './memory-markdown.ts';
import { openMemory } from './open-memory.ts';

/** `sotto memory export [--md|--json] [FILE]` */
export const command: Command = async (args, output) => {
  const usage = '`sotto memory export` takes --md or --json, and the name of a file at most.';
  const { facts, words, ...format } = await openMemory(args, { most: 1, usage });
  const all = await facts.list();
  await writeExport(
    { value: { facts: all }, markdown: () => memoryMarkdown(all) },
    { ...format, file: words[0], output },
  );
  return EXIT.done;
};
