import type { Field } from '../extraction.ts';
import { meaningsOf } from './label-words.ts';

/** What a field's name and its description say, each as meanings. */
export type FieldWords = { readonly name: ReadonlySet<string>; readonly description: ReadonlySet<string> };
const known = new WeakMap<Field, FieldWords>();

export function wordsOf(field: Field): FieldWords {
  const words = known.get(field) ?? {
    name: meaningsOf(field.path.replaceAll('.', ' ')),
    description: meaningsOf(field.description),
  };
  known.set(field, words);
  return words;
}

/** The last part of a field's path, which names the field itself: `number` of `invoice.number`. */
export const lastName = ({ path }: Field): string => path.slice(path.lastIndexOf('.') + 1);
