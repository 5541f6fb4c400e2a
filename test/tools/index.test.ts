import { describe, expect, test } from 'vitest';
import { builtInTools } from '../../tools/index.ts';
import { createReadFileTool } from '../../tools/read-file.ts';

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
  test('are shown as the bundled model knows them, apart from optional parameters', () => {
    const shown = builtInTools.map(({ name, description, parameters }) => {
      const { properties, required, ...rest } = JSON.parse(JSON.stringify(parameters));
      const needed = Object.entries(properties).filter(([key]) => required.includes(key));
      return { name, description, parameters: { ...rest, properties: Object.fromEntries(needed), required } };
    });
    expect(shown).toEqual(TRAINED);
  });

  test('say which of them writes, and where', () => {
    expect(builtInTools.map(({ effect }) => effect)).toEqual(['read', 'read', 'write']);
    const write = builtInTools.find(({ name }) => name === 'write_file');
    expect(write?.writes?.({ path: 'out/a.txt', content: '' } as never)).toEqual(['out/a.txt']);
  });
});

describe('createReadFileTool', () => {
  test('shows path alone, byte for byte as trained, without paging', () => {
    const { name, description, parameters } = createReadFileTool({ paging: false });
    expect(JSON.stringify({ name, description, parameters })).toBe(JSON.stringify(TRAINED[1]));
  });

  test('declares what is optional behind path', () => {
    const { parameters } = createReadFileTool();
    expect(Object.keys(parameters.properties as object)).toEqual(['path', 'from_line', 'line_count']);
    expect(parameters.required).toEqual(['path']);
  });
});
