import { posix } from 'node:path';
import type { Element } from '@xmldom/xmldom';
import type { OutlineEntry } from '../document.ts';
import type { Zip } from './open-zip.ts';
import { attribute, elementsOf, readXmlPart, walkXml } from './zip-xml.ts';

export type Book = {
  /** Names of parts, in the order of reading. */
  readonly chapters: readonly string[];
  readonly outline: readonly OutlineEntry[];
  readonly metadata: Readonly<Record<string, string>>;
};

/** The package of an EPUB book, 2 or 3. Undefined when it is broken. */
export function readBook(zip: Zip): Book | undefined {
  const container = readXmlPart(zip, 'META-INF/container.xml');
  const [rootfile] = container ? elementsOf(container, 'rootfile') : [];
  const path = rootfile && attribute(rootfile, 'full-path');
  const root = path ? readXmlPart(zip, path) : undefined;
  if (!path || !root) return undefined;
  const folder = posix.dirname(path);
  const items = new Map(elementsOf(root, 'item').map((item) => [attribute(item, 'id'), item]));
  const chapters = elementsOf(root, 'itemref').flatMap((reference) => {
    const item = items.get(attribute(reference, 'idref'));
    return item ? [resolve(folder, attribute(item, 'href'))] : [];
  });
  return {
    chapters,
    outline: outlineOf(zip, { folder, items: [...items.values()], chapters }),
    metadata: metadataOf(root),
  };
}

type Contents = {
  readonly folder: string;
  readonly items: readonly Element[];
  readonly chapters: readonly string[];
};

/** From the navigation of EPUB 3, else from the NCX of EPUB 2. */
function outlineOf(zip: Zip, { folder, items, chapters }: Contents): readonly OutlineEntry[] {
  const item =
    items.find((each) => attribute(each, 'properties').split(' ').includes('nav')) ??
    items.find((each) => attribute(each, 'media-type') === 'application/x-dtbncx+xml');
  const part = item && resolve(folder, attribute(item, 'href'));
  const root = part === undefined ? undefined : readXmlPart(zip, part);
  if (!root || part === undefined) return [];
  const pages = new Map(chapters.map((chapter, index) => [chapter, index + 1]));
  const toc = elementsOf(root, 'nav').find((nav) => attribute(nav, 'type') === 'toc') ?? root;
  return entriesOf(toc).map(({ title, level, href }) => {
    const page = pages.get(resolve(posix.dirname(part), href));
    return { title, level, ...(page !== undefined && { page }) };
  });
}

type Entry = { title: string; level: number; href: string };

/** Links in nested lists (`nav`), or labels in nested points (NCX). */
function entriesOf(toc: Element): readonly Entry[] {
  const entries: Entry[] = [];
  let level = 0;
  let isTitle = false;
  walkXml(toc, {
    enter: (name, element) => {
      if (name === 'docTitle' || name === 'pageList') return false;
      if (name === 'ol' || name === 'navPoint') level += 1;
      if (name === 'a' || name === 'navPoint')
        entries.push({ title: '', level, href: attribute(element, 'href') });
      const last = entries.at(-1);
      if (name === 'content' && last) last.href ||= attribute(element, 'src');
      if (name === 'a' || name === 'navLabel') isTitle = true;
      return true;
    },
    leave: (name) => {
      if (name === 'ol' || name === 'navPoint') level -= 1;
      if (name === 'a' || name === 'navLabel') isTitle = false;
    },
    text: (text) => {
      const last = entries.at(-1);
      if (isTitle && last) last.title += text;
    },
  });
  return entries
    .map((entry) => ({ ...entry, title: entry.title.replace(/\s+/g, ' ').trim() }))
    .filter(({ title }) => title !== '');
}

function metadataOf(root: Element): Readonly<Record<string, string>> {
  const named = [
    ['title', 'title'],
    ['creator', 'author'],
    ['language', 'language'],
    ['publisher', 'publisher'],
    ['date', 'date'],
  ] as const;
  const found = named.map(
    ([tag, name]) => [name, elementsOf(root, tag)[0]?.textContent?.trim() ?? ''] as const,
  );
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

/** Without the place in the file; addresses in a book are written as on the web. */
function resolve(folder: string, href: string): string {
  const path = href.split('#', 1)[0] ?? '';
  return posix.normalize(posix.join(folder, decodeAddress(path)));
}

/** `%20` and the like as what they stand for. */
export function decodeAddress(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
