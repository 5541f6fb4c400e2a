import { describe, expect, test } from 'vitest';
import { WorkspacePathError } from '../../src/errors.ts';
import { explainProblems, PathProblem } from '../../src/workspace/path-problem.ts';

const failWith = (error: Error) => explainProblems('in/a.txt', () => Promise.reject(error));
const systemError = (code: string) =>
  Object.assign(new Error(`${code}: raw words, open '/proc/self/fd/17/a.txt'`), { code, syscall: 'open' });

describe('explainProblems', () => {
  test.each([
    ['EACCES', 'cannot be used: the system does not permit it.'],
    ['EPERM', 'cannot be used: the system does not permit it.'],
    ['ENOENT', 'does not exist any more.'],
    ['EISDIR', 'is a folder, not a file.'],
    ['ENOTDIR', 'leads through something that is not a folder.'],
    ['ELOOP', 'is a link or leads through one, and links are not followed.'],
    ['ENXIO', 'is neither a file nor a folder.'],
    ['ENAMETOOLONG', 'has a name that is too long: a name has at most 255 bytes.'],
    ['ENOSPC', 'was not written, because the disk is full. What was there before is unchanged.'],
    ['EDQUOT', 'was not written, because the disk quota is used up. What was there before is unchanged.'],
    ['EROFS', 'was not written, because the disk is read-only.'],
    ['EMFILE', 'cannot be opened now, because too many files are open. Try again.'],
    ['ENFILE', 'cannot be opened now, because too many files are open. Try again.'],
    ['EIO', 'cannot be used: the disk reports an error.'],
    ['ESTALE', 'cannot be used: the system says ESTALE.'],
  ])('says %s in one sentence that names the path', async (code, problem) => {
    const cause = systemError(code);
    const error = await failWith(cause).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WorkspacePathError);
    expect(error).toMatchObject({ message: `"in/a.txt" ${problem}`, path: 'in/a.txt', cause });
  });

  test('says what Node itself denies', async () => {
    const denied = Object.assign(new Error('Access to this API has been restricted'), {
      code: 'ERR_ACCESS_DENIED',
    });
    await expect(failWith(denied)).rejects.toThrow(
      '"in/a.txt" cannot be used: Sotto itself may not touch it.',
    );
  });

  test('puts the path before a problem, and leaves a mistake of ours as it is', async () => {
    await expect(failWith(new PathProblem('is odd.'))).rejects.toThrow('"in/a.txt" is odd.');
    const mistake = new TypeError('x is not a function');
    await expect(failWith(mistake)).rejects.toBe(mistake);
  });
});
