/** What is wrong with a command line of `sotto extract` is said before a model is loaded. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkPaths } from '../../src/cli/extract/check-paths.ts';
import { parseRequest } from '../../src/cli/extract/parse-request.ts';
import { prepareJob } from '../../src/cli/extract/prepare-job.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const WHOLE = ['inbox', '--schema', 's.json', '--out', 't.csv'];

describe('the options', () => {
  test('are taken', () => {
    const args = [
      '--thinking',
      '200',
      '--languages',
      'eng+deu',
      '--parallel',
      '3',
      '--move',
      'done/,failed/',
    ];
    expect(parseRequest([...WHOLE, ...args, '--watch', '--json'])).toEqual({
      paths: ['inbox'],
      schema: 's.json',
      out: 't.csv',
      thinking: 200,
      languages: ['eng', 'deu'],
      parallel: 3,
      move: { done: 'done', failed: 'failed' },
      resume: false,
      watch: true,
      json: true,
    });
    expect(parseRequest(['--resume'])).toMatchObject({ resume: true, paths: [] });
    expect(parseRequest([...WHOLE, '--resume'])).toMatchObject({ resume: true, paths: ['inbox'] });
  });

  test.each([
    [[], 'takes a folder or files, a schema and a table'],
    [['inbox', '--schema', 's.json'], 'takes a folder or files, a schema and a table'],
    [['inbox', '--out', 't.csv'], 'takes a folder or files, a schema and a table'],
    [[...WHOLE, '--parallel', '0'], '--parallel takes a number of documents from 1 to 32, not "0"'],
    [[...WHOLE, '--parallel', '2.5'], '--parallel takes a number of documents'],
    [[...WHOLE, '--thinking', 'deep'], '--thinking takes on, off or a number of tokens'],
    [[...WHOLE, '--move', 'done'], '--move takes two folders'],
    [[...WHOLE, '--move', 'done/,done/'], '--move takes two folders'],
    [[...WHOLE, '--move', '../done,failed'], '--move takes two folders within'],
    [[...WHOLE, '--move', '/srv/done,failed'], '--move takes two folders within'],
    [[...WHOLE, '--move', 'done,C:\\failed'], '--move takes two folders within'],
    [[...WHOLE, '--instructions', ' '], '--instructions is empty'],
    [['', ...WHOLE], 'A path is empty'],
    [['--resume', '--instructions', 'Be quick.'], 'goes on with the newest job as it was begun'],
    [[...WHOLE, '--shema', 'x'], "Unknown option '--shema'"],
  ])('%j are refused', (args, sentence) => {
    expect(() => parseRequest(args)).toThrow(sentence);
  });
});

async function createFolder() {
  const { folder, home } = await createTempProject({ 'inbox/a.txt': 'Total: 5.00', 'inbox/b.txt': 'x' });
  await mkdir(join(folder, 'out'));
  await writeFile(
    join(folder, 's.json'),
    JSON.stringify({ type: 'object', properties: { total: { type: 'number' } } }),
  );
  return { folder, home, at: (path: string) => join(folder, path), inbox: join(folder, 'workspace/inbox') };
}

describe('the paths', () => {
  const bad: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['another kind of table', { out: 'out/t.pdf' }, 'ends in .csv, .xlsx or .json'],
    ['a folder that is not there', { out: 'nowhere/t.csv' }, 'there is no folder'],
    [
      'a schema that is a document too',
      { schema: 'workspace/inbox/a.txt', paths: ['workspace/inbox/a.txt'] },
      'cannot be the schema and a document at once',
    ],
    ['another kind of report', { report: 'out/r.pdf' }, 'has to end in .html'],
    [
      'a table over a document',
      { out: 'workspace/inbox/a.csv', paths: ['workspace/inbox/a.csv'] },
      'no file or folder',
    ],
    ['what is not there', { paths: ['nowhere'] }, 'There is no file or folder'],
    ['a watch without a folder', { paths: ['workspace/inbox/a.txt'], watch: true }, '--watch needs a folder'],
    [
      'a move without a folder',
      { paths: ['workspace/inbox/a.txt'], move: { done: 'd', failed: 'f' } },
      '--move needs a folder',
    ],
  ];

  test.each(bad)('%s is refused', async (_, change, sentence) => {
    const { at } = await createFolder();
    const given = { paths: ['workspace/inbox'], out: 'out/t.csv', watch: false, ...change };
    const paths = given.paths.map(at);
    const rest = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? at(value) : value]),
    );
    const request = { watch: false, out: '', ...rest, paths } as Parameters<typeof checkPaths>[0];
    await expect(checkPaths(request)).rejects.toThrow(sentence);
  });

  test('a table that would be written over a document is refused', async () => {
    const { at } = await createFolder();
    await writeFile(at('out/t.json'), '{}');
    const request = { paths: [at('out/t.json')], out: at('out/t.json'), watch: false };
    await expect(checkPaths(request)).rejects.toThrow('--out would write over');
  });

  test('may be in the folder that is read', async () => {
    const { at, inbox } = await createFolder();
    const [out, report, schema] = ['t.csv', 'r.html', 's.json'].map((name) => at(`workspace/inbox/${name}`));
    const given = { paths: [inbox], out: out ?? '', report, schema, watch: false };
    await expect(checkPaths(given)).resolves.toBeUndefined();
  });
});

describe('a job', () => {
  const request = (folder: string, args: readonly string[] = []) =>
    parseRequest([
      ...[join(folder, 'workspace/inbox'), '--schema', join(folder, 's.json')],
      ...['--out', join(folder, 'out/t.csv'), ...args],
    ]);

  test('has the instructions of its agent before its own', async () => {
    const { folder, at } = await createFolder();
    const agent = {
      name: 'accountant',
      description: 'd',
      instructions: 'Amounts are gross.',
      tools: [],
      thinking: 64,
    };
    await writeFile(at('package.json'), '{"type":"module"}');
    await writeFile(at('agents.config.ts'), `export default { agents: [${JSON.stringify(agent)}] };`);
    const config = ['--config', at('agents.config.ts'), '--agent', 'accountant'];
    const job = await prepareJob(request(folder, [...config, '--instructions', 'All are from 2025.']));
    expect(job).toMatchObject({ instructions: 'Amounts are gross.\n\nAll are from 2025.', thinking: 64 });
    expect(await prepareJob(request(folder, [...config, '--thinking', 'off']))).toMatchObject({
      instructions: 'Amounts are gross.',
      thinking: 'off',
    });
    await expect(prepareJob(request(folder, [...config.slice(0, 3), 'nobody']))).rejects.toThrow(
      'There is no agent "nobody"',
    );
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'has to be a JSON object'],
    ['{"type":"string"}', 'schema'],
    ['{"type":"object","properties":{"a":{"type":"number"}},"x-checks":["a = b"]}', 'b'],
  ])('with the schema %s is refused', async (schema, sentence) => {
    const { folder, at } = await createFolder();
    await writeFile(at('s.json'), schema);
    await expect(prepareJob(request(folder))).rejects.toThrow(sentence);
  });

  test('with a language that is not installed is refused', async () => {
    const { folder } = await createFolder();
    await expect(prepareJob(request(folder, ['--languages', 'tlh']))).rejects.toThrow(
      'The OCR language tlh is not installed',
    );
  });
});
