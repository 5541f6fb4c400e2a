import { describe, expect, test } from 'vitest';
import { isSottoFolder, resolveWorkspacePath } from '../../src/workspace/resolve-workspace-path.ts';

const ROOT = '/home/ada/docs';
const resolve = (path: string) => resolveWorkspacePath(ROOT, path);

describe('resolveWorkspacePath', () => {
  test.each([
    ['a.txt', 'a.txt'],
    ['./invoices//2026/./a.txt', 'invoices/2026/a.txt'],
    ['invoices/../a.txt', 'a.txt'],
    ['invoices/', 'invoices'],
    ['', '.'],
    ['.', '.'],
    ['a/..', '.'],
    ['%2e%2e/a', '%2e%2e/a'],
    ['~/a', '~/a'],
    ['...', '...'],
    ['..a/b..', '..a/b..'],
    ['-rf', '-rf'],
    ['a\nb', 'a\nb'],
    ['back\\slash', 'back\\slash'],
    ['.sottovoce/x.sotto', '.sottovoce/x.sotto'],
  ])('gives %j as %j', (path, canonical) => {
    expect(resolve(path)).toBe(canonical);
  });

  test.each([
    ['..', '"."'],
    ['../docs-old/a.txt', '"docs-old/a.txt"'],
    ['a/../../b', '"a/b"'],
    ['/', '"."'],
    ['/etc/passwd', '"etc/passwd"'],
    ['/home/ada/docs/invoices/a.txt', '"invoices/a.txt"'],
    ['//a', '"a"'],
    ['\\a', '"a"'],
    ['\\\\server\\share\\a', '"server/share/a"'],
    ['C:\\Users\\a.txt', '"Users/a.txt"'],
    ['c:/a.txt', '"a.txt"'],
    ['..\\a', '"a"'],
    ['a\\..\\..\\b', '"a/b"'],
    ['a/..\\b', '"a/b"'],
    ['../.sotto/a', '"a"'],
  ])('refuses %j and names %s instead', (path, instead) => {
    expect(() => resolve(path)).toThrow(
      `leads outside the workspace. Use a path inside it, such as ${instead}.`,
    );
  });

  test.each([
    ['.sotto'],
    ['a/.sotto/b'],
    ['.sotto/../a'],
    ['.SOTTO/x'],
    ['.Sotto. '],
    ['.so\u200btto'],
    ['.\u017fotto'],
    ['sotto~1'],
    ['a\\.sotto\\b'],
  ])('refuses %j as the folder of Sotto', (path) => {
    expect(() => resolve(path)).toThrow('belongs to Sotto itself');
  });

  test.each([['a\0b'], ['a\ud800'], ['\udc00']])('refuses %j, which no name can hold', (path) => {
    expect(() => resolve(path)).toThrow('has a character that no name can have.');
  });

  test('refuses a path that is longer than a system opens', () => {
    expect(resolve('a/'.repeat(2048))).toHaveLength(4095);
    expect(() => resolve(`${'a/'.repeat(2048)}a`)).toThrow('is longer than a path can be.');
  });
});

describe('isSottoFolder', () => {
  test.each([['.sotto-1.tmp'], ['sotto'], ['.sottovoce'], ['sotto~x']])('leaves %s alone', (name) => {
    expect(isSottoFolder(name)).toBe(false);
  });
});
