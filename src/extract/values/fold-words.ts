/** The words of a text without accents, case and signs that cannot be seen, joined by one space: what two writings of one
 * word share. Raised, circled and broken digits stay: `②` is no `2`. */
export const foldWords = (text: string): string =>
  text
    .replace(/\P{No}+/gu, (part) => part.normalize('NFKD'))
    .toLowerCase()
    .replace(/\p{M}|[\u00ad\u200b-\u200f\u2060\ufeff]/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
