import type Tesseract from 'tesseract.js';
import type { Box, Span } from '../document.ts';
import type { Reading } from './tesseract.ts';

export type RecognizedText = {
  readonly text: string;
  readonly spans: readonly Span[];
  /** The mean of the words' confidences, weighted by their length. 0 without words. */
  readonly confidence: number;
  /** Words that were left out, since they are what a photo or a stamp looks like as words. */
  readonly droppedWords: number;
};

/** Text in reading order: a blank line between paragraphs. `toPoints` maps a word's box. */
export function toRecognizedText(reading: Reading, toPoints: (box: Box) => Box): RecognizedText {
  const paragraphs = reading.blocks.flatMap((block) => block.paragraphs);
  const kept = paragraphs.filter((paragraph) => meanConfidence(wordsOf(paragraph)) >= LEAST_CONFIDENCE);
  const words = kept.flatMap(wordsOf);
  return {
    text: kept.map(textOf).join('\n\n'),
    spans: words.map(({ text, bbox, confidence }) => ({
      text,
      box: toPoints([bbox.x0, bbox.y0, bbox.x1, bbox.y1]),
      confidence: Math.round(confidence),
    })),
    confidence: Math.round(meanConfidence(words)),
    droppedWords: paragraphs.flatMap(wordsOf).length - words.length,
  };
}

/** Of a paragraph. Words made of noise have 0 to 40. */
const LEAST_CONFIDENCE = 45;

const wordsOf = (paragraph: Tesseract.Paragraph): readonly Tesseract.Word[] =>
  paragraph.lines.flatMap((line) => line.words).filter((word) => word.text.trim() !== '');

const textOf = (paragraph: Tesseract.Paragraph): string =>
  paragraph.lines.map((line) => line.words.map((word) => word.text).join(' ')).join('\n');

function meanConfidence(words: readonly Tesseract.Word[]): number {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const weighted = words.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0);
  return letters === 0 ? 0 : weighted / letters;
}
