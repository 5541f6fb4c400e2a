import type { Element } from '@xmldom/xmldom';
import { walkXml } from './zip-xml.ts';

/** The paragraphs of a part of a Word document, such as a header: text as it is shown, without what was deleted. */
export function wordParagraphs(root: Element): readonly string[] {
  const paragraphs: string[] = [];
  let paragraph = '';
  let isText = false;
  const end = () => {
    if (paragraph.trim() !== '') paragraphs.push(paragraph.trim());
    paragraph = '';
  };
  walkXml(root, {
    enter: (name) => {
      if (UNSHOWN.has(name)) return false;
      if (name === 'p') end();
      if (name === 'tab' || name === 'ptab') paragraph += '\t';
      if (name === 'br' || name === 'cr') paragraph += '\n';
      isText = name === 't';
      return true;
    },
    leave: (name) => {
      isText = false;
      if (name === 'p') end();
    },
    text: (text) => {
      if (isText) paragraph += text;
    },
  });
  end();
  return paragraphs;
}

/** `Fallback` says once more what stands before it; the others are marks, not text. */
const UNSHOWN: ReadonlySet<string> = new Set(['del', 'moveFrom', 'Fallback', 'pPr', 'rPr', 'instrText']);
