import { type Problem, problem } from '../document.ts';

/** Why a file of Microsoft's older container (OLE, Compound File) is not read. Newer Office files that need a password
 * are in such a container too. */
export function oldOfficeProblem(bytes: Uint8Array): Problem {
  const holds = (stream: string) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(stream, 0, 'utf16le');
  if (holds('EncryptedPackage')) return problem('password-needed', ENCRYPTED);
  const found = STREAMS.find(([stream]) => holds(stream));
  if (!found)
    return problem('unsupported', 'This is a file of an older Microsoft program, which is not supported.');
  const [, words, advice] = found;
  return problem('unsupported', `This is ${words}, which is not supported. ${advice}`);
}

const ENCRYPTED =
  'This Office document is protected with a password, which is not supported. Remove the password in Office, or save the document as PDF, and try again.';

/** A stream's name, as the container's directory spells it. A mail may hold a document, and a presentation a
 * workbook, so the order counts. */
const STREAMS: readonly (readonly [string, string, string])[] = [
  ['__substg1.0_', 'a message of Outlook (.msg)', 'Save it as .eml or PDF and try again.'],
  ['PowerPoint Document', 'a presentation in the older format .ppt', 'Save it as .pptx and try again.'],
  ['WordDocument', 'a Word document in the older format .doc', 'Save it as .docx and try again.'],
  ['Workbook', 'an Excel workbook in the older format .xls', 'Save it as .xlsx and try again.'],
];
