import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { tempFolder } from './temp-folder.ts';

test('lists in code-point order, with dotfiles and without the folder of Sotto', async () => {
  const root = await tempFolder();
  // By UTF-16 units the emoji would come before the private-use letter.
  const names = ['B', 'a', '-x', '10', '9', 'é', '😀', '\ue000', '.env', 'Z.txt'];
  for (const name of names) await writeFile(join(root, name), name);
  for (const name of ['.sotto', 'b', 'b/.sotto']) await mkdir(join(root, name));
  const workspace = await openWorkspace(root);
  const listed = (await workspace.list('.')).map((entry) => entry.name);
  expect(listed).toEqual(['-x', '.env', '10', '9', 'B', 'Z.txt', 'a', 'b', 'é', '\ue000', '😀']);
  expect(await workspace.list('b')).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'lists a name that is not Unicode as what cannot be asked for',
  async () => {
    const root = await tempFolder();
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/M`), Buffer.from([0xfc]), Buffer.from('ller.txt')]),
      'text',
    );
    const workspace = await openWorkspace(root);
    expect(await workspace.list('.')).toEqual([{ name: 'M\ufffdller.txt', kind: 'other', bytes: 0 }]);
  },
);
