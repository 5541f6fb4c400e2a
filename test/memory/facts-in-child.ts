/** A program that tests start: adds facts one after the other, and says which are kept. */
import { writeSync } from 'node:fs';
import { openFacts } from '../../src/memory/facts.ts';

const [home = '', count = '1', prefix = '', padding = '0', uid = ''] = process.argv.slice(2);
// Whom the file system refuses, as it never refuses root.
if (uid !== '') process.setuid?.(Number(uid));
const say = (kind: string, text: string) => writeSync(1, `${JSON.stringify([kind, text])}\n`);

const facts = openFacts(home, { tell: (sentence) => say('told', sentence) });
try {
  for (let at = 0; at < Number(count); at += 1) {
    const text = `${prefix}${at}`;
    await facts.add(text + 'x'.repeat(Number(padding)));
    say('kept', text);
  }
} catch (error) {
  say('error', (error as Error).message);
}
try {
  for (const { text } of await facts.list()) say('listed', text);
} catch (error) {
  say('error', (error as Error).message);
}
