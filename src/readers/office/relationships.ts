import { posix } from 'node:path';
import type { Zip } from './open-zip.ts';
import { attribute, elementsOf, readXmlPart } from './zip-xml.ts';

export type Relationship = {
  readonly id: string;
  /** The last word of its address, such as `slide`. */
  readonly type: string;
  /** A part's name in the archive; undefined when it lies outside. */
  readonly target: string | undefined;
};

/** What a part of an Office document refers to (ECMA-376, part 2). Empty when nothing. */
export function relationshipsOf(zip: Zip, part: string): readonly Relationship[] {
  const folder = posix.dirname(part);
  const root = readXmlPart(zip, posix.join(folder, '_rels', `${posix.basename(part)}.rels`));
  if (!root) return [];
  return elementsOf(root, 'Relationship').map((element) => ({
    id: attribute(element, 'Id'),
    type: attribute(element, 'Type').split('/').at(-1) ?? '',
    target:
      attribute(element, 'TargetMode') === 'External'
        ? undefined
        : resolve(folder, attribute(element, 'Target')),
  }));
}

/** The main part of an Office document, such as `word/document.xml`. */
export function mainPart(zip: Zip, usual: string): string {
  const root = readXmlPart(zip, '_rels/.rels');
  const all = root ? elementsOf(root, 'Relationship') : [];
  const main = all.find((element) => attribute(element, 'Type').endsWith('/officeDocument'));
  const name = main ? resolve('', attribute(main, 'Target')) : usual;
  return zip.names.has(name) ? name : usual;
}

const resolve = (folder: string, target: string): string =>
  target.startsWith('/') ? target.slice(1) : posix.normalize(posix.join(folder, target));
