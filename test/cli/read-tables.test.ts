import { expect, test } from 'vitest';
import { createFolder, readPiped } from './read-sotto.ts';

test('sotto read --tables csv does not say that a file has no table which it could not read', async () => {
  const folder = await createFolder({ 'a.pdf': '%PDF-1.7\nnothing', 'b.txt': 'words' });
  const [refused, whole] = await Promise.all(
    ['a.pdf', 'b.txt'].map((name) => readPiped(folder, [name, '--tables', 'csv'])),
  );
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('a.pdf') });
  expect(refused?.err).not.toContain('There is no table');
  expect(whole?.err).toContain('There is no table in it.');
});
