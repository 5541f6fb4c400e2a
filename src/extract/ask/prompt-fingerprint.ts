import { createHash } from 'node:crypto';
import type { Document } from '../../readers/document.ts';
import type { FieldPlan } from '../extraction.ts';
import { answerGroups } from './answer-groups.ts';
import { type Passage, passageText } from './passages.ts';
import { extractInstructions, passageMessage, questionFor } from './prompt.ts';

/** In hexadecimal, of all words of ours that a model is given and of the answers it may give: another prompt may find
 * other values. */
export function promptFingerprint(
  plan: Pick<FieldPlan, 'fields' | 'lists'>,
  instructions: string | undefined,
): string {
  const words = [
    extractInstructions(plan, instructions),
    ...answerGroups(plan).flatMap((group) => [
      passageMessage(passageText(SAMPLE, NO_PAGES), group),
      questionFor(group),
      JSON.stringify(group.schema),
    ]),
  ];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** With each marker of ours once. */
const SAMPLE: Passage = {
  lines: [{ page: 1, line: 2, lineCount: 3, text: 'a | b', tableHead: 'A | B' }],
};
const NO_PAGES: Pick<Document, 'pageCount' | 'pages'> = { pageCount: 1, pages: [] };
