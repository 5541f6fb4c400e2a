/** How the XML of invoices is walked: by local names, since each version has namespaces of its own. */
import type { Element } from '@xmldom/xmldom';

/** The first child of the first child, and so on, of these local names. */
export function find(
  parent: Element | undefined,
  ...path: readonly (string | RegExp)[]
): Element | undefined {
  return path.reduce<Element | undefined>(
    (element, name) =>
      childrenOf(element).find(({ localName }) =>
        typeof name === 'string' ? localName === name : name.test(localName ?? ''),
      ),
    parent,
  );
}

/** The tax may be told in a second currency too. */
export function inCurrency(
  sums: Element | undefined,
  name: string,
  currency: string | undefined,
): Element | undefined {
  const all = childrenOf(sums).filter(({ localName }) => localName === name);
  return all.find((amount) => amount.getAttribute('currencyID') === currency) ?? all[0];
}

export function childrenOf(parent: Element | undefined): readonly Element[] {
  return [...(parent?.childNodes ?? [])].filter(
    (node): node is Element => node.nodeType === node.ELEMENT_NODE,
  );
}

export const text = (element: Element | undefined): string | undefined =>
  element?.textContent?.trim() || undefined;

/** `20240131`, with or without a time after it, as 2024-01-31. */
export const toDate = (value: string | undefined): string | undefined =>
  value?.replace(/^(\d{4})-?(\d\d)-?(\d\d).*$/s, '$1-$2-$3');
