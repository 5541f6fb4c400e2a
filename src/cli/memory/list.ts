import type { Fact } from '../../tool/fact-store.ts';
import { type Command, EXIT } from '../command.ts';
import { toTable } from '../output.ts';
import { openMemory } from './open-memory.ts';

/** `sotto memory [list]` */
export const command: Command = async (args, output) => {
  const { facts, json } = await openMemory(args, {
    usage: '`sotto memory` knows list, search, add, edit, forget, export, encrypt, decrypt and passphrase.',
  });
  const all = await facts.list();
  if (json) for (const fact of all) output.json(fact);
  else if (all.length === 0) output.note('Nothing is remembered yet.');
  else output.answer(toTable(all.map((fact) => [fact.id, fact.at.slice(0, 10), speakerOf(fact), fact.text])));
  return EXIT.done;
};

/** Who said a fact, as a column has it. */
export const speakerOf = ({ by, source }: Pick<Fact, 'by' | 'source'>): string =>
  by === 'user' ? 'you' : (source?.agent ?? 'an agent');
