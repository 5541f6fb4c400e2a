import readXlsxFile from 'read-excel-file/universal';
import { type Page, type Problem, problem } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { officeMetadata } from './office-metadata.ts';
import { openZip, packAgain, type Zip } from './open-zip.ts';
import { type SheetFacts, sheetFacts } from './sheet-facts.ts';
import { sheetPage } from './sheet-page.ts';
import { type WorkbookSheet, workbookSheets } from './workbook-sheets.ts';
import { readTextPart } from './zip-xml.ts';

/** An Excel workbook: each sheet a page, labelled with its name, empty or hidden ones too. */
export async function* readXlsx(bytes: Uint8Array, job: ReadJob): AsyncGenerator<Part> {
  const opened = openZip(bytes, job.limits);
  if (!opened.ok) {
    yield { type: 'refused', problem: opened.problem };
    return;
  }
  const { zip } = opened;
  const all = workbookSheets(zip) ?? [];
  const sheets = all.slice(0, job.limits.pages);
  if (sheets.length === 0) {
    yield { type: 'refused', problem: problem('damaged', DAMAGED) };
    return;
  }
  const wanted = sheets.map((sheet, index) => ({
    ...sheet,
    number: index + 1,
    facts: isWanted(index + 1, job.options.pages) ? factsOf(zip, sheet) : undefined,
  }));
  const values = await readValues(zip, wanted);
  if (!Array.isArray(values)) {
    yield { type: 'refused', problem: values as Problem };
    return;
  }
  yield { type: 'start', pageCount: all.length, metadata: officeMetadata(zip) };
  for (const sheet of wanted) {
    if (!isWanted(sheet.number, job.options.pages)) continue;
    const rows = sheet.part === undefined ? [] : (values.shift() ?? []);
    yield { type: 'page', page: pageOf(zip, sheet, rows) };
  }
  if (all.length > sheets.length) {
    const sentence = `Not read: of a workbook at most ${sheets.length} sheets are read.`;
    yield { type: 'limit', problem: problem('too-many-pages', sentence) };
  }
}

const DAMAGED = 'This Excel workbook is damaged and could not be opened. Download or copy it again.';

type Sheet = WorkbookSheet & { readonly number: number; readonly facts: SheetFacts | undefined };
type Values = readonly (readonly unknown[])[];

const factsOf = (zip: Zip, { part }: WorkbookSheet): SheetFacts | undefined => {
  const xml = part === undefined ? undefined : readTextPart(zip, part);
  return xml === undefined ? undefined : sheetFacts(xml);
};

/** Of all sheets that are wanted and are no charts, in order. The others are handed over empty: one cell at the far end
 * of a sheet would make the library fill billions of places. */
async function readValues(zip: Zip, sheets: readonly Sheet[]): Promise<Values[] | Problem> {
  const passedOver = sheets.filter(({ facts }) => !facts || isTooSparse(facts));
  const changed = new Map(
    passedOver.flatMap(({ part }) => (part === undefined ? [] : [[part, EMPTY_SHEET] as const])),
  );
  const packed = packAgain(
    zip,
    (name) => /\.(xml|rels)$/.test(name) && !/drawing|theme|comments/i.test(name),
    changed,
  );
  if (!packed.ok) return packed.problem;
  try {
    const read = await readXlsxFile(packed.bytes.buffer, { trim: false });
    const byName = new Map(read.map(({ sheet, data }) => [sheet, data]));
    return sheets
      .filter(({ part, facts }) => part !== undefined && facts)
      .map(({ name }) => byName.get(name) ?? []);
  } catch {
    return problem('damaged', DAMAGED);
  }
}

const EMPTY_SHEET =
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>';

/** Places of a sheet, filled or not. */
const MOST_PLACES = 20_000_000;
const isTooSparse = ({ rowCount, columnCount }: SheetFacts): boolean => rowCount * columnCount > MOST_PLACES;

function pageOf(zip: Zip, sheet: Sheet, rows: Values): Page {
  const { number, name, facts, part } = sheet;
  const warnings = warningsOf(sheet);
  if (facts && part !== undefined && !isTooSparse(facts))
    return sheetPage(zip, { number, label: name, part, facts, rows, warnings });
  const why = part === undefined ? CHART_ONLY : facts ? TOO_SPARSE : BROKEN;
  const nothing = { text: '', spans: [], tables: [], fields: [], pictures: [] };
  return {
    number,
    label: name,
    ...nothing,
    via: 'none',
    warnings: [problem('page-failed', why), ...warnings],
  };
}

const CHART_ONLY = 'This sheet holds a chart only, which was not read.';
const TOO_SPARSE = 'This sheet has cells so far apart that it could not be read.';
const BROKEN = 'This sheet is damaged and could not be read.';

function warningsOf({ isHidden, facts }: Sheet): readonly Problem[] {
  const found: Problem[] = [];
  if (isHidden) found.push(problem('hidden', 'This sheet is hidden in Excel; it was read all the same.'));
  if (facts && facts.hiddenRows + facts.hiddenColumns > 0)
    found.push(problem('hidden', 'Some rows or columns are hidden in Excel; they were read all the same.'));
  if (facts && facts.unstored > 0) found.push(problem('value-not-stored', unstoredSentence(facts.unstored)));
  return found;
}

const unstoredSentence = (count: number): string =>
  `${count === 1 ? 'A formula has' : `${count} formulas have`} no result in the file: open and save it in Excel to have them computed.`;
