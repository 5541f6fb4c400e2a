/**
 * Text as it is compared when someone looks for words: small letters, one form of every character (`é` as one or two
 * characters, `ﬁ`, full width), plain quotes and hyphens, one space for any run of white space. Line ends stay.
 */
export function foldText(text: string): string {
  const plain = ASCII.test(text) ? text.toLowerCase() : foldCharacters(text);
  return plain.replace(/[^\S\n]+/g, ' ');
}

const ASCII = /^[\0-\x7f]*$/;

const foldCharacters = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    // Soft hyphens and what else cannot be seen, and the dot that the small letter of İ gets.
    .replace(/\p{Cf}|\u0307/gu, '')
    .replace(/[‘’‚‛`´]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‐‑‒–—−]/g, '-')
    .replaceAll('ß', 'ss');
