/** Forms of Adobe LiveCycle (XFA): pdf.js lays them out as a tree of HTML elements, and the page has no program. */
import type { Field } from '../document.ts';
import type { PDFPageProxy } from './pdf-library.ts';

type Element = {
  readonly name?: string;
  readonly value?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly children?: readonly (Element | null)[];
};
export type XfaPage = { readonly text: string; readonly fields: readonly Field[] };

const MOST_ELEMENTS = 100_000;

/** Without boxes: the tree tells where a part lies only within others. */
export async function readXfaPage(page: PDFPageProxy): Promise<XfaPage> {
  const root = (await page.getXfa()) as Element | null;
  const lines: string[] = [];
  const fields: Field[] = [];
  const waiting: Element[] = root ? [root] : [];
  for (let seen = 0; waiting.length > 0 && seen < MOST_ELEMENTS; seen += 1) {
    const element = waiting.pop() ?? {};
    const value = fieldValue(element);
    if (value !== undefined) fields.push({ name: fieldName(element), value });
    const text = value ?? element.value ?? '';
    if (text.trim() !== '') lines.push(text.trim());
    if (value !== undefined) continue;
    for (const child of (element.children ?? []).toReversed()) if (child) waiting.push(child);
  }
  return { text: lines.join('\n'), fields };
}

/** What is filled in, also when it is nothing; `undefined` of what is no field. */
function fieldValue({ name, value, attributes = {}, children = [] }: Element): string | undefined {
  if (name === 'textarea') return toText(attributes.textContent ?? attributes.value ?? value);
  if (name === 'select') {
    const chosen = children.find((option) => option?.attributes?.selected === true);
    return toText(chosen?.value ?? chosen?.attributes?.value);
  }
  if (name !== 'input') return undefined;
  const isBox = attributes.type === 'checkbox' || attributes.type === 'radio';
  if (isBox) return attributes.checked === true ? '[x]' : '';
  return attributes.type === 'button' ? undefined : toText(attributes.value);
}

const fieldName = ({ attributes = {} }: Element): string =>
  toText(attributes['aria-label'] ?? attributes.xfaName ?? attributes.name ?? attributes.fieldId);

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');
