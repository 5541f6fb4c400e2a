import type { Element } from '@xmldom/xmldom';
import { attribute, elementsOf, walkXml } from './zip-xml.ts';

/** `other`: a chart or a diagram, which is not read. */
export type Shape = {
  readonly type: 'sp' | 'pic' | 'table' | 'other';
  readonly element: Element;
  readonly place: Place;
};
/** In EMU (1/914400 inch) from the top left of the slide. */
type Place = { readonly x: number; readonly y: number };

/** Shapes whose tops differ by less stand beside each other: about a quarter of an inch. */
const ROW = 228_600;

/** The shapes of a slide in reading order. One without a place has that of its layout, or else stands in a title's
 * place at the top, or follows the shape before it. */
export function shapesOf(slide: Element, places: ReadonlyMap<string, Place>): readonly Shape[] {
  const shapes: Shape[] = [];
  const groups: Group[] = [];
  walkXml(slide, {
    enter: (name, element) => {
      if (name === 'Fallback') return false;
      if (name === 'grpSp') groups.push(groupOf(element));
      const type = typeOf(name, element);
      if (!type) return true;
      const own = placeIn(element);
      const inherited =
        places.get(keyOf(element)) ?? (isTitle(element) ? { x: 0, y: 0 } : shapes.at(-1)?.place);
      const place = own ? groups.reduceRight(moved, own) : (inherited ?? { x: 0, y: 0 });
      shapes.push({
        type,
        element: type === 'table' ? (elementsOf(element, 'tbl')[0] ?? element) : element,
        place,
      });
      return false;
    },
    leave: (name) => {
      if (name === 'grpSp') groups.pop();
    },
  });
  return inReadingOrder(shapes);
}

/** Where a layout puts its placeholders. */
export function placesOf(layout: Element): ReadonlyMap<string, Place> {
  const shapes = elementsOf(layout, 'sp').flatMap((shape) => {
    const place = placeIn(shape);
    return place ? [[keyOf(shape), place] as const] : [];
  });
  return new Map(shapes);
}

export function placeholderOf(shape: Element): { readonly type: string; readonly index: string } | undefined {
  const [placeholder] = elementsOf(shape, 'ph');
  return placeholder && { type: attribute(placeholder, 'type'), index: attribute(placeholder, 'idx') };
}

const isTitle = (shape: Element): boolean => /title/i.test(placeholderOf(shape)?.type ?? '');

/** A title is found by its type, other placeholders by their number. */
function keyOf(shape: Element): string {
  const placeholder = placeholderOf(shape);
  if (!placeholder) return '';
  return /title/i.test(placeholder.type) ? 'title' : `${placeholder.index}`;
}

function typeOf(name: string, element: Element): Shape['type'] | undefined {
  if (name === 'sp' || name === 'cxnSp') return 'sp';
  if (name === 'pic') return 'pic';
  if (name !== 'graphicFrame') return undefined;
  return elementsOf(element, 'tbl').length > 0 ? 'table' : 'other';
}

function placeIn(shape: Element): Place | undefined {
  const [offset] = elementsOf(shape, 'off');
  return offset && { x: Number(attribute(offset, 'x')), y: Number(attribute(offset, 'y')) };
}

/** A group has a scale of its own for what it holds. */
type Group = { readonly at: Place; readonly inner: Place; readonly scaleX: number; readonly scaleY: number };

function groupOf(group: Element): Group {
  const read = (name: string, x: string, y: string): Place => {
    const [found] = elementsOf(group, name);
    return { x: Number(found ? attribute(found, x) : 0), y: Number(found ? attribute(found, y) : 0) };
  };
  const size = read('ext', 'cx', 'cy');
  const innerSize = read('chExt', 'cx', 'cy');
  return {
    at: read('off', 'x', 'y'),
    inner: read('chOff', 'x', 'y'),
    scaleX: innerSize.x > 0 ? size.x / innerSize.x : 1,
    scaleY: innerSize.y > 0 ? size.y / innerSize.y : 1,
  };
}

const moved = (place: Place, { at, inner, scaleX, scaleY }: Group): Place => ({
  x: at.x + (place.x - inner.x) * scaleX,
  y: at.y + (place.y - inner.y) * scaleY,
});

function inReadingOrder(shapes: readonly Shape[]): readonly Shape[] {
  const byTop = shapes.toSorted((a, b) => a.place.y - b.place.y);
  const rows: Shape[][] = [];
  for (const shape of byTop) {
    const row = rows.at(-1);
    if (row?.[0] && shape.place.y - row[0].place.y < ROW) row.push(shape);
    else rows.push([shape]);
  }
  return rows.flatMap((row) => row.toSorted((a, b) => a.place.x - b.place.x));
}
