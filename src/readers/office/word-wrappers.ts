import type { Element } from '@xmldom/xmldom';
import { child, childElements, childValue, isOn, wordElement, wordText } from './word-elements.ts';
import { attribute, elementsOf } from './zip-xml.ts';

/** What `showPlainly` changes, to see whether a document has any. */
export const HAS_WRAPPERS = /:(fldSimple|bdo|dir|ruby|checkbox|checkBox|ddList|sym|ptab|cr)\b/;

/** Text that mammoth passes over is put where it reads it: simple fields, directions, ruby, boxes to tick, symbols. */
export function showPlainly(root: Element): void {
  for (const name of ['rubyPr', 'rt']) for (const each of elementsOf(root, name)) remove(each);
  for (const name of WRAPPERS) for (const each of elementsOf(root, name)) unwrap(each);
  // The box itself stands in the content; mammoth would put a form's element in its place.
  for (const each of elementsOf(root, 'checkbox')) if (isIn(each, 'sdtPr')) remove(each);
  for (const each of elementsOf(root, 'fldChar')) showChoice(each);
  for (const each of elementsOf(root, 'sym')) replace(each, letterOf(each));
  for (const each of elementsOf(root, 'ptab')) replace(each, wordElement(each, 'tab'));
  for (const each of elementsOf(root, 'cr')) replace(each, wordElement(each, 'br'));
}

const WRAPPERS = ['fldSimple', 'bdo', 'dir', 'ruby', 'rubyBase'];

/** Old forms keep a tick or a choice beside the text (ECMA-376, 17.16.7 and 17.16.9). */
function showChoice(field: Element): void {
  const form = child(field, 'ffData');
  const box = child(form, 'checkBox');
  const list = child(form, 'ddList');
  const shown = box ? tick(box) : list && choiceOf(list);
  const text = shown === undefined ? undefined : wordText(field, shown);
  if (text) field.parentNode?.insertBefore(text, field);
}

const tick = (box: Element): string => (isOn(box, child(box, 'checked') ? 'checked' : 'default') ? '☒' : '☐');

function choiceOf(list: Element): string | undefined {
  const chosen = Number(childValue(list, 'result') ?? childValue(list, 'default') ?? 0);
  const entry = childElements(list).filter(({ localName }) => localName === 'listEntry')[chosen];
  return entry && attribute(entry, 'val');
}

/** Codes of symbol fonts stand below 100 or in the area of private use: those mammoth knows by their font. */
function letterOf(symbol: Element): Element | undefined {
  const code = Number.parseInt(attribute(symbol, 'char'), 16);
  const isLetter = code >= 0x100 && code <= 0xffff && !(code >= 0xd800 && code <= 0xf8ff);
  return isLetter ? wordText(symbol, String.fromCodePoint(code)) : undefined;
}

const isIn = (element: Element, name: string): boolean => element.parentNode?.localName === name;

function remove(element: Element): void {
  element.parentNode?.removeChild(element);
}

function unwrap(element: Element): void {
  while (element.firstChild) element.parentNode?.insertBefore(element.firstChild, element);
  remove(element);
}

function replace(element: Element, by: Element | undefined): void {
  if (by) element.parentNode?.replaceChild(by, element);
}
