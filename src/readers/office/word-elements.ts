import type { Element, Node } from '@xmldom/xmldom';
import { attribute } from './zip-xml.ts';

export const isElement = (node: Node): node is Element => node.nodeType === 1;

export const childElements = (parent: Element): readonly Element[] =>
  Array.from(parent.childNodes as Iterable<Node>).filter(isElement);

/** The first child of a name, given without prefix. */
export const child = (parent: Element | undefined, name: string): Element | undefined =>
  parent && childElements(parent).find(({ localName }) => localName === name);

/** What a child says in its attribute `val`; undefined when there is no such child. */
export function childValue(parent: Element | undefined, name: string): string | undefined {
  const found = child(parent, name);
  return found && attribute(found, 'val');
}

/** Whether a child says yes: one without a value does (ECMA-376, 17.17.4). */
export function isOn(parent: Element | undefined, name: string): boolean {
  const value = childValue(parent, name);
  return value !== undefined && !/^(0|false|off)$/.test(value);
}

/** A new element in the namespace of the document, which has two (ECMA-376, transitional and strict). */
export function wordElement(near: Element, name: string): Element | undefined {
  const word = near.ownerDocument?.documentElement;
  return word?.namespaceURI ? near.ownerDocument?.createElementNS(word.namespaceURI, `w:${name}`) : undefined;
}

export function wordText(near: Element, text: string): Element | undefined {
  const element = wordElement(near, 't');
  element?.setAttribute('xml:space', 'preserve');
  if (element) element.textContent = text;
  return element;
}

export function wordRun(near: Element, text: string): Element | undefined {
  const run = wordElement(near, 'r');
  const words = wordText(near, text);
  if (words) run?.appendChild(words);
  return run;
}
