/** Between the cells of a row, as the lines of a page have it. */
const BAR = ' | ';

/**
 * For each line of a page the head of the table that it is a further row of; undefined for other lines, and for the head.
 * A table is what stands in rows one below the other; an empty cell at a row's end is a bar too.
 */
export function tableHeads(lines: readonly string[]): readonly (string | undefined)[] {
  let head: string | undefined;
  return lines.map((line) => {
    const isRow = `${line} `.includes(BAR);
    const above = head;
    head = isRow ? (above ?? line) : undefined;
    return isRow ? above : undefined;
  });
}
