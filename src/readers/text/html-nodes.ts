import type { DefaultTreeAdapterMap } from 'parse5';
import type { Picture } from '../document.ts';

export type HtmlNode = DefaultTreeAdapterMap['node'];
export type Element = DefaultTreeAdapterMap['element'];
export type TextNode = DefaultTreeAdapterMap['textNode'];

export const isElement = (node: HtmlNode): node is Element => 'tagName' in node;

/** Empty when there is none. */
export const attributeOf = (element: Element, name: string): string =>
  element.attrs.find((attribute) => attribute.name === name)?.value ?? '';

/** What no browser shows, by its tag, its attribute or its own style; a style sheet is not looked at. */
export const isHidden = (element: Element): boolean =>
  UNSEEN.has(element.tagName) ||
  element.attrs.some(({ name }) => name === 'hidden') ||
  /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributeOf(element, 'style'));

const UNSEEN: ReadonlySet<string> = new Set('script style template title datalist'.split(' '));

/** Sizes as the page states them, 0 where it does not. */
export const pictureOf = (element: Element): Picture => ({
  width: Number.parseInt(attributeOf(element, 'width'), 10) || 0,
  height: Number.parseInt(attributeOf(element, 'height'), 10) || 0,
  read: false,
});
