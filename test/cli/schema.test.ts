import { spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noUsage } from '../../src/events.ts';
import { createTempProject } from '../helpers/temp-project.ts';

const TASK = 'What is the dose in letters/clinic.txt?';
/** The bundled model does not know what is asked here, and is held to its form all the same. */
const SCHEMA = {
  type: 'object',
  properties: { dose: { type: 'string', maxLength: 12 }, given: { type: 'boolean' } },
  required: ['dose', 'given'],
};

async function createProject(files: Record<string, string> = {}): Promise<string> {
  const { folder } = await createTempProject();
  await cp(resolve('workspace/letters'), join(folder, 'workspace/letters'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

function sotto(
  cwd: string,
  args: readonly string[],
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [resolve('bin/sotto.js'), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (printed.out += chunk));
    child.stderr.on('data', (chunk) => (printed.err += chunk));
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...printed }));
  });
}

describe('sotto run --schema', () => {
  test('prints the answer as one line of JSON, and has it in the last event with --json', async () => {
    const folder = await createProject({ 's.json': `\ufeff${JSON.stringify(SCHEMA)}` });
    const { code, out, err } = await sotto(folder, ['run', 'clerk', TASK, '--schema', 's.json']);
    expect({ code, lines: out.split('\n').length }).toEqual({ code: 0, lines: 2 });
    const answer = JSON.parse(out);
    expect(answer).toEqual({ dose: expect.any(String), given: expect.any(Boolean) });
    expect(err).toContain('> read_file path=letters/clinic.txt');
    const json = await sotto(folder, ['run', 'clerk', TASK, '--schema', 's.json', '--json']);
    const events = json.out.trim().split('\n');
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ type: 'run-end', output: answer });
  });

  test('ends with code 1 and a sentence where the answer never fits, and prints none', async () => {
    const agent = { name: 'plain', description: '', instructions: '', thinking: 'off' };
    const folder = await createProject({
      's.json': JSON.stringify({ type: 'string', maxLength: 3, pattern: '^#{3}$' }),
      'agents.config.ts': `export default ${JSON.stringify({ agents: [agent] })}`,
    });
    const { code, out, err } = await sotto(folder, ['run', 'plain', TASK, '--schema', 's.json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/The answer does not fit its schema: .*pattern.* kept in the thread\./);
  });

  test.each([
    ['there is no file', undefined, /^The schema s\.json does not exist\.$/m],
    ['it is no JSON', '{a', /^The schema s\.json is not JSON: .*\.$/m],
    ['it is no object', '[1]', /^The schema s\.json has to be a JSON object/m],
    ['it is no schema', '{"name": "Anna"}', /none of its words, such as type, properties or enum\.$/m],
    ['its answers cannot be checked', '{"type": "strng"}', /cannot be checked.*strng\.$/m],
    ['it is too large', `{"type": "object", "title": "${'x'.repeat(100_000)}"}`, /too large for a prompt/],
  ])('says in one sentence, before the model is loaded, that %s', async (_, content, sentence) => {
    const folder = await createProject(content === undefined ? {} : { 's.json': content });
    const args = ['run', 'clerk', TASK, '--schema', 's.json', '--model', 'nowhere.gguf'];
    const { code, out, err } = await sotto(folder, args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

const END = { type: 'run-end', stopReason: 'done', steps: 1, usage: noUsage };

describe('sotto threads', () => {
  const journal = (facts: readonly object[]) =>
    facts
      .map(
        (fact, index) =>
          `${JSON.stringify({ seq: index + 1, at: `2026-01-01T00:00:0${index}Z`, ...fact })}\n`,
      )
      .join('');
  const start = (threadId: string, rest: object = {}) => ({
    type: 'run-start',
    runId: threadId,
    threadId,
    turn: 1,
    agent: 'clerk',
    model: { name: 'm', fingerprint: 'm' },
    seal: 'none',
    message: { role: 'user', content: [{ type: 'text', text: `Task of ${threadId}` }] },
    ...rest,
  });

  test('lists those of sub-agents with --all only, and says of a broken one what is missing', async () => {
    const folder = await createProject();
    const runs = join(folder, '.sotto/runs');
    await mkdir(runs, { recursive: true });
    await writeFile(join(runs, 'own.jsonl'), journal([start('own'), END]));
    await writeFile(
      join(runs, 'helper.jsonl'),
      journal([start('helper', { agent: 'reader', parent: { runId: 'own', toolCallId: 'c' } }), END]),
    );
    await writeFile(
      join(runs, 'broken.jsonl'),
      journal([start('broken', { after: { runId: 'gone' } }), END]),
    );
    const plain = await sotto(folder, ['threads']);
    expect(plain.out).toMatch(/^own +1 turn +clerk +Task of own$/m);
    expect(plain.out).toMatch(/^broken +1 turn +clerk +\(its run gone is missing\) Task of broken$/m);
    expect(plain.out).not.toContain('helper');
    const all = await sotto(folder, ['threads', '--all']);
    expect(all.out).toMatch(/^own +1 turn +clerk .*\n {2}helper +1 turn +reader +Task of helper$/m);
    const rows = (await sotto(folder, ['threads', '--all', '--json'])).out.trim().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toContainEqual({
      threadId: 'helper',
      turns: 1,
      agent: 'reader',
      parent: 'own',
      at: '2026-01-01T00:00:00Z',
      isCutOff: false,
      task: 'Task of helper',
    });
    const gone = await sotto(folder, ['run', 'clerk', TASK, '--thread', 'broken']);
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('its run gone is not there') });
  });
});
