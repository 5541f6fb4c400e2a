import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { toolsOf } from '../src/agent/agent-tool.ts';
import { findAgent, loadConfig } from '../src/config.ts';

/** A project with this config; the config is plain JavaScript, whose types need no `sotto` beside it. */
async function load(agents: string, packageJson?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'agents.config.ts'), `export default { agents: ${agents} };\n`);
  if (packageJson !== undefined) await writeFile(join(folder, 'package.json'), packageJson);
  return loadConfig({ folder });
}
const BOSS = `{ name: 'boss', description: '', instructions: '', agents: ['records'] }`;

test('a project takes built-in agents by name, beside its own', async () => {
  const config = await load(`[${BOSS}, 'clerk']`);
  expect(config.agents.map(({ name }) => name)).toEqual(['boss', 'clerk']);
  expect(findAgent(config, 'clerk').tools?.map(({ name }) => name)).toContain('read_file');
});

test('an agent of a project gives tasks to a built-in one', async () => {
  const config = await load(`[${BOSS}]`);
  expect(config.agents.map(({ name }) => name)).toEqual(['boss']);
  expect(toolsOf(findAgent(config, 'boss')).map(({ name }) => name)).toEqual(['ask_records']);
});

test('an agent of the project comes before the built-in one of its name', async () => {
  const own = `{ name: 'records', description: 'Mine.', instructions: '' }`;
  const [tool] = toolsOf(findAgent(await load(`[${BOSS}, ${own}]`), 'boss'));
  expect(tool?.description).toContain('Mine.');
});

test('a name that is no built-in agent is refused with those there are', async () => {
  await expect(load(`['clark']`)).rejects.toThrow(
    'There is no built-in agent "clark". There are: clerk, desk, records.',
  );
});

test.each([
  ['{ "type": "commonjs" }', /cannot be read as a module: write "type": "module" into .*package\.json\.$/],
])('a package.json of CommonJS is said before Node stumbles over it', async (packageJson, sentence) => {
  await expect(load(`['clerk']`, packageJson)).rejects.toThrow(sentence);
});

test.each(['{}', '{ "type": "module" }'])(
  'a config is read beside the package.json %s',
  async (packageJson) => {
    expect((await load(`['clerk']`, packageJson)).agents).toHaveLength(1);
  },
);
