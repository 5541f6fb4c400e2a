import type { Extraction, Status } from '../extraction.ts';
import { type EvidenceEntry, evidenceOf } from '../table/evidence-of.ts';
import { escapeName, escapeText, plural } from './html.ts';
import { STYLE } from './style.ts';
import { documentAnchor, valueAnchor } from './value-anchor.ts';

/** The page may load nothing, run nothing and send nothing: what it shows stands in it. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The beginning of the report: what was done, what is to be looked at, what could not be read. */
export function reportHead(extraction: Extraction): string {
  const entries = evidenceOf(extraction);
  const byDocument = Map.groupBy(entries, ({ document }) => document);
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`,
    '<meta name="referrer" content="no-referrer">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    `<title>Values and their evidence</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`,
    '<header>\n<h1>Values and their evidence</h1>\n',
    `<p class="sub">Job <code>${escapeName(extraction.jobId)}</code>. A value is verified when code found its words in the document and the value in them; what a model says counts for nothing.</p>\n`,
    cards(extraction, entries),
    '</header>\n<main>\n',
    documentsTable(extraction, byDocument),
    failuresPart(extraction),
    pagesPart(extraction),
  ].join('');
}

function cards({ rows, failures, left }: Extraction, entries: readonly EvidenceEntry[]): string {
  const count = (status: Status) => entries.filter(({ value }) => value.status === status).length;
  // A file that changed while the job ran has its row, and is to be read again.
  const total = new Set([...[...rows, ...failures].map(({ file }) => file), ...left]).size;
  const all: readonly (readonly [number, string, string, string])[] = [
    [total, total === 1 ? 'document' : 'documents', '', ''],
    [count('verified'), 'verified', 'verified', '✓'],
    [count('unverified'), 'unverified', 'unverified', '!'],
    [count('missing'), 'not stated', 'missing', '–'],
    [count('rejected'), 'rejected', 'rejected', '✕'],
    [failures.length, 'failed', 'rejected', '✕'],
    [left.length, 'not looked at', 'missing', '–'],
  ];
  const shown = all.filter(([number], at) => at < 3 || number > 0);
  const items = shown.map(
    ([number, words, name, sign]) =>
      `<li class="${name}"><b>${number.toLocaleString('en-US')}</b> <span>${sign && `<i aria-hidden="true">${sign}</i> `}${words}</span></li>`,
  );
  return `<ul class="cards">${items.join('')}</ul>\n`;
}

const MOST_LINKS = 12;

function documentsTable(
  { rows }: Extraction,
  byDocument: ReadonlyMap<number, readonly EvidenceEntry[]>,
): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row, at) => {
    const entries = byDocument.get(at + 1) ?? [];
    const verified = entries.filter(({ value }) => value.status === 'verified').length;
    const open = entries.filter(
      ({ value: { status }, field }) =>
        status === 'unverified' || status === 'rejected' || (status === 'missing' && field.isRequired),
    );
    const links = open
      .slice(0, MOST_LINKS)
      .map(({ name, document }) => `<a href="#${valueAnchor(document, name)}">${escapeName(name)}</a>`);
    const more = open.length > MOST_LINKS ? [`and ${open.length - MOST_LINKS} more`] : [];
    const broken = row.checks.filter(({ holds }) => holds === false).map(({ check }) => escapeText(check));
    const todo = [...links, ...more, ...broken.map((check) => `<code>${check}</code> does not hold`)];
    return (
      `<tr><th scope="row"><a href="#${documentAnchor(at + 1)}">${escapeName(row.file)}</a></th>` +
      `<td class="number">${verified} of ${verified + open.length}</td>` +
      `<td class="todo">${todo.length === 0 ? '<span class="sign verified" aria-hidden="true">✓</span> nothing' : todo.join(', ')}</td></tr>\n`
    );
  });
  return (
    '<section>\n<h2>Documents</h2>\n<div class="wide"><table class="index"><thead><tr><th scope="col">File</th>' +
    `<th scope="col">Verified</th><th scope="col">To look at</th></tr></thead>\n<tbody>${lines.join('')}</tbody></table></div>\n</section>\n`
  );
}

function failuresPart({ failures, left }: Extraction): string {
  const failed = failures.map(
    ({ file, problem }) =>
      `<li><span class="sign rejected" aria-hidden="true">✕</span> <b>${escapeName(file)}</b>: ${escapeText(problem)}</li>\n`,
  );
  const notLooked = left.map(
    (file) =>
      `<li><span class="sign missing" aria-hidden="true">–</span> <b>${escapeName(file)}</b>: not looked at, since the job was stopped before.</li>\n`,
  );
  if (failed.length + notLooked.length === 0) return '';
  return `<section>\n<h2>Files without values</h2>\n<ul class="failures">${[...failed, ...notLooked].join('')}</ul>\n</section>\n`;
}

function pagesPart({ rows }: Extraction): string {
  const items = rows.flatMap((row, at) =>
    row.pages
      .filter(({ isAsked }) => !isAsked)
      .map(({ first, last, sentence }) => {
        const place = first === last ? `page ${first}` : `pages ${first} to ${last}`;
        return `<li><a href="#${documentAnchor(at + 1)}">${escapeName(row.file)}</a>, ${place}: ${escapeText(sentence)}</li>\n`;
      }),
  );
  if (items.length === 0) return '';
  const title = `${plural(items.length, 'place')} that no model was given`;
  return `<section>\n<h2>Pages not read</h2>\n<details open><summary>${title}</summary><ul class="failures">${items.join('')}</ul></details>\n</section>\n`;
}
