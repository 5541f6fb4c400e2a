import { attributeIn, placeOf } from './sheet-facts.ts';

/** A sheet's XML in which each cell says where it is. The standard lets a cell stand right of the one before it and a
 * row below the one before it without a word; read-excel-file does not. */
export function withCellReferences(xml: string): string {
  let row = -1;
  let column = -1;
  return xml.replace(TAGS, (tag, start: string, name: string, attributes: string) => {
    const reference = attributeIn(attributes, 'r');
    if (name === 'row') {
      row = reference === undefined ? row + 1 : Number(reference) - 1;
      column = -1;
      return tag;
    }
    const place = placeOf(reference);
    row = place?.row ?? row;
    column = place?.column ?? column + 1;
    return reference !== undefined ? tag : `${start} r="${letters(column)}${row + 1}"${attributes}>`;
  });
}

const TAGS = /(<(?:\w+:)?(row|c))((?:\s[^>]*)?\/?)>/g;

/** 0 is A, 26 is AA. */
const letters = (column: number): string =>
  (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
