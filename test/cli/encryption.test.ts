import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../src/cli/chat/chat-history.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { vaultOf } from '../../src/memory/vault.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { chatOnTerminal } from './chat-terminal.ts';
import {
  ALL_CANARIES,
  CANARIES,
  canariesIn,
  createCanaries,
  type Ended,
  PASSPHRASE,
  type Project,
  sotto,
  TASK,
} from './encryption-project.ts';
import { testOnTerminal } from './read-sotto.ts';

const PLAIN = { agents: ['clerk', 'desk'] };
const ENCRYPTED = { memory: { encrypt: true }, agents: ['clerk', 'desk'] };
const CHEAP = { workFactor: 1 };

/** A run that is killed and resumed, a chat, an extraction with a file that cannot be read, a locked document, facts. */
async function work(project: Project, passphrases?: readonly string[]): Promise<readonly Ended[]> {
  const { home } = project;
  const given = passphrases && { passphrases };
  const killed = await sotto(project, ['run', 'clerk', TASK, '--trace', 'temp/run.json'], {
    ...given,
    killAt: 'step 3',
  });
  expect(killed).toMatchObject({ signal: 'SIGKILL' });
  const [runId = ''] = readdirSync(join(home, 'runs')).map((name) => name.replace('.jsonl', ''));
  const resumed = await sotto(project, ['resume', runId], given);
  // What the small model makes of these words is not what is looked at.
  expect(resumed).toMatchObject({ err: expect.stringContaining('(the run goes on from here)') });
  await rm(join(project.folder, 'workspace/out'), { recursive: true });
  const traced = await sotto(project, ['run', 'clerk', TASK, '--trace', 'temp/trace.json'], given);
  const [error] = CANARIES.errors;
  const lines = [...CANARIES.prompts.map((word) => `What is ${word}?`), `Read the file ${error}.txt.`];
  const chat = await sotto(project, ['chat', 'clerk'], { ...given, input: `${lines.join('\n')}\n` });
  expect(chat.signal).toBeNull();
  expect(existsSync(join(home, 'states'))).toBe(passphrases === undefined);
  const extract = ['extract', 'workspace/inbox', '--schema', 's.json', '--out', 'table.json'];
  const extracted = await sotto(project, extract, given);
  expect(extracted).toMatchObject({ code: 1, err: expect.stringMatching(/3 documents: 2 done, 1 failed/) });
  const read = await sotto(project, ['read', 'locked.pdf', '--password-file', 'password']);
  expect(read.out).toContain(CANARIES.documents[5]);
  for (const fact of CANARIES.facts) await openFacts(home).add(`About ${fact}`);
  const history = openHistory(home, (code) => expect(code).toBe('kept'));
  for (const typed of CANARIES.typed) history.add(`typed ${typed}`);
  expect(openHistory(home, () => {}).lines[0]).toBe(`typed ${CANARIES.typed[1]}`);
  const shown = await Promise.all(
    [['runs'], ['threads'], ['extract', 'jobs'], ['memory']].map((args) => sotto(project, args, given)),
  );
  expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(shown[3]?.out).toContain(CANARIES.facts[0]);
  return [killed, resumed, traced, chat, extracted, read, ...shown];
}

function expectUnseen(ended: readonly Ended[]): void {
  const seen = new Set(ended.flatMap(({ processes }) => [...processes]));
  // The watching works: the program, and the process of its model.
  expect(
    seen.values().some((text) => text.includes('sotto.js\0run\0clerk') || text.includes('main.ts\0run')),
  ).toBe(true);
  expect(seen.values().some((text) => text.includes('llama-process'))).toBe(true);
  expect(ALL_CANARIES.filter((word) => seen.values().some((text) => text.includes(word)))).toEqual([]);
}

describe('of what is said, read, typed, failed and asked for', () => {
  test('an encrypted folder shows nothing, nor does any process, trace or temporary file', async () => {
    expect(ALL_CANARIES).toHaveLength(20);
    const project = await createCanaries(ENCRYPTED);
    createVault(project.home, PASSPHRASE, CHEAP);
    const ended = await work(project, [PASSPHRASE]);
    expect([...canariesIn(project.home)]).toEqual([]);
    expect([...canariesIn(project.temp)]).toEqual([]);
    expect(readFileSync(join(project.temp, 'trace.json'), 'utf8')).toContain('resourceSpans');
    expectUnseen(ended);
  }, 300_000);

  test('a folder that is not encrypted holds all but passwords, and the rest nothing either', async () => {
    const project = await createCanaries(PLAIN);
    const ended = await work(project);
    const found = canariesIn(project.home);
    // What the table's evidence does not need of a document is kept nowhere, and a locked one was only shown.
    const { documents, passphrase, password, ...others } = CANARIES;
    expect([...found]).toEqual(
      expect.arrayContaining([...documents.slice(0, 3), ...Object.values(others).flat()]),
    );
    expect([...passphrase, ...password].filter((word) => found.has(word))).toEqual([]);
    expect([...canariesIn(project.temp)]).toEqual([]);
    expectUnseen(ended);
  }, 300_000);
});

