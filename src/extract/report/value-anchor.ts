/**
 * The name of a value's place in the report, such as `d3-total` or `d3-items.2.amount`: an id that needs no escaping
 * in HTML, in a URL or in a spreadsheet, and that no two values share.
 * `document`: 1-based, in the order of the rows. `field`: as `evidenceOf` names it.
 */
export function valueAnchor(document: number, field: string): string {
  const place = field
    .replace(/\[(\d+)\]/, '.$1')
    .replace(/[^A-Za-z0-9._-]/gu, (character) => `~${hex(character)}~`);
  return `${documentAnchor(document)}-${place}`;
}

export const documentAnchor = (document: number): string => `d${document}`;

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
