import type { CheckResult, FieldPlan, List, PageAccount, Row } from '../extraction.ts';
import { columnName, type EvidenceEntry, evidenceOfRow, nameInList } from '../table/evidence-of.ts';
import { escapeName, escapeText, plural } from './html.ts';
import type { PageSource } from './page-source.ts';
import { type DrawnPage, storedPicture, wholePage } from './picture-part.ts';
import { documentAnchor } from './value-anchor.ts';
import { fieldRow, listRow, type Places } from './value-part.ts';

/** The pages of which a document's part shows something. */
export function pagesNeeded(row: Row, plan: FieldPlan): readonly number[] {
  const pages = evidenceOfRow(row, 1, plan).flatMap(({ value }) => (isShown(value.page) ? [value.page] : []));
  return [...new Set(pages)].sort((a, b) => a - b);
}

const isShown = (page: number | undefined): page is number => page !== undefined;

/** A document: its pictures, its values beside the places they came from, its lists, checks, notes and pages. */
export async function* documentPart(
  row: Row,
  { document, plan, source }: { document: number; plan: FieldPlan; source: PageSource },
): AsyncGenerator<string> {
  const entries = evidenceOfRow(row, document, plan);
  const anchor = documentAnchor(document);
  const counts = entries.filter(({ value }) => value.status === 'verified').length;
  // What has to be there, and is not, counts too.
  const stated = entries.filter(({ value, field }) => value.status !== 'missing' || field.isRequired).length;
  yield `<section class="document" id="${anchor}">\n<h2>${escapeName(row.file)}</h2>\n` +
    `<p class="sub">${counts} of ${plural(stated, 'value')} verified · ${plural(row.pageCount, 'page')} · ` +
    `SHA-256 <code>${escapeName(row.sha256.slice(0, 16))}…</code></p>\n`;
  if (source.problem !== undefined) yield note(source.problem);
  const drawn = new Map<number, DrawnPage>();
  for (const page of pagesNeeded(row, plan)) {
    if (!entries.some(({ value }) => value.page === page && value.box)) continue;
    const picture = await source.draw(page);
    if (typeof picture === 'string') yield note(`Page ${page}: ${picture}`);
    if (picture === undefined || typeof picture === 'string') continue;
    const spans = source.page(page)?.spans ?? [];
    const stored = { id: `${anchor}-page-${page}`, number: page, size: picture.size, spans };
    drawn.set(page, stored);
    yield storedPicture(stored, picture);
  }
  const places: Places = { drawn, page: source.page };
  yield fieldsTable(entries.slice(0, plan.fields.length), places);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  for (const list of plan.lists) yield listTable(list, row, byName, places);
  yield checksPart(row.checks);
  for (const sentence of row.notes) yield note(sentence);
  for (const page of drawn.values()) {
    yield wholePage(
      page,
      entries.filter(({ value }) => value.page === page.number && value.box),
    );
  }
  yield `${pagesPart(row.pages)}</section>\n`;
}

const fieldsTable = (entries: readonly EvidenceEntry[], places: Places): string =>
  entries.length === 0
    ? ''
    : `<table class="fields"><colgroup><col><col><col></colgroup><thead class="unseen"><tr><th>Field</th><th>Value</th><th>Evidence</th></tr></thead>` +
      `<tbody>\n${entries.map((entry) => fieldRow(entry, places)).join('')}</tbody></table>\n`;

function listTable(list: List, row: Row, byName: ReadonlyMap<string, EvidenceEntry>, places: Places): string {
  const lines = row.lists[list.path] ?? [];
  const title = `<h3>${escapeName(list.path)} <small>${plural(lines.length, 'row')}</small></h3>\n`;
  if (lines.length === 0) return title;
  const heads = list.columns.map(({ path, type }) => {
    const name = columnName(list.path, path)[0] ?? list.path;
    return `<th scope="col" class="${type}">${escapeName(name)}</th>`;
  });
  const rows = lines.map((_, at) =>
    listRow(
      at + 1,
      list.columns.flatMap(({ path }) => byName.get(nameInList(list.path, at + 1, path)) ?? []),
      places,
    ),
  );
  return `${title}<div class="wide"><table class="list"><thead><tr><th scope="col">#</th>${heads.join('')}</tr></thead>\n${rows.join('')}</table></div>\n`;
}

function checksPart(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return '';
  const items = checks.map(({ check, holds, sentence }) => {
    const [name, sign, words] =
      holds === undefined
        ? ['missing', '–', 'cannot be computed']
        : holds
          ? ['verified', '✓', 'holds']
          : ['unverified', '!', 'does not hold'];
    return `<li><span class="chip ${name}"><b aria-hidden="true">${sign}</b> ${words}</span> <code>${escapeText(check)}</code> <span class="note">${escapeText(sentence)}</span></li>\n`;
  });
  return `<h3>Checks</h3>\n<ul class="checks">\n${items.join('')}</ul>\n`;
}

function pagesPart(pages: readonly PageAccount[]): string {
  const items = pages.map(({ first, last, isAsked, sentence }) => {
    const place = first === last ? `Page ${first}` : `Pages ${first} to ${last}`;
    const asked = isAsked ? '' : ' <b>Not given to the model.</b>';
    return `<li>${place}: ${escapeText(sentence)}${asked}</li>`;
  });
  return `<ul class="pages">${items.join('')}</ul>\n`;
}

const note = (sentence: string): string => `<p class="hint">${escapeText(sentence)}</p>\n`;
