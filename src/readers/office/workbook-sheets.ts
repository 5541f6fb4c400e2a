import type { Zip } from './open-zip.ts';
import { mainPart, relationshipsOf } from './relationships.ts';
import { attribute, elementsOf, readXmlPart } from './zip-xml.ts';

export type WorkbookSheet = {
  readonly name: string;
  /** Its part's name; undefined of a sheet that holds a chart only. */
  readonly part: string | undefined;
  readonly isHidden: boolean;
};

/** The sheets of a workbook in their order; undefined when the workbook is broken. */
export function workbookSheets(zip: Zip): readonly WorkbookSheet[] | undefined {
  const main = mainPart(zip, 'xl/workbook.xml');
  const root = readXmlPart(zip, main);
  if (!root) return undefined;
  const parts = new Map(relationshipsOf(zip, main).map((each) => [each.id, each]));
  return elementsOf(root, 'sheet').map((sheet) => {
    const relationship = parts.get(attribute(sheet, 'id'));
    return {
      name: attribute(sheet, 'name'),
      part: relationship?.type === 'worksheet' ? relationship.target : undefined,
      isHidden: /hidden/i.test(attribute(sheet, 'state')),
    };
  });
}
