import type { Element } from '@xmldom/xmldom';
import { walkXml } from './zip-xml.ts';

/** The paragraphs of a shape, a cell or a comment of PowerPoint (DrawingML), a line each. */
export function drawingText(shape: Element): string {
  const lines: string[] = [];
  let line = '';
  let isText = false;
  walkXml(shape, {
    enter: (name) => {
      isText = name === 't';
      if (name === 'br') line += '\n';
      if (name === 'tab') line += '\t';
      // What a newer program shows stands before it.
      return name !== 'Fallback';
    },
    leave: (name) => {
      isText = false;
      if (name !== 'p') return;
      if (line.trim() !== '') lines.push(line.trim());
      line = '';
    },
    text: (text) => {
      if (isText) line += text;
    },
  });
  // PowerPoint writes a line break in a title as a vertical tab.
  return lines.join('\n').replaceAll('\v', '\n');
}
