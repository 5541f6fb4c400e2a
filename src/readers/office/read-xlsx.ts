import { type Page, type Problem, problem, unreadPage } from '../document.ts';
import { isWanted } from '../page-ranges.ts';
import type { Part, ReadJob } from '../reader.ts';
import { type NumberStyles, numberStyles } from './number-styles.ts';
import { officeMetadata } from './office-metadata.ts';
import { openZip, type Zip } from './open-zip.ts';
import { type SheetFacts, sheetFacts } from './sheet-facts.ts';
import { sheetPage } from './sheet-page.ts';
import { DAMAGED, isTooSparse, type SheetRows, sheetValues } from './sheet-values.ts';
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
  const styles = numberStyles(zip);
  const wanted = sheets.map((sheet, index) => ({
    ...sheet,
    number: index + 1,
    facts: isWanted(index + 1, job.options.pages) ? factsOf(zip, sheet, styles) : undefined,
  }));
  const takeRows = await sheetValues(zip, wanted);
  if (typeof takeRows !== 'function') {
    yield { type: 'refused', problem: takeRows };
    return;
  }
  yield { type: 'start', pageCount: all.length, metadata: officeMetadata(zip) };
  for (const sheet of wanted) {
    if (!isWanted(sheet.number, job.options.pages)) continue;
    const rows = isReadable(sheet) ? await takeRows(sheet.name) : undefined;
    yield { type: 'page', page: pageOf(zip, sheet, rows) };
  }
  if (all.length > sheets.length) {
    const sentence = `Not read: of a workbook at most ${sheets.length} sheets are read.`;
    yield { type: 'limit', problem: problem('too-many-pages', sentence) };
  }
}

type Sheet = WorkbookSheet & { readonly number: number; readonly facts: SheetFacts | undefined };

function factsOf(zip: Zip, { part }: WorkbookSheet, styles: NumberStyles): SheetFacts | undefined {
  const xml = part === undefined ? undefined : readTextPart(zip, part);
  return xml === undefined ? undefined : sheetFacts(xml, styles);
}

const isReadable = ({ part, facts }: Sheet): boolean =>
  part !== undefined && facts !== undefined && !isTooSparse(facts);

function pageOf(zip: Zip, sheet: Sheet, rows: SheetRows | undefined): Page {
  const { number, name, facts, part } = sheet;
  const warnings = warningsOf(sheet);
  if (facts && part !== undefined && rows)
    return sheetPage(zip, { number, label: name, part, facts, rows, warnings });
  const why = part === undefined ? CHART_ONLY : facts && isTooSparse(facts) ? TOO_SPARSE : BROKEN;
  return { ...unreadPage(number, [problem('page-failed', why), ...warnings]), label: name };
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
