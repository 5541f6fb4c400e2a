import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';

/** What the bundled model was trained with, to the letter. */
const path = (description: string) => ({ type: 'string', description });
const filePath = path('File path, relative to the workspace');
const TRAINED = [
  {
    name: 'list_files',
    description: 'List the files in a folder of the workspace.',
    parameters: {
      type: 'object',
      properties: { path: path('Folder path, relative to the workspace') },
      required: ['path'],
    },
  },
  {
    name: 'read_file',
    description: 'Read a text file from the workspace.',
    parameters: { type: 'object', properties: { path: filePath }, required: ['path'] },
  },
  {
    name: 'write_file',
    description: 'Write a text file into the workspace.',
    parameters: {
      type: 'object',
      properties: { path: filePath, content: path('The text to write') },
      required: ['path', 'content'],
    },
  },
];

describe('builtInTools', () => {
  test('are shown byte for byte as the bundled model knows them', () => {
    const shown = builtInTools.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
    expect(JSON.stringify(shown)).toBe(JSON.stringify(TRAINED));
  });

  test('accept what is optional without showing it', () => {
    const readFile = builtInTools.find(({ name }) => name === 'read_file');
    expect(Object.keys(readFile?.accepts.properties ?? {})).toEqual(['path', 'from_line', 'line_count']);
    expect(readFile?.check({ path: 'a.txt', from_line: 2, line_count: 3 })).toMatchObject({ ok: true });
    expect(readFile?.check({ path: 'a.txt', from: 2 })).toMatchObject({ ok: false });
  });

  test('say which of them writes, and where', () => {
    expect(builtInTools.map(({ effect }) => effect)).toEqual(['read', 'read', 'write']);
    const write = builtInTools.find(({ name }) => name === 'write_file');
    expect(write?.writes?.({ path: 'out/a.txt', content: '' } as never)).toEqual(['out/a.txt']);
  });
});

describe('defineTool', () => {
  const define = (fields: { name?: string; timeoutMs?: number }) =>
    defineTool({
      name: 'fine',
      description: '',
      effect: 'read',
      input: z.object({}),
      run: () => '',
      ...fields,
    });

  test.each(['', 'bad name', 'a>\nb', 'x'.repeat(129), 'ä'])('refuses the name %j', (name) => {
    expect(() => define({ name })).toThrow(/The tool name/);
  });

  test.each([0, -5, 1.5, Number.POSITIVE_INFINITY, 2 ** 31])('refuses a timeout of %d ms', (timeoutMs) => {
    expect(() => define({ timeoutMs })).toThrow(/timeoutMs/);
  });

  test('shows the model what it is told to, and accepts the rest', () => {
    const tool = defineTool({
      name: 'fine',
      description: '',
      effect: 'read',
      input: z.object({ a: z.string(), b: z.int().optional() }),
      shown: ['a'],
      run: () => '',
    });
    expect(Object.keys(tool.parameters.properties as object)).toEqual(['a']);
    expect(Object.keys(tool.accepts.properties as object)).toEqual(['a', 'b']);
    expect(tool.check({ a: 'x', b: 1 }).ok).toBe(true);
    expect(tool.check({ a: 'x', c: 1 }).ok).toBe(false);
  });
});
