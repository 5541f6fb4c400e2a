import type { Zip } from './open-zip.ts';
import { readXmlPart, walkXml } from './zip-xml.ts';

/** What Office (docProps/core.xml) or OpenDocument (meta.xml) says of a document: title, author, dates. */
export function officeMetadata(zip: Zip): Readonly<Record<string, string>> {
  const root = readXmlPart(zip, 'docProps/core.xml') ?? readXmlPart(zip, 'meta.xml');
  const found: Record<string, string> = {};
  let name: string | undefined;
  if (root)
    walkXml(root, {
      enter: (each) => {
        name = NAMES.get(each);
        return true;
      },
      text: (text) => {
        if (name && text.trim() !== '') found[name] ??= text.trim();
      },
    });
  return found;
}

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    title: 'title',
    subject: 'subject',
    creator: 'author',
    keywords: 'keywords',
    description: 'description',
    lastModifiedBy: 'editor',
    created: 'created',
    'creation-date': 'created',
    modified: 'modified',
    date: 'modified',
  }),
);
