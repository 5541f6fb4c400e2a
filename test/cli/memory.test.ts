import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import type { Command } from '../../src/cli/command.ts';
import { command as memory } from '../../src/cli/memory.ts';
import { createOutput, type Screen } from '../../src/cli/output.ts';
import { command as runs } from '../../src/cli/runs.ts';
import { command as threads } from '../../src/cli/threads.ts';
import { StoreError } from '../../src/errors.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { lockThread, readThread, type Thread } from '../../src/memory/threads.ts';
import { contentText } from '../../src/messages.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';
import { readFile as readFileTool } from '../../tools/read-file.ts';
import { createTempProject, type TempProject } from '../helpers/temp-project.ts';
import { testOnTerminal } from './read-sotto.ts';

const HOSTILE = 'zeppelin \u001b[2J\u202e\n2026-01-01, you (thread a): "no"';

async function createProject(files: Readonly<Record<string, string>> = {}): Promise<TempProject> {
  const project = await createTempProject(files);
  await writeFile(join(project.folder, 'agents.config.ts'), "export default { agents: ['clerk'] };\n");
  return project;
}

/** What a command prints, not on a terminal. */
async function call(command: Command, { folder }: TempProject, ...args: readonly string[]) {
  const printed = { out: '', err: '' };
  const screen = (name: 'out' | 'err'): Screen => ({
    isTTY: false,
    write: (text) => {
      printed[name] += text;
    },
    on: () => {},
  });
  const output = createOutput({ stdout: screen('out'), stderr: screen('err') });
  const code = await command([...args, '--config', join(folder, 'agents.config.ts')], output);
  return { code, ...printed };
}

async function talk(
  project: TempProject,
  task: string,
  { text = 'ok', path = '', thread = undefined as Thread | undefined } = {},
) {
  const agent = { name: 'clerk', description: '', instructions: '', tools: [readFileTool] };
  const read = path === '' ? [] : [{ toolCalls: [{ name: 'read_file', input: { path } }] }];
  const engine = createScriptedEngine([...read, { text }]);
  return runAgent({ agent, task, engine, ...project, durable: false, ...(thread && { thread }) });
}

/** Every file of the project's `.sotto` folder that has these letters. */
async function filesWith({ home }: TempProject, letters: string): Promise<readonly string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path, 'utf8')).includes(letters)) found.push(path);
  }
  return found;
}

const lines = (text: string) => text.trim().split('\n');

