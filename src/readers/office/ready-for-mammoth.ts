import { type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import { isElement, wordElement, wordRun } from './word-elements.ts';
import { equationText } from './word-equations.ts';
import type { WordNumbering } from './word-numbering.ts';
import { numberParagraphs } from './word-numbers.ts';
import { HAS_WRAPPERS, showPlainly } from './word-wrappers.ts';
import { elementsOf, parseXml } from './zip-xml.ts';

export type ReadyPart = {
  readonly xml: string;
  /** Whether there are numbers of paragraphs in a format that is not known. */
  readonly hasUnknownNumbers: boolean;
};

/**
 * A part of a Word document with what mammoth passes over put where it reads it: equations as a line of text, text
 * boxes of new drawings as those of old ones, fields and boxes to tick as text, numbers of paragraphs. Undefined when
 * nothing had to change.
 */
export function readyForMammoth(xml: string, numbering?: WordNumbering): ReadyPart | undefined {
  const isNumbered = numbering !== undefined && /:(numPr|pStyle)\b/.test(xml);
  if (!isNumbered && !/<m:oMath\b|txbxContent\b/.test(xml) && !HAS_WRAPPERS.test(xml)) return undefined;
  const root = parseXml(xml);
  if (!root) return undefined;
  for (const equation of elementsOf(root, 'oMath')) replaceEquation(equation);
  for (const drawing of elementsOf(root, 'drawing')) moveTextBoxes(drawing);
  showPlainly(root);
  const hasUnknownNumbers = isNumbered && numberParagraphs(root, numbering);
  return { xml: new XMLSerializer().serializeToString(root), hasUnknownNumbers };
}

function replaceEquation(equation: Element): void {
  const run = wordRun(equation, ` ${equationText(equation)} `);
  if (!run) return;
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

function parentNamed(element: Element, name: string): Element | undefined {
  let node: Node | null = element.parentNode;
  while (node && isElement(node)) {
    if (node.localName === name) return node;
    if (node.localName === 'p') return undefined;
    node = node.parentNode;
  }
  return undefined;
}
