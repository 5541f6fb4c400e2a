import { pageGeometry } from './page-geometry.ts';
import type { PDFPageProxy } from './pdf-library.ts';

type Styles = Awaited<ReturnType<PDFPageProxy['getTextContent']>>['styles'];

/** Operators that are looked through for a font's name. */
const MOST_OPERATORS = 50_000;

/**
 * The fonts of a page, by pdf.js's names, whose letters are the codes of ZapfDingbats: a tick comes as "4". pdf.js maps
 * them when it draws, not when it reads, and tells a font's name only once it was drawn with.
 */
export async function dingbatFonts(page: PDFPageProxy, styles: Styles): Promise<ReadonlySet<string>> {
  // Of the fonts that every viewer has, pdf.js knows no metrics for this one and for Symbol, which it maps.
  const candidates = Object.keys(styles).filter((id) => Number.isNaN(styles[id]?.ascent));
  if (candidates.length === 0) return new Set();
  // The document's fonts are kept: of its pages, mostly one is walked for this.
  if (!candidates.every((id) => page.commonObjs.has(id))) {
    await pageGeometry(page, MOST_OPERATORS).catch(() => undefined);
  }
  const isDingbats = (id: string) => {
    const font: { readonly name?: string } | undefined = page.commonObjs.has(id) && page.commonObjs.get(id);
    return /dingbats/i.test(font?.name ?? '');
  };
  return new Set(candidates.filter(isDingbats));
}

/** Codes of ZapfDingbats as the signs they stand for. What is no code stays: a font may say itself what it means. */
export const toSigns = (codes: string): string =>
  codes.replace(/[!-~\x80-\x8d\xa1-\xfe]/g, (code) => SIGNS.get(code.charCodeAt(0)) ?? code);

// From https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/zdingbat.txt.
const RANGES: readonly (readonly [first: number, signs: string])[] = [
  [0x21, '✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✓✔✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞'],
  [0x80, '❨❩❪❫❬❭❮❯❰❱❲❳❴❵'],
  [0xa1, '❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞➟➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯'],
  [0xf1, '➱➲➳➴➵➶➷➸➹➺➻➼➽➾'],
];
const SIGNS: ReadonlyMap<number, string> = new Map(
  RANGES.flatMap(([first, signs]) => [...signs].map((sign, at): [number, string] => [first + at, sign])),
);