describe('`sotto memory`', () => {
  test('encrypts what is there, changes the passphrase, and decrypts it again', async () => {
    const project = await createCanaries(PLAIN);
    const { home } = project;
    const [fact = ''] = CANARIES.facts;
    await openFacts(home).add(fact);
    const encrypted = await sotto(project, ['memory', 'encrypt'], { passphrases: ['one'] });
    expect(encrypted).toMatchObject({ code: 0, err: expect.stringContaining(`${home} is encrypted`) });
    expect([...canariesIn(home)]).toEqual([]);
    expect(() => vaultOf(home)).toThrow('passphrase was not given');
    const list = (passphrase: string) => sotto(project, ['memory'], { passphrases: [passphrase] });
    const listed = await list('one');
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(fact) });
    expect(listed.err).toMatch(/^sotto: .* is encrypted, and the config does not say so: write memory/);
    expect(await list('two')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is wrong') });
    const changed = await sotto(project, ['memory', 'passphrase'], { passphrases: ['one', 'two'] });
    expect(changed).toMatchObject({ code: 0, err: expect.stringContaining('has another passphrase') });
    expect(await list('two')).toMatchObject({ code: 0 });
    expect(await sotto(project, ['memory', 'decrypt'], { passphrases: ['two'] })).toMatchObject({ code: 0 });
    expect((await sotto(project, ['memory'])).out).toContain(fact);
  }, 300_000);

  test('says in one sentence what is missing, where nobody can be asked', async () => {
    const project = await createCanaries(ENCRYPTED);
    const unasked = await sotto(project, ['threads']);
    expect(unasked).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^A passphrase is needed.*\n$/),
    });
    expect(existsSync(project.home)).toBe(false);
    expect(await sotto(project, ['threads', '--passphrase-fd', 'x'])).toMatchObject({ code: 2 });
    const empty = await sotto(project, ['threads'], { passphrases: [''] });
    expect(empty).toMatchObject({
      code: 1,
      err: expect.stringContaining('no passphrase in the open file 3'),
    });
    createVault(project.home, PASSPHRASE, CHEAP);
    expect((await sotto(project, ['memory', 'decrypt'], { passphrases: [PASSPHRASE] })).err).toMatch(
      /^The config says memory: \{ encrypt: true \}\. Take that out first/,
    );
    await writeFile(join(project.folder, 'agents.config.ts'), `export default ${JSON.stringify(PLAIN)};`);
    const locked = await sotto(project, ['run', 'clerk', TASK]);
    expect(locked).toMatchObject({ code: 1, err: expect.stringMatching(/^A passphrase is needed/) });
  }, 300_000);

  testOnTerminal(
    'is asked for without being shown, and again where it is wrong',
    async () => {
      const project = await createCanaries(ENCRYPTED);
      createVault(project.home, PASSPHRASE, CHEAP);
      const { code, screen } = await chatOnTerminal(
        project.folder,
        ['clerk'],
        [
          ['Passphrase of', 'wrong\r'],
          ['That passphrase is wrong.\nPassphrase of', `${PASSPHRASE}\r`],
          ['/quit ends.', '/quit\r'],
        ],
      );
      expect(code).toBe(0);
      expect(screen).not.toMatch(/canary|wrong\r|: w/);
    },
    300_000,
  );

  testOnTerminal(
    'is asked for twice, where the config wants a folder encrypted that is not',
    async () => {
      const project = await createCanaries(ENCRYPTED);
      await openFacts(project.home).add(CANARIES.facts[0] ?? '');
      const differing = await chatOnTerminal(
        project.folder,
        ['clerk'],
        [
          ['New passphrase', 'one\r'],
          ['The same again', 'two\r'],
        ],
      );
      expect(differing).toMatchObject({ code: 1, screen: expect.stringContaining('not the same') });
      expect(canariesIn(project.home).size).toBe(1);
      const { code } = await chatOnTerminal(
        project.folder,
        ['clerk'],
        [
          ['New passphrase', `${PASSPHRASE}\r`],
          ['The same again', `${PASSPHRASE}\r`],
          ['/quit ends.', '/quit\r'],
        ],
      );
      expect(code).toBe(0);
      expect(canariesIn(project.home).size).toBe(0);
    },
    300_000,
  );
});
