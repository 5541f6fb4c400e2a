import { type Command, EXIT } from '../command.ts';
import { noFact, openMemory, parseFact } from './open-memory.ts';

/** `sotto memory edit ID "…"` */
export const command: Command = async (args, output) => {
  const usage = '`sotto memory edit` takes the id of a fact, and the fact in quotes.';
  const { facts, words, json } = await openMemory(args, { least: 2, usage });
  const [id = '', text = ''] = words;
  const fact = await facts.edit(id, parseFact(text));
  if (!fact) throw noFact(id);
  if (json) output.json(fact);
  else output.note(`Changed. It is yours now: ${id}.`);
  return EXIT.done;
};
