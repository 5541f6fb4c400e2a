import { foldText } from '../../tool/fold-text.ts';
import { type Command, EXIT } from '../command.ts';
import { openMemory, parseFact } from './open-memory.ts';

/** `sotto memory add "…"` */
export const command: Command = async (args, output) => {
  const usage = '`sotto memory add` takes one fact in quotes.';
  const { facts, words, json } = await openMemory(args, { least: 1, usage });
  const text = parseFact(words[0] ?? '');
  const same = (await facts.list()).find((fact) => foldText(fact.text) === foldText(text));
  const fact = same ?? (await facts.add(text, { by: 'user' }));
  if (json) output.json(fact);
  else output.note(same ? `It was kept before, as ${fact.id}.` : `Kept as ${fact.id}.`);
  return EXIT.done;
};
