import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import type { Feature } from 'write-excel-file/node';
import { getCellAddress, sanitizeAttributeValue } from 'write-excel-file/utility';

/** What a sheet's pictures may be, of which ours have none. */
export type FileContent = Stream | Buffer | Blob;

export type Link = {
  /** 0-based, the head included. */
  readonly row: number;
  readonly column: number;
  /** A place in the workbook, or in the report where there is one. */
  readonly location: string;
  /** Shown while the pointer is over the cell. */
  readonly hint: string;
};

export type LinkedSheet = {
  readonly links: readonly Link[];
  readonly rowCount: number;
  readonly columnCount: number;
};

/** Excel refuses a sheet with more. */
const MOST_LINKS = 65_000;
/** Excel refuses a longer one. */
const LONGEST_HINT = 250;

/**
 * Links on cells and a filter on the head, which write-excel-file does not write. Links of the format's own, not
 * HYPERLINK formulas: the cell keeps its number or date, nothing of a document stands in a formula, and there is no
 * limit of 255 characters. `report`: relative to the workbook, as a URL.
 */
export function linksFeature(
  sheets: readonly LinkedSheet[],
  report: string | undefined,
): Feature<FileContent> {
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _options, { sheetIndex }) => {
            const sheet = sheets[sheetIndex];
            if (!sheet) return xml;
            // The order that the format wants: data, filter, links, then the page's margins.
            return xml.replace('</sheetData>', (end) => end + filterXml(sheet) + linksXml(sheet, report));
          },
        },
        'xl/worksheets/_rels/sheet{id}.xml.rels': {
          insert: (_options, { sheetIndex }) =>
            report !== undefined && sheets[sheetIndex]?.links.length ? relationshipXml(report) : '',
        },
      },
    },
  };
}

const filterXml = ({ rowCount, columnCount }: LinkedSheet): string =>
  `<autoFilter ref="A1:${getCellAddress(Math.max(0, rowCount - 1), columnCount - 1)}"/>`;

function linksXml({ links }: LinkedSheet, report: string | undefined): string {
  if (links.length === 0) return '';
  const target = report === undefined ? '' : ` r:id="${RELATIONSHIP}"`;
  const each = links.slice(0, MOST_LINKS).map(({ row, column, location, hint }) => {
    const tooltip = sanitizeAttributeValue(hint.slice(0, LONGEST_HINT).replace(/[\ud800-\udbff]$/, ''));
    const place = sanitizeAttributeValue(location);
    return `<hyperlink ref="${getCellAddress(row, column)}"${target} location="${place}" tooltip="${tooltip}"/>`;
  });
  return `<hyperlinks>${each.join('')}</hyperlinks>`;
}

const RELATIONSHIP = 'rId-report';
const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink';

const relationshipXml = (report: string): string =>
  `<Relationship Id="${RELATIONSHIP}" Type="${HYPERLINK}" Target="${sanitizeAttributeValue(report)}" TargetMode="External"/>`;