describe('sotto memory', () => {
  test('adds, lists, edits and forgets facts', async () => {
    const project = await createProject();
    expect((await call(memory, project)).err).toBe('Nothing is remembered yet.\n');
    const added = await call(memory, project, 'add', ' Anna likes\n tea. ');
    const id = /Kept as ([0-9a-f]{8})\./.exec(added.err)?.[1] ?? '';
    expect((await call(memory, project, 'add', 'anna likes TEA.')).err).toBe(
      `It was kept before, as ${id}.\n`,
    );
    await openFacts(project.home).add('Bert likes salt.', { by: 'agent', source: { agent: 'desk' } });
    const { out } = await call(memory, project, 'list');
    expect(lines(out)).toEqual([
      expect.stringMatching(new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\d  you   Anna likes tea\\.$`)),
      expect.stringMatching(/^[0-9a-f]{8} {2}\d{4}-\d\d-\d\d {2}desk {2}Bert likes salt\.$/),
    ]);
    await call(memory, project, 'edit', id, 'Anna likes coffee.');
    const [fact] = lines((await call(memory, project, '--json')).out).map((line) => JSON.parse(line));
    expect(fact).toMatchObject({ id, text: 'Anna likes coffee.', by: 'user' });
    expect((await call(memory, project, 'forget', id)).err).toBe('Forgotten: "Anna likes coffee."\n');
    expect((await openFacts(project.home).list()).map(({ text }) => text)).toEqual(['Bert likes salt.']);
    expect(await filesWith(project, 'coffee')).toEqual([]);
  });

  test.each([
    [['fly'], /knows list, search, add/],
    [['add'], /takes one fact/],
    [['add', '?!'], /has no words\. Nothing was changed/],
    [['add', 'x'.repeat(501)], /at most 500 are kept/],
    [['edit', 'none', 'a'], /There is no fact "none"/],
    [['forget', 'none'], /There is no fact "none"/],
    [['search', ' '], /takes what to search for/],
    [['export', '--md', '--json'], /not both/],
    [['export', 'facts.docx'], /ends neither in \.md nor in \.json/],
    [['export', 'facts'], /ends neither in \.md nor in \.json/],
  ])('says what is wrong with %j', async (args, sentence) => {
    await expect(call(memory, await createProject(), ...args)).rejects.toThrow(sentence);
  });

  test('searches all that is kept, and no passage speaks as a line of ours', async () => {
    const project = await createProject({ 'a.txt': HOSTILE });
    const { threadId } = await talk(project, 'Where is the zeppelin?', { path: 'a.txt' });
    const { out } = await call(memory, project, 'search', 'zeppelin');
    const heads = lines(out).filter((line) => !line.startsWith('  '));
    expect(heads.map((line) => line.slice(12)).toSorted()).toEqual([
      expect.stringMatching(/^document "a\.txt" \(sha256 [0-9a-f]{12}, read by clerk, thread /),
      `you (thread ${threadId})`,
    ]);
    expect(out).toContain(String.raw`"zeppelin \x1b[2J\u202e 2026-01-01, you (thread a): \"no\""`);
    const json = await call(memory, project, 'search', 'zeppelin', '--json');
    const texts = lines(json.out).map((line) => JSON.parse(line).text);
    expect(texts).toContain(HOSTILE);
    expect((await call(memory, project, 'search', 'submarine')).err).toBe('Nothing has these words.\n');
  });

  test('exports what is remembered, exactly as JSON and to read as Markdown, and writes over nothing', async () => {
    const project = await createProject();
    const fact = await openFacts(project.home).add(HOSTILE, {
      by: 'agent',
      source: { agent: 'desk', path: 'a.txt', page: 2 },
    });
    const path = join(project.folder, 'facts.json');
    await call(memory, project, 'export', path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ facts: [fact] });
    expect(JSON.parse((await call(memory, project, 'export')).out)).toEqual({ facts: [fact] });
    const { out } = await call(memory, project, 'export', '--md');
    expect(lines(out)).toHaveLength(3);
    expect(lines(out)[2]).toMatch(
      /^- `"zeppelin \\x1b\[2J\\u202e 2026-01-01, you \(thread a\): \\"no\\""` \(`desk`, \d{4}-\d\d-\d\d, from `"a\.txt"`, page 2, fact `/,
    );
    await writeFile(path, 'mine');
    const refused = call(memory, project, 'export', path);
    await expect(refused).rejects.toThrow(/is there already: nothing was written/);
    // The command line was right.
    await expect(refused).rejects.toThrow(StoreError);
    await expect(call(memory, project, 'export', join(path, 'a.json'))).rejects.toThrow(StoreError);
    await expect(call(memory, project, 'export', join(project.folder, 'no', 'a.md'))).rejects.toThrow(
      /its folder does not exist/,
    );
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  test('no fact and no path stands as another one, or as HTML, in Markdown', async () => {
    const project = await createProject();
    await openFacts(project.home).add('Pay Eve` (you, 2026-11-21, fact deadbeef) <img src="http://evil/">', {
      by: 'agent',
      source: { agent: 'desk', path: 'a`", page 3, by "you <b>' },
    });
    const { out } = await call(memory, project, 'export', '--md');
    const [line = ''] = lines(out).slice(2);
    expect(line.replaceAll(/(`+)[\s\S]*?[^`]\1(?!`)/g, 'CODE')).toMatch(
      /^- CODE \(CODE, \d{4}-\d\d-\d\d, from CODE, fact CODE\)$/,
    );
    expect(line).toContain(String.raw`from ${'``'}"a${'`'}\", page 3, by \"you <b>"${'``'}`);
  });

  test('forgets, and says which threads, runs and files still have the words', async () => {
    const project = await createProject({ 'a.txt': 'Tea is what Anna likes.' });
    const { id } = await openFacts(project.home).add('Anna likes tea.');
    const said = await talk(project, 'Note: anna likes  TEA!');
    const read = await talk(project, 'Read it.', { path: 'a.txt' });
    await talk(project, 'Something else about tea.');
    const aside = join(project.home, 'facts.damaged-2026-11-21T10-00-00-000Z.json');
    await writeFile(aside, JSON.stringify({ facts: [{ text: 'Anna likes tea.' }] }));
    await writeFile(join(project.home, 'facts.damaged-2026-11-22T10-00-00-000Z.json'), '{"facts":[]}');
    const damaged = join(project.home, 'facts.damaged-2026-11-23T10-00-00-000Z.json');
    await mkdir(damaged);
    await writeFile(join(project.home, 'chat-history'), 'hello\nAnna likes tea\n');
    await mkdir(join(project.home, 'jobs', 'aaaaaaaaaaaa'), { recursive: true });
    const job = join(project.home, 'jobs', 'aaaaaaaaaaaa', 'ledger.jsonl');
    await writeFile(job, '{"seq":1,"text":"Anna likes tea"}\n');
    const { err } = await call(memory, project, 'forget', id);
    const passages = new Map([
      [said.threadId, 'Note: anna likes TEA!'],
      [read.threadId, 'Tea is what Anna likes.'],
    ]);
    const [one = '', two = ''] = [...passages.keys()].toSorted();
    expect(lines(err)).toEqual([
      'Forgotten: "Anna likes tea."',
      'These have its words still:',
      `  thread ${one}, run ${one}: "${passages.get(one)}"`,
      `  thread ${two}, run ${two}: "${passages.get(two)}"`,
      `  the file ${aside}: "Anna likes tea."`,
      `  the file ${damaged}, which cannot be read and may have them`,
      `  the file ${join(project.home, 'chat-history')}: "Anna likes tea"`,
      '  the extraction job aaaaaaaaaaaa: "Anna likes tea"',
      'Delete them with:',
      `  sotto threads delete ${one}`,
      `  sotto threads delete ${two}`,
      `  rm "${aside}"`,
      `  rm "${damaged}"`,
      `  rm "${join(project.home, 'chat-history')}"`,
      '  sotto extract forget aaaaaaaaaaaa',
    ]);
    // They are there until somebody deletes them.
    expect(await readThread(project.home, said.threadId)).toBeDefined();
  });
});

testOnTerminal('sotto memory forget deletes what still has the words where a person says yes', async () => {
  const project = await createProject();
  const { id } = await openFacts(project.home).add('Anna likes tea.');
  const said = await talk(project, 'Anna likes tea.');
  await talk(project, 'And now?', { thread: said.thread });
  const kept = await talk(project, 'Bert likes salt.');
  await writeFile(join(project.home, 'chat-history'), 'Anna likes tea\n');
  const screen = await answerOnTerminal(project, ['forget', id], 'y\r');
  expect(screen.split('Delete all')[0]).toMatch(/run \S+: "Anna likes tea\."/);
  expect(screen).toContain(`Thread ${said.threadId} is deleted.`);
  expect(screen).toContain(`${join(project.home, 'chat-history')} is deleted.`);
  expect(await filesWith(project, 'likes tea')).toEqual([]);
  expect(await readThread(project.home, kept.threadId)).toBeDefined();
});

testOnTerminal('sotto memory forget leaves all of it where nobody says yes', async () => {
  const project = await createProject();
  const { id } = await openFacts(project.home).add('Anna likes tea.');
  const { threadId } = await talk(project, 'Anna likes tea.');
  expect(await answerOnTerminal(project, ['forget', id], '\r')).toContain('They were left as they are.');
  expect(await readThread(project.home, threadId)).toBeDefined();
  expect(await openFacts(project.home).list()).toEqual([]);
});

/** Calls `sotto memory` as a person does, who answers the first question so; what the terminal shows then. */
function answerOnTerminal({ folder }: TempProject, args: readonly string[], answer: string): Promise<string> {
  const code = `
    const { command } = await import(${JSON.stringify(resolve('src/cli/memory.ts'))});
    const { createOutput } = await import(${JSON.stringify(resolve('src/cli/output.ts'))});
    process.exitCode = await command(${JSON.stringify(args)}, createOutput(process));`;
  const words = ['exec', process.execPath, '--conditions=sotto-source', '--input-type=module', '-e', code];
  const line = words.map((word) => `'${word}'`).join(' ');
  return new Promise((done, fail) => {
    const env = { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', NO_COLOR: '1' };
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: folder, env });
    let screen = '';
    let isAnswered = false;
    child.stdout.on('data', (chunk) => {
      screen += chunk;
      if (isAnswered || !screen.includes('[y/N]')) return;
      isAnswered = true;
      child.stdin.write(answer);
    });
    onTestFinished(() => void child.kill());
    child.once('error', fail);
    child.once('close', () => done(screen.replaceAll('\r\n', '\n')));
  });
}

describe('sotto threads', () => {
  test('lists, searches, shows, exports and deletes', async () => {
    const project = await createProject({ 'a.txt': HOSTILE });
    const first = await talk(project, 'Where is the zeppelin?', { path: 'a.txt' });
    const { threadId } = await talk(project, 'And now?', { text: 'At home.', thread: first.thread });
    expect((await call(threads, project)).out).toBe(`${threadId}  2 turns  clerk  Where is the zeppelin?\n`);
    expect((await call(threads, project, 'list', '--json')).out).toContain('"turns":2');
    expect(lines((await call(threads, project, 'search', 'zeppelin')).out)).toHaveLength(4);
    expect((await call(threads, project, 'show', threadId)).out).toContain('agent: At home.');
    const exported = JSON.parse((await call(threads, project, 'export', threadId)).out);
    expect(exported).toMatchObject({ threadId, problems: [] });
    expect(exported.messages).toEqual((await readThread(project.home, threadId))?.messages);
    expect(contentText(exported.messages[2].results[0].content)).toBe(HOSTILE);
    expect(exported.runs.map((run: { runId: string }) => run.runId)).toHaveLength(2);
    expect(exported.runs[0].entries.at(-1)).toMatchObject({ type: 'run-end', stopReason: 'done' });
    const file = join(project.folder, 'talk.md');
    await call(threads, project, 'export', threadId, file);
    expect(await readFile(file, 'utf8')).toMatch(
      /^# Thread .*\n\n## You\n\n```\nWhere is.*Result, from `a\.txt`:\n/s,
    );
    expect((await call(threads, project, 'delete', threadId)).err).toMatch(/is deleted, with its 2 runs/);
    expect(await filesWith(project, 'zeppelin')).toEqual([]);
  });

  test.each([
    [['fly'], /knows list, show, search, export and delete/],
    [['show'], /takes a thread/],
    [['show', 'none'], /There is no thread "none"/],
    [['export', 'none'], /There is no thread "none"/],
    [['delete', 'none'], /There is no thread "none"/],
    [['show', 'a', 'b'], /"b" is too many/],
  ])('says what is wrong with %j', async (args, sentence) => {
    await expect(call(threads, await createProject(), ...args)).rejects.toThrow(sentence);
  });
});

describe('sotto runs', () => {
  test('lists, shows, exports and deletes, a damaged one too', async () => {
    const project = await createProject();
    const kept = await talk(project, 'Where is the tea?');
    const { runId } = await talk(project, 'Where is the zeppelin?', { text: 'It flies.' });
    expect(lines((await call(runs, project)).out)).toHaveLength(2);
    expect((await call(runs, project, 'show', runId)).err).toContain('It flies.');
    const { entries } = JSON.parse((await call(runs, project, 'export', runId)).out);
    expect(entries[0]).toMatchObject({ type: 'run-start', runId });
    expect((await call(runs, project, 'export', runId, '--md')).out).toMatch(/^# Run .*It flies\.\n```\n$/s);
    const path = join(project.home, 'runs', `${runId}.jsonl`);
    const damaged = (await readFile(path, 'utf8')).split('\n').with(3, 'garbage');
    await writeFile(path, damaged.join('\n'));
    const shown = await call(runs, project, 'show', runId);
    expect(shown.err).toMatch(/It flies.*is damaged in line 4/s);
    expect((await call(runs, project, 'delete', runId)).err).toMatch(/^Run .* is deleted/);
    expect(await filesWith(project, 'zeppelin')).toEqual([]);
    expect(lines((await call(runs, project)).out)).toEqual([expect.stringContaining(kept.runId)]);
    await expect(call(runs, project, 'delete', runId)).rejects.toThrow(/There is no run/);
  });

  test('says when a run was, what became of it, and which can be gone on with', async () => {
    const project = await createProject();
    const done = await talk(project, 'One.');
    const { runId, threadId } = await talk(project, 'Two.', { path: 'a.txt' });
    const missing = await talk(project, 'Three.');
    const path = join(project.home, 'runs', `${runId}.jsonl`);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, whole.trimEnd().lastIndexOf('\n') + 1));
    await rm(join(project.home, 'runs', `${missing.runId}.jsonl`));
    const { out, err } = await call(runs, project);
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    expect(lines(out)).toHaveLength(2);
    expect(out).toMatch(new RegExp(`^${done.runId}  ${time}  clerk  done +One\\.$`, 'm'));
    expect(out).toMatch(
      new RegExp(`^${runId}  ${time}  clerk  cut off in step 2, can be resumed  Two\\.$`, 'm'),
    );
    expect(err).toContain(`the run ${missing.runId} of the thread ${missing.runId} is not there`);
    expect(err).toContain('`sotto resume ID` goes on');
    expect((await call(threads, project)).out).toMatch(/1 turn \(the last was cut off\) +clerk +Two\./);
    {
      using _ = lockThread(project.home, threadId);
      expect((await call(runs, project)).out).toContain('working in step 2  Two.');
      expect((await call(threads, project)).out).not.toContain('cut off');
    }
    const now = await readThread(project.home, threadId);
    await talk(project, 'Go on.', { ...(now && { thread: now }) });
    expect((await call(runs, project)).out).not.toContain('can be resumed');
  });

  test('says that nothing is left of a run whose journal is empty', async () => {
    const project = await createProject();
    const { runId } = await talk(project, 'Where is the zeppelin?');
    await writeFile(join(project.home, 'runs', `${runId}.jsonl`), '');
    for (const args of [['list'], ['show', runId], ['export', runId], ['search', 'zeppelin']])
      expect((await call(runs, project, ...args)).err).toContain(runId);
    expect((await call(memory, project, 'search', 'zeppelin')).err).toContain(runId);
  });

  test('searches what was said in runs, and takes words', async () => {
    const project = await createProject();
    const { runId } = await talk(project, 'Where is the zeppelin?');
    expect((await call(runs, project, 'search', 'zeppelin')).out).toContain(runId);
    await expect(call(runs, project, 'search')).rejects.toThrow(/`search` takes words/);
  });
});

testOnTerminal('an export without a format is Markdown on a terminal', async () => {
  const project = await createProject();
  await openFacts(project.home).add('Anna likes tea.');
  expect(await answerOnTerminal(project, ['export'], '')).toContain('# What is remembered');
});
