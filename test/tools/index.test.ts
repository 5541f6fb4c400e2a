import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../src/messages.ts';
import { toolGrammar } from '../../src/qwen/tool-grammar.ts';
import { defineTool } from '../../src/tool/define-tool.ts';
import { builtInTools } from '../../tools/index.ts';
import { admits, callText, compile } from '../helpers/grammar.ts';

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
    name: 'remember',
    description: 'Keep a fact in memory.',
    parameters: { type: 'object', properties: { fact: path('The fact to keep') }, required: ['fact'] },
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
  const specs = (names: readonly string[]) =>
    builtInTools
      .filter(({ name }) => names.includes(name))
      .map(({ name, description, parameters }) => ({ name, description, parameters }));

  test('are shown byte for byte as the bundled model knows them', () => {
    expect(JSON.stringify(specs(TRAINED.map(({ name }) => name)))).toBe(JSON.stringify(TRAINED));
  });

  test('show a path, and what there is to choose of a PDF and of a picture', () => {
    const shown = specs(['read_pdf', 'read_image']).map(({ name, parameters }) => [name, parameters]);
    const optional = (description: string) => expect.objectContaining({ type: 'string', description });
    expect(shown).toEqual([
      [
        'read_pdf',
        {
          type: 'object',
          properties: {
            path: filePath,
            pages: optional('Pages to read, such as "3", "2-5" or "1,4-6". Default: all'),
          },
          required: ['path'],
        },
      ],
      [
        'read_image',
        {
          type: 'object',
          properties: { path: filePath, question: optional('What to find out about the picture') },
          required: ['path'],
        },
      ],
    ]);
  });

  test('have a grammar that admits their inputs and no others', async () => {
    const { gbnf, widened } = toolGrammar(
      builtInTools.map(({ name, description, accepts }) => ({ name, description, parameters: accepts })),
    );
    expect(widened).toEqual([]);
    const grammar = await compile(gbnf);
    const admitsCall = (name: string, input: JsonObject) =>
      admits(grammar, `${callText(name, input)}</tool_call>`);
    expect(admitsCall('read_pdf', { path: 'a.pdf', pages: '1,4-6' })).toBe(true);
    expect(admitsCall('read_pdf', { path: 'a.pdf', pages: '3-7', from_line: 121 })).toBe(true);
    expect(admitsCall('read_image', { path: 'a.png', question: 'What is it?' })).toBe(true);
    expect(admitsCall('read_file', { path: 'a.pdf', pages: '2' })).toBe(true);
    expect(admitsCall('calculate', { expression: 'sum(1.50, 2.25)' })).toBe(true);
    expect(admitsCall('search_files', { query: 'dose' })).toBe(true);
    expect(admitsCall('search_files', { query: 'dose', path: 'records' })).toBe(true);
    expect(admitsCall('recall', {})).toBe(true);
    expect(admitsCall('now', {})).toBe(true);
    expect(admitsCall('search_files', { path: 'records' })).toBe(false);
    expect(admitsCall('read_pdf', { path: 'a.pdf', question: 'What?' })).toBe(false);
  });

  test('accept what is optional without showing it', () => {
    const readFile = builtInTools.find(({ name }) => name === 'read_file');
    expect(Object.keys(readFile?.accepts.properties ?? {})).toEqual([
      'path',
      'from_line',
      'line_count',
      'pages',
    ]);
    expect(readFile?.check({ path: 'a.txt', from_line: 2, line_count: 3 })).toMatchObject({ ok: true });
    expect(readFile?.check({ path: 'a.txt', from: 2 })).toMatchObject({ ok: false });
  });

  test('say which of them writes, and where', () => {
    const others = builtInTools.filter(({ effect }) => effect !== 'read');
    expect(others.map(({ name, effect }) => [name, effect])).toEqual([
      ['remember', 'external'],
      ['write_file', 'write'],
    ]);
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
