import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { declaredEncoding } from '../text/declared-encoding.ts';
import { decodeText } from '../text/decode-text.ts';
import { walkTree } from '../text/walk-tree.ts';
import type { Zip } from './open-zip.ts';

/** The root element of an XML text; undefined when it is broken. Entities that the text declares are not expanded, and
 * nothing is fetched: xmldom knows neither. */
export function parseXml(text: string): Element | undefined {
  try {
    const parser = new DOMParser({ onError: stopAtFatal });
    return parser.parseFromString(text.replace(/^\s+/, ''), 'text/xml').documentElement ?? undefined;
  } catch {
    return undefined;
  }
}

/** The root element of a part of an archive; undefined when it is missing, too large or broken. */
export function readXmlPart(zip: Zip, name: string): Element | undefined {
  const text = readTextPart(zip, name);
  return text === undefined ? undefined : parseXml(text);
}

export function readTextPart(zip: Zip, name: string): string | undefined {
  if (!zip.names.has(name)) return undefined;
  const content = zip.read(name);
  return content.ok ? decodeText(content.bytes, declaredEncoding(content.bytes)).text : undefined;
}

/** Visits elements and texts by name without prefix; `#text` of a text. */
export function walkXml(
  root: Node,
  visit: {
    readonly enter: (name: string, node: Element) => boolean;
    readonly leave?: (name: string, node: Element) => void;
    readonly text?: (text: string) => void;
  },
): void {
  walkTree<Node>(root, childrenOf, {
    enter: (node) => {
      if (isElement(node)) return visit.enter(nameOf(node), node);
      if (node.nodeType === TEXT || node.nodeType === CDATA) visit.text?.(node.nodeValue ?? '');
      return false;
    },
    leave: (node) => {
      if (isElement(node)) visit.leave?.(nameOf(node), node);
    },
  });
}

/** All elements of a name, in order. */
export function elementsOf(root: Element, name: string): readonly Element[] {
  const found: Element[] = [];
  walkXml(root, {
    enter: (each, node) => {
      if (each === name) found.push(node);
      return true;
    },
  });
  return found;
}

/** By its name without prefix; empty when there is none. */
export function attribute(element: Element, name: string): string {
  for (const each of element.attributes) if ((each.localName ?? each.name) === name) return each.value;
  return '';
}

const TEXT = 3;
const CDATA = 4;
const isElement = (node: Node): node is Element => node.nodeType === 1;
const nameOf = (element: Element): string => element.localName ?? element.tagName;

function* childrenOf(node: Node): Generator<Node> {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child;
}

function stopAtFatal(level: 'error' | 'fatalError' | 'warning', message: string): void {
  if (level === 'fatalError') throw new Error(message);
}
