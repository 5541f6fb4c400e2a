import readXlsxFile, { readSheet } from 'read-excel-file/universal';
import { type Problem, problem } from '../document.ts';
import { withCellReferences } from './cell-references.ts';
import { packAgain, type Zip } from './open-zip.ts';
import type { SheetFacts } from './sheet-facts.ts';
import type { WorkbookSheet } from './workbook-sheets.ts';
import { readTextPart } from './zip-xml.ts';

export type SheetRows = readonly (readonly unknown[])[];
/** Gives the rows of a sheet by its name, once; undefined when it is damaged. */
export type TakeRows = (name: string) => Promise<SheetRows | undefined>;
type Sheet = WorkbookSheet & { readonly facts: SheetFacts | undefined };

export const DAMAGED = 'This Excel workbook is damaged and could not be opened. Download or copy it again.';

/** The values of all sheets that are wanted (those with `facts`) and can be laid out. The others are handed to the
 * library empty: one cell at the far end of a sheet would make it fill billions of places. */
export async function sheetValues(zip: Zip, sheets: readonly Sheet[]): Promise<TakeRows | Problem> {
  const packed = packAgain(
    zip,
    (name) => /\.(xml|rels)$/.test(name) && !/drawing|theme|comments/i.test(name),
    changedParts(zip, sheets),
  );
  if (!packed.ok) return packed.problem;
  const all = await readTogether(packed.bytes.buffer);
  if (all) return takeFrom(all);
  return sheets.length > 1 ? readAlone(packed.bytes.buffer) : problem('damaged', DAMAGED);
}

/** Places of a sheet, filled or not. */
const MOST_PLACES = 20_000_000;
export const isTooSparse = ({ rowCount, columnCount }: SheetFacts): boolean =>
  rowCount * columnCount > MOST_PLACES;

function changedParts(zip: Zip, sheets: readonly Sheet[]): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { part, facts } of sheets) {
    if (part === undefined) continue;
    if (!facts || isTooSparse(facts)) changed.set(part, EMPTY_SHEET);
    else if (facts.lacksReferences)
      changed.set(part, withCellReferences(readTextPart(zip, part) ?? EMPTY_SHEET));
  }
  return changed;
}

const EMPTY_SHEET =
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>';

async function readTogether(workbook: ArrayBuffer): Promise<Map<string, SheetRows> | undefined> {
  try {
    const read = await readXlsxFile(workbook, { trim: false });
    return new Map(read.map(({ sheet, data }) => [sheet, data]));
  } catch {
    return undefined;
  }
}

/** A large sheet's values are let go of when they are taken. */
const takeFrom =
  (all: Map<string, SheetRows>): TakeRows =>
  async (name) => {
    const rows = all.get(name) ?? [];
    all.delete(name);
    return rows;
  };

/** One broken sheet makes the library fail for all of them. */
const readAlone =
  (workbook: ArrayBuffer): TakeRows =>
  async (name) => {
    try {
      return await readSheet(workbook, name, { trim: false });
    } catch {
      return undefined;
    }
  };
