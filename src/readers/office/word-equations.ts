import type { Element } from '@xmldom/xmldom';
import { child, childElements } from './word-elements.ts';

/** An equation of Word in one line: `(a)/(b)`, `x^2`, `√(x)`. It is read like a sentence, so deep nesting is cut. */
export function equationText(equation: Element): string {
  return textOf(equation, 0).replace(/\s+/g, ' ').trim();
}

const DEEPEST = 50;

function textOf(element: Element, depth: number): string {
  if (depth > DEEPEST) return '';
  const part = (name: string) =>
    textOf(child(element, name) ?? element, child(element, name) ? depth + 1 : DEEPEST + 1);
  switch (element.localName) {
    case 't':
      return element.textContent ?? '';
    case 'f':
      return `${group(part('num'))}/${group(part('den'))}`;
    case 'sSup':
      return `${part('e')}^${group(part('sup'))}`;
    case 'sSub':
      return `${part('e')}_${group(part('sub'))}`;
    case 'sSubSup':
      return `${part('e')}_${group(part('sub'))}^${group(part('sup'))}`;
    case 'rad':
      return `${part('deg')}√(${part('e')})`;
    case 'd':
      return `(${childrenText(element, depth)})`;
    case 'nary':
      return `${signOf(element)}_${group(part('sub'))}^${group(part('sup'))} ${part('e')}`;
    default:
      return childrenText(element, depth);
  }
}

const childrenText = (element: Element, depth: number): string =>
  childElements(element)
    .map((each) => textOf(each, depth + 1))
    .join('');

const group = (text: string): string => (text.length > 1 ? `(${text})` : text);

/** The sign of a sum or an integral; an integral when none is stated (ECMA-376, 22.1.2.20). */
function signOf(element: Element): string {
  const sign = child(element, 'naryPr') && child(child(element, 'naryPr') as Element, 'chr');
  return sign?.getAttribute('m:val') ?? '∫';
}
