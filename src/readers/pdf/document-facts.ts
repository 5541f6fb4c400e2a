/** What a PDF says of itself as a whole. Faults in it cost the fact, never the file. */
import type { OutlineEntry } from '../document.ts';
import type { PDFDocumentProxy } from './pdf-library.ts';

type OutlineNode = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];

const MOST_ENTRIES = 1000;

/** From top to bottom, `level` from 1. */
export async function readOutline(pdf: PDFDocumentProxy): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  const waiting = ((await pdf.getOutline().catch(() => null)) ?? [])
    .toReversed()
    .map((node) => ({ node, level: 1 }));
  for (let next = waiting.pop(); next && entries.length < MOST_ENTRIES; next = waiting.pop()) {
    const { node, level } = next;
    const page = await pageOf(pdf, node.dest);
    entries.push({ title: node.title, level, ...(page && { page }) });
    const children: readonly OutlineNode[] = node.items ?? [];
    waiting.push(...children.toReversed().map((child) => ({ node: child, level: level + 1 })));
  }
  return entries;
}

async function pageOf(pdf: PDFDocumentProxy, dest: OutlineNode['dest']): Promise<number | undefined> {
  try {
    const [target] = (typeof dest === 'string' ? await pdf.getDestination(dest) : dest) ?? [];
    if (typeof target === 'number') return target < pdf.numPages ? target + 1 : undefined;
    return target ? (await pdf.getPageIndex(target)) + 1 : undefined;
  } catch {
    return undefined;
  }
}

/** The names of the metadata by what pdf.js calls them. */
const NAMES: Readonly<Record<string, string>> = {
  Title: 'title',
  Author: 'author',
  Subject: 'subject',
  Keywords: 'keywords',
  Creator: 'creator',
  Producer: 'producer',
  Language: 'language',
};
const DATES: Readonly<Record<string, string>> = { CreationDate: 'created', ModDate: 'modified' };

export async function readMetadata(pdf: PDFDocumentProxy): Promise<Readonly<Record<string, string>>> {
  const found = await pdf.getMetadata().catch(() => undefined);
  const info = (found?.info ?? {}) as Readonly<Record<string, unknown>>;
  const facts: Record<string, string> = {};
  for (const [key, value] of Object.entries(info)) {
    const name = NAMES[key] ?? DATES[key];
    if (!name || typeof value !== 'string' || value.trim() === '') continue;
    facts[name] = DATES[key] ? toDate(value) : value.trim();
  }
  return info.IsSignaturesPresent === true ? { ...facts, signatures: 'present, not verified' } : facts;
}

/** `D:20240131123000+01'00'` as 2024-01-31T12:30:00+01:00. What is no date stays as it is. */
function toDate(value: string): string {
  const parts = /^D?:?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?(?:Z|([+-]\d\d)'?(\d\d)?)?/.exec(
    value.trim(),
  );
  if (!parts) return value.trim();
  const [, year, month = '01', day = '01', hour, minute, second = '00', zone, zoneMinute = '00'] = parts;
  const date = `${year}-${month}-${day}`;
  return hour ? `${date}T${hour}:${minute}:${second}${zone ? `${zone}:${zoneMinute}` : ''}` : date;
}

/** What the file calls its pages, where that is not their number. */
export async function readLabels(pdf: PDFDocumentProxy): Promise<readonly string[]> {
  return (await pdf.getPageLabels().catch(() => null)) ?? [];
}
