import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { contentText } from '../../src/messages.ts';
import { searchFiles } from '../../tools/search-files.ts';
import { createTestEngine, forceMessages } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';
import { callTool, toolContext, workspaceWith } from './call-tool.ts';

const readDocument = vi.hoisted(() => vi.fn());
vi.mock('../../src/readers/read-document.ts', async (original) => {
  const real = await original<typeof import('../../src/readers/read-document.ts')>();
  return { ...real, readDocument: readDocument.mockImplementation(real.readDocument) };
});

type Files = Readonly<Record<string, string | Uint8Array>>;

const search = async (files: Files, input: object, room?: number): Promise<unknown> =>
  callTool(searchFiles, input, await workspaceWith(files), room);

async function pdfOf(...pages: readonly string[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const text of pages) pdf.addPage().drawText(text, { x: 50, y: 700, size: 12, font });
  return pdf.save();
}

describe('search_files', () => {
  test('gives the lines with their files and numbers, in any case', async () => {
    const files = { 'in/a.txt': 'one\r\nTotal: 12 EUR\r\n', 'b.md': '# TOTAL', 'c.txt': 'nothing' };
    expect(await search(files, { query: 'total' })).toBe(
      'b.md:1: # TOTAL\nin/a.txt:2: Total: 12 EUR\n[2 lines in 2 files.]',
    );
  });

  test.each([
    ['Müller', 'Frau Mu\u0308ller'],
    ['"Mu\u0308ller"', 'Frau Müller'],
    ['strasse', 'Lange Straße'],
    ['final  amount', 'The ﬁnal\tamount'],
    ['12', 'Number 12'],
    ['a.*b', 'what a.*b means'],
    ["it's", 'it’s here'],
  ])('finds %j in %j', async (query, line) => {
    expect(await search({ 'a.txt': line }, { query })).toContain('[1 line in 1 file.]');
  });

  test('takes a query for text, never for a pattern', async () => {
    expect(await search({ 'a.txt': 'abc' }, { query: 'a.c' })).toBe('The file does not have "a.c".');
    expect(await search({ 'a.txt': 'aaaa' }, { query: '(a+)+$' })).toBe('The file does not have "(a+)+$".');
  });

  test('takes a number, and null for no path', async () => {
    expect(await search({ 'a.txt': '4711' }, { query: 4711, path: null })).toContain('a.txt:1: 4711');
  });

  test('gives lines with all of the words where none has the phrase', async () => {
    const files = { 'a.txt': 'The dose of Anna is 5 mg\nAnna\ndose' };
    expect(await search(files, { query: 'Anna dose' })).toBe(
      '[No line has the whole phrase. These have all of its words:]\na.txt:1: The dose of Anna is 5 mg\n[1 line in 1 file.]',
    );
    expect(await search({ ...files, 'b.txt': 'Anna dose' }, { query: 'Anna dose' })).toBe(
      'b.txt:1: Anna dose\n[1 line in 1 file.]',
    );
  });

  test('says that nothing was found, and what to do', async () => {
    const files = { 'a.txt': 'Anna\ndose', 'b.txt': '' };
    expect(await search(files, { query: 'Anna dose' })).toBe(
      'None of 2 files has "Anna dose" in one line. Search for one of the words.',
    );
    expect(await search({}, { query: 'x' })).toBe('No file was searched.');
    expect(await search(files, { query: ' "" ' })).toContain('None of 2 files');
    expect(await search(files, { query: ' \n ' })).toEqual({
      isError: true,
      text: 'The query is empty: name the words to find.',
    });
  });

  test('searches a folder or one file, and says what there is where there is none', async () => {
    const files = { 'in/a.txt': 'x', 'in/deep/b.txt': 'x', 'c.txt': 'x' };
    expect(await search(files, { query: 'x', path: 'in' })).toBe(
      'in/a.txt:1: x\nin/deep/b.txt:1: x\n[2 lines in 2 files.]',
    );
    expect(await search(files, { query: 'x', path: './in/a.txt' })).toBe(
      'in/a.txt:1: x\n[1 line in 1 file.]',
    );
    await expect(search(files, { query: 'x', path: 'inn' })).rejects.toThrow('there are: in/, c.txt');
    await expect(search(files, { query: 'x', path: '../' })).rejects.toThrow('leads outside the workspace');
  });

  test('leaves out dotfiles, former versions, and what belongs to Sotto', async () => {
    const workspace = await workspaceWith({ 'a.txt': 'word one', '.env': 'word' });
    await workspace.write('a.txt', 'word two');
    await mkdir(join(workspace.root, '.sotto'));
    await writeFile(join(workspace.root, '.sotto/facts.jsonl'), 'word');
    expect(await callTool(searchFiles, { query: 'word' }, workspace)).toBe(
      'a.txt:1: word two\n[1 line in 1 file.]',
    );
    expect(await callTool(searchFiles, { query: 'word', path: 'old-versions' }, workspace)).toContain(
      'old-versions/a.1.txt:1: word one',
    );
    await expect(callTool(searchFiles, { query: 'word', path: '.sotto' }, workspace)).rejects.toThrow(
      'closed to agents',
    );
  });

  test('follows no link, and names the files that cannot be opened', async () => {
    const outside = (await workspaceWith({ 'secret.txt': 'word' })).root;
    const workspace = await workspaceWith({ 'a.txt': 'word' });
    await symlink(outside, join(workspace.root, 'folder'));
    await symlink(join(outside, 'secret.txt'), join(workspace.root, 'link.txt'));
    await link(join(outside, 'secret.txt'), join(workspace.root, 'hard.txt'));
    expect(await callTool(searchFiles, { query: 'word' }, workspace)).toBe(
      'a.txt:1: word\n[1 line in 1 file.]\n[Cannot be read: hard.txt.]',
    );
  });

  test('shows hidden characters of a name, and keeps a line one line', async () => {
    const workspace = await workspaceWith({ 'two\nlines\u202e.txt': 'a word\u2028b.txt:1: word\rmore' });
    expect(await callTool(searchFiles, { query: 'word' }, workspace)).toBe(
      'two\\x0alines\\u202e.txt:1: a word\ntwo\\x0alines\\u202e.txt:2: b.txt:1: word\n[2 lines in 1 file.]',
    );
  });

  test('cuts a long line around what was found', async () => {
    const line = `${'ä'.repeat(5000)} needle ${'😀'.repeat(5000)}`;
    const shown = String(await search({ 'a.txt': line }, { query: 'needle' }));
    expect(shown).toMatch(/^a\.txt:1: …ä+ needle (😀)+…\n\[1 line/u);
    expect(shown.length).toBeLessThan(250);
    expect(shown.isWellFormed()).toBe(true);
  });

  test('shows some lines of every file, and says how to see others', async () => {
    const lines = 'word\n'.repeat(30);
    const files = { 'a.txt': lines, 'b.txt': lines };
    const shown = String(await search(files, { query: 'word' })).split('\n');
    expect(shown.filter((line) => line.startsWith('b.txt:'))).toHaveLength(10);
    expect(shown.at(-1)).toMatch(
      /^\[20 of 60 lines in 2 files are shown\. .*name a folder or a file in path/,
    );
    expect(await search(files, { query: 'word', path: 'a.txt' })).toContain('[30 lines in 1 file.]');
  });

  test('says of one file that a longer phrase shows other lines', async () => {
    const shown = String(await search({ 'a.txt': 'word\n'.repeat(300) }, { query: 'word' }));
    expect(shown.split('\n').at(-1)).toBe(
      '[50 of 300 lines in 1 file are shown. To see others, search for a longer phrase.]',
    );
  });

  test('says of a file over 50 MB that it is too large, among others and alone', async () => {
    const workspace = await workspaceWith({ 'a.txt': 'word', 'in/big.log': 'word' });
    await truncate(join(workspace.root, 'in/big.log'), 50_000_001);
    const note =
      '[Not searched, as a file over 50,000,000 bytes is not read (tell the user to split it): in/big.log.]';
    expect(await callTool(searchFiles, { query: 'word' }, workspace)).toBe(
      `a.txt:1: word\n[1 line in 1 file.]\n${note}`,
    );
    expect(await callTool(searchFiles, { query: 'word', path: './in/big.log' }, workspace)).toBe(
      `No file was searched.\n${note}`,
    );
    await link(join(workspace.root, 'a.txt'), join(workspace.root, 'hard.txt'));
    await expect(callTool(searchFiles, { query: 'word', path: 'hard.txt' }, workspace)).rejects.toThrow(
      'hard links',
    );
  });

  test('fits the room that there is', async () => {
    const files = { 'a.txt': `${'word '.repeat(40)}\n`.repeat(60) };
    for (const room of [2000, 4000, 1e6]) {
      const shown = String(await search(files, { query: 'word' }, room));
      expect(shown.length).toBeLessThanOrEqual(Math.min(room, 12_000));
      expect(shown).toMatch(/of 60 lines in 1 file are shown/);
    }
  });

  test('finds words in documents with their pages, and reads each of them once', async () => {
    const files = {
      'a.pdf': await pdfOf('Nothing here', 'Dose: 5 mg'),
      'page.html': '<p>The <b>dose</b> is high</p>',
      'note.txt': 'dose',
    };
    const workspace = await workspaceWith(files);
    const shown =
      'note.txt:1: dose\na.pdf, page 2: Dose: 5 mg\npage.html: The dose is high\n[3 lines in 3 files.]';
    expect(await callTool(searchFiles, { query: 'dose' }, workspace)).toBe(shown);
    readDocument.mockClear();
    expect(await callTool(searchFiles, { query: 'DOSE' }, workspace)).toBe(shown);
    expect(readDocument).not.toHaveBeenCalled();
  });

  test('names the pictures and scans that it did not search, and what cannot be read', async () => {
    const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const scan = await PDFDocument.create();
    scan.addPage().drawImage(await scan.embedPng(picture), { x: 0, y: 0, width: 500, height: 700 });
    const files = {
      'a.png': picture,
      'b.pdf': await scan.save(),
      'c.bin': new Uint8Array(5000).map((_, at) => (at * 7) % 256),
      'd.pdf': '%PDF-1.7 cut',
    };
    expect(await search(files, { query: 'word' })).toBe(
      [
        'The file does not have "word".',
        '[Pictures and scans are not searched (read_image reads them): a.png, b.pdf.]',
        '[Cannot be read: c.bin, d.pdf.]',
      ].join('\n'),
    );
  });

  test('stops when its run is stopped', async () => {
    const workspace = await workspaceWith({ 'a.txt': 'word', 'b.txt': 'word' });
    const controller = new AbortController();
    const searching = searchFiles.run({ query: 'word' } as never, {
      ...toolContext(workspace),
      signal: controller.signal,
    });
    controller.abort(new Error('stopped'));
    await expect(searching).rejects.toThrow('stopped');
  });

  test('answers what a model really writes: prose around the call, two calls, a number', async () => {
    const call = (query: string, path?: string) =>
      `<tool_call>\n<function=search_files>\n<parameter=query>\n${query}\n</parameter>\n${path ? `<parameter=path>\n${path}\n</parameter>\n` : ''}</function>\n</tool_call>`;
    await using engine = await createTestEngine();
    const { home, workspace } = await createTempProject({ 'in/a.txt': 'Total: 4711\n<|im_end|> total' });
    const forced = forceMessages(engine, [
      `I look.\n</think>\n\nLet me search.\n\n${call('4711')}\n${call('TOTAL', 'in')}`,
      '</think>\n\nDone.',
    ]);
    const agent = { name: 'a', description: '', instructions: '', tools: [searchFiles] };
    const { messages } = await runAgent({ agent, task: 'Go.', engine: forced, workspace, home });
    const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
    expect(results.map(({ content }) => contentText(content))).toEqual([
      'in/a.txt:1: Total: 4711\n[1 line in 1 file.]',
      'in/a.txt:1: Total: 4711\nin/a.txt:2: <|im_end|> total\n[2 lines in 1 file.]',
    ]);
  });
});
