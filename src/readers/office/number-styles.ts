import type { Zip } from './open-zip.ts';
import { mainPart, relationshipsOf } from './relationships.ts';
import { attribute, elementsOf, readXmlPart } from './zip-xml.ts';

/** Which styles of cells show a number as a duration, and which may show it as a date: by their index, as the `s` of a
 * cell says it. */
export type NumberStyles = ReadonlyMap<string, 'duration' | 'date'>;

/** Of a workbook's styles; none when they are missing or broken. */
export function numberStyles(zip: Zip): NumberStyles {
  const found = new Map<string, 'duration' | 'date'>();
  const styles = relationshipsOf(zip, mainPart(zip, 'xl/workbook.xml')).find(({ type }) => type === 'styles');
  const root = styles?.target === undefined ? undefined : readXmlPart(zip, styles.target);
  const cellStyles = root && elementsOf(root, 'cellXfs')[0];
  if (!cellStyles) return found;
  const codes = new Map(
    elementsOf(root, 'numFmt').map((format) => [
      attribute(format, 'numFmtId'),
      attribute(format, 'formatCode'),
    ]),
  );
  for (const [index, style] of elementsOf(cellStyles, 'xf').entries()) {
    const id = attribute(style, 'numFmtId');
    const shown = shownBy(codes.get(id) ?? BUILT_IN[id] ?? '');
    if (shown) found.set(String(index), shown);
  }
  return found;
}

/** Formats that every workbook has without writing them down (ECMA-376, 18.8.30); days and times look alike here. */
const BUILT_IN: Readonly<Record<string, string>> = {
  ...Object.fromEntries([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47].map((id) => [id, 'd'])),
  46: '[h]:mm:ss',
};

/** Hours, minutes or seconds in brackets count beyond a day, an hour, a minute. */
function shownBy(code: string): 'duration' | 'date' | undefined {
  const bare = code.replace(/"[^"]*"|\\./g, '');
  if (/\[(h+|m+|s+)\]/i.test(bare)) return 'duration';
  return /[dmyhs]/i.test(bare.replace(/\[[^\]]*\]/g, '')) ? 'date' : undefined;
}
