import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readPiped } from './read-sotto.ts';

test('the folder of records is read as the README shows it', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [, shown = ''] = /```sh\nsotto read workspace\/records\n```\n\n```\n(.*?)```/s.exec(readme) ?? [];
  const { code, out, err } = await readPiped(resolve('.'), ['workspace/records']);
  const withoutTime = (text: string) => text.replace(/ in \d+ s:/, ' in some time:');
  expect(code).toBe(0);
  expect(withoutTime(out + err)).toBe(withoutTime(shown));
});
