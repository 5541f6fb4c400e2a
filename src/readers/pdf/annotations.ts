/** What is laid over a page: the fields of a form, notes, attached files. */
import type { Box, Field } from '../document.ts';
import type { PDFPageProxy } from './pdf-library.ts';
import type { TextItem } from './text-items.ts';

export type Annotations = {
  readonly fields: readonly Field[];
  /** What is seen of them on the page, which its program does not hold. */
  readonly items: readonly TextItem[];
  readonly files: readonly AttachedFile[];
};
/** `id`: for `getAttachmentContent`. */
export type AttachedFile = { readonly id: string; readonly name: string };

/** Of what pdf.js gives. */
type Annotation = {
  readonly subtype?: string;
  readonly rect: readonly number[];
  readonly annotationFlags?: number;
  readonly contentsObj?: { readonly str?: string };
  readonly titleObj?: { readonly str?: string };
  readonly textContent?: readonly string[];
  readonly fieldName?: string;
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly password?: boolean;
  readonly checkBox?: boolean;
  readonly radioButton?: boolean;
  readonly exportValue?: string;
  readonly buttonValue?: string;
  readonly options?: readonly { readonly exportValue: string; readonly displayValue: string }[];
  readonly defaultAppearanceData?: { readonly fontSize?: number };
  readonly fileId?: string;
  readonly file?: { readonly filename: string };
};
type Shown = { readonly annotation: Annotation; readonly box: Box };

/** Nobody sees these: they are not of the page. The bits are those of the PDF standard, 12.5.3. */
const HIDDEN = 0b10_0010;
const CHECKED = '[x]';
/** Shown too, or a choice would seem to belong to the word on its other side. */
const UNCHECKED = '[ ]';
const MOST_ANNOTATIONS = 10_000;

export async function readAnnotations(page: PDFPageProxy): Promise<Annotations> {
  const viewport = page.getViewport({ scale: 1 });
  const all: readonly Annotation[] = await page.getAnnotations({ intent: 'display' });
  const shown = all
    .slice(0, MOST_ANNOTATIONS)
    .filter(({ annotationFlags = 0 }) => (annotationFlags & HIDDEN) === 0)
    .map((annotation) => ({ annotation, box: toBox(annotation.rect, viewport) }));
  return {
    fields: withoutRepeats(shown).flatMap(toField),
    items: shown.flatMap(toItems),
    files: shown.flatMap(({ annotation: { file, fileId } }) =>
      file && fileId ? [{ id: fileId, name: file.filename }] : [],
    ),
  };
}

/** A group of radio buttons is one field: without a choice, its first button stands for it. */
function withoutRepeats(shown: readonly Shown[]): readonly Shown[] {
  const groups = new Set<string>();
  return shown.filter(({ annotation }) => {
    const { radioButton, fieldName = '', fieldValue } = annotation;
    if (!radioButton || isChecked(annotation)) return true;
    if (!isOff(fieldValue) || groups.has(fieldName)) return false;
    groups.add(fieldName);
    return true;
  });
}

type Viewport = ReturnType<PDFPageProxy['getViewport']>;

function toBox([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[], viewport: Viewport): Box {
  const [ax = 0, ay = 0] = viewport.convertToViewportPoint(x0, y0);
  const [bx = 0, by = 0] = viewport.convertToViewportPoint(x1, y1);
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

function toField({ annotation, box }: Shown): readonly Field[] {
  if (annotation.subtype === 'Widget') {
    const value = widgetValue(annotation);
    return value === undefined ? [] : [{ name: annotation.fieldName ?? '', value, box }];
  }
  const note = annotation.contentsObj?.str?.trim();
  if (!note || annotation.subtype === 'Popup' || annotation.subtype === 'Link') return [];
  return [{ name: annotation.titleObj?.str || (annotation.subtype ?? 'Note'), value: note, box }];
}

/** What a person reads in the field; empty where nothing is filled in. */
function widgetValue(annotation: Annotation): string | undefined {
  const { fieldType, fieldValue, checkBox, radioButton, options, password } = annotation;
  if (fieldType === 'Tx') return password ? '' : toText(fieldValue);
  if (fieldType === 'Ch') {
    const chosen = (Array.isArray(fieldValue) ? fieldValue : [fieldValue]).map(toText);
    return chosen
      .map((value) => options?.find((option) => option.exportValue === value)?.displayValue ?? value)
      .filter(Boolean)
      .join(', ');
  }
  if (!checkBox && !radioButton) return undefined;
  return isChecked(annotation) ? toText(fieldValue) : '';
}

function isChecked({ fieldValue, checkBox, exportValue, buttonValue }: Annotation): boolean {
  if (isOff(fieldValue)) return false;
  const value = toText(fieldValue);
  return value === (checkBox ? (exportValue ?? value) : buttonValue);
}

const isOff = (value: unknown): boolean => ['', 'Off'].includes(toText(value));

const toText = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').trim() : '';

function toItems({ annotation, box }: Shown): readonly TextItem[] {
  const size = annotation.defaultAppearanceData?.fontSize || Math.min(10, 0.75 * (box[3] - box[1]));
  const lines = shownLines(annotation).filter((line) => line.trim() !== '');
  const height =
    lines.length === 1 ? box[3] - box[1] : Math.min(1.2 * size, (box[3] - box[1]) / lines.length);
  return lines.map((text, index) => {
    const top = box[1] + index * height;
    const middle = top + height / 2;
    return {
      text,
      box: [box[0], top, box[2], top + height],
      baseline: middle + 0.35 * size,
      size,
      angle: 0,
      vertical: false,
      direction: RIGHT_TO_LEFT.test(text) ? 'rtl' : 'ltr',
      endsLine: true,
    };
  });
}

const RIGHT_TO_LEFT = /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}]/u;

function shownLines(annotation: Annotation): readonly string[] {
  if (annotation.subtype === 'FreeText') {
    return annotation.textContent ?? (annotation.contentsObj?.str ?? '').split(/\r\n?|\n/);
  }
  if (annotation.subtype !== 'Widget') return [];
  if (annotation.checkBox || annotation.radioButton) return [isChecked(annotation) ? CHECKED : UNCHECKED];
  return (widgetValue(annotation) ?? '').split('\n');
}
