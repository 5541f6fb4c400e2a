import { type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import { equationText } from './word-equations.ts';
import { elementsOf, parseXml } from './zip-xml.ts';

/**
 * The main part of a Word document with what mammoth passes over put where it reads it: equations as a line of text,
 * and text boxes of new drawings as those of old ones. Undefined when nothing had to change.
 */
export function readyForMammoth(xml: string): string | undefined {
  if (!/<m:oMath\b|txbxContent\b/.test(xml)) return undefined;
  const root = parseXml(xml);
  if (!root) return undefined;
  for (const equation of elementsOf(root, 'oMath')) replaceEquation(equation);
  for (const drawing of elementsOf(root, 'drawing')) moveTextBoxes(drawing);
  return new XMLSerializer().serializeToString(root);
}

function replaceEquation(equation: Element): void {
  const run = wordElement(equation, 'r');
  const text = wordElement(equation, 't');
  if (!run || !text) return;
  text.setAttribute('xml:space', 'preserve');
  text.textContent = ` ${equationText(equation)} `;
  run.appendChild(text);
  // The frame around an equation in a line of its own is passed over too.
  const frame = equation.parentNode;
  const place = frame && isElement(frame) && frame.localName === 'oMathPara' ? frame : equation;
  place.parentNode?.insertBefore(run, place);
  equation.parentNode?.removeChild(equation);
}

/** A drawing is often there twice, new and old (`Fallback`); mammoth reads the old one, so that one is left alone. */
function moveTextBoxes(drawing: Element): void {
  const boxes = elementsOf(drawing, 'txbxContent');
  const twice = parentNamed(drawing, 'AlternateContent');
  if (boxes.length === 0 || parentNamed(drawing, 'Fallback')) return;
  if (twice && elementsOf(twice, 'Fallback').some((old) => elementsOf(old, 'txbxContent').length > 0)) return;
  const holder = wordElement(drawing, 'pict');
  const place = twice ?? drawing;
  if (!holder) return;
  for (const box of boxes) holder.appendChild(box);
  place.parentNode?.insertBefore(holder, place.nextSibling);
}

/** A new element in the namespace of the document, which has two (ECMA-376, transitional and strict). */
function wordElement(near: Element, name: string): Element | undefined {
  const word = near.ownerDocument?.documentElement;
  return word?.namespaceURI ? near.ownerDocument?.createElementNS(word.namespaceURI, `w:${name}`) : undefined;
}

function parentNamed(element: Element, name: string): Element | undefined {
  let node: Node | null = element.parentNode;
  while (node && isElement(node)) {
    if (node.localName === name) return node;
    if (node.localName === 'p') return undefined;
    node = node.parentNode;
  }
  return undefined;
}

const isElement = (node: Node): node is Element => node.nodeType === 1;
