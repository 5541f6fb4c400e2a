import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as rules from './helpers/architecture-rules.ts';

const checkout = path.resolve(import.meta.dirname, '..');

function filesOf(...places: readonly string[]): rules.SourceFile[] {
  return places
    .flatMap((place) => fs.globSync(place, { cwd: checkout }))
    .map((file) => ({
      path: file.replaceAll(path.sep, '/'),
      text: fs.readFileSync(path.join(checkout, file), 'utf8'),
    }));
}

const product = filesOf('src/**/*.ts', 'tools/**/*.ts', 'agents/**/*.ts', 'agents.config.ts');
const everything = [...product, ...filesOf('bin/*.js', 'scripts/*.mjs', 'bench/**/*.ts')];

const RULES: Readonly<Record<string, rules.Rule>> = {
  'imports go left, never right': rules.checkDirection,
  'rooms do not import each other': rules.checkCycles,
  'src imports neither tools nor agents, but for what config.ts loads': rules.checkSrcStandsAlone,
  'only config.ts loads code by a computed path': rules.checkComputedImports,
  'tools import the rooms that are for them': rules.checkTools,
  'agents import sotto': rules.checkAgents,
  'each package has one room that imports it': rules.checkPackages,
  'files are small': rules.checkSizes,
  'file names are in kebab-case': rules.checkNames,
  'there are no default exports': rules.checkDefaultExports,
};

describe('the code keeps the rules', () => {
  test('all of it is looked at', () => {
    const seen = product.map((file) => file.path);
    expect(seen).toEqual(
      expect.arrayContaining(['src/config.ts', 'src/agent/agent-machine.ts', 'agents.config.ts']),
    );
    expect(seen).toEqual(expect.arrayContaining(['tools/index.ts', 'agents/index.ts', 'src/cli/main.ts']));
    const imported = product.flatMap((file) => rules.importsOf(file.text));
    expect(imported.map(({ specifier }) => specifier)).toEqual(
      expect.arrayContaining(['xstate', 'node-llama-cpp', 'sotto', 'zod', '../tools/index.ts']),
    );
  });

  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(rule(product)).toEqual([]);
  });

  test('nothing is left to do', () => {
    expect(rules.checkLeftovers(everything)).toEqual([]);
  });
});

const file = (at: string, text: string): rules.SourceFile => ({ path: at, text });
const lines = (count: number) => 'x\n'.repeat(count);

const BREACHES: readonly (readonly [string, rules.Rule, readonly rules.SourceFile[], string])[] = [
  [
    'an import to the right',
    rules.checkDirection,
    [file('src/qwen/render.ts', "import { a } from '../engine/engine.ts';")],
    'src/qwen/render.ts imports src/engine/engine.ts: qwen may not import engine',
  ],
  [
    'an import of a type to the right, over several lines',
    rules.checkDirection,
    [file('src/errors.ts', "import type {\n  A,\n  B,\n} from './agent/policy.ts';")],
    'src/errors.ts imports src/agent/policy.ts: errors may not import agent',
  ],
  [
    'an import to the right when it runs',
    rules.checkDirection,
    [file('src/memory/journal.ts', "const a = await import('../mcp/host.ts');")],
    'src/memory/journal.ts imports src/mcp/host.ts: memory may not import mcp',
  ],
  [
    'a type that is imported in place',
    rules.checkDirection,
    [file('src/agent/policy.ts', "type A = import('../config.ts').Config;")],
    'src/agent/policy.ts imports src/config.ts: agent may not import config',
  ],
  [
    'what is exported again from the right',
    rules.checkDirection,
    [file('src/config.ts', "export * from './index.ts';")],
    'src/config.ts imports src/index.ts: config may not import index',
  ],
  [
    'the fakes in the product',
    rules.checkDirection,
    [file('src/agent/run-agent.ts', "import { ScriptedEngine } from '../testing/index.ts';")],
    'src/agent/run-agent.ts imports src/testing/index.ts: agent may not import testing',
  ],
  [
    'a room that nobody has placed',
    rules.checkDirection,
    [file('src/utils/a.ts', "import '../errors.ts';")],
    'src/utils/a.ts: the room utils has no place in the order',
  ],
  [
    'rooms beside each other that import each other',
    rules.checkCycles,
    [
      file('src/tool/a.ts', "import '../workspace/b.ts';"),
      file('src/workspace/b.ts', "import { c } from '../qwen/c.ts';"),
      file('src/qwen/c.ts', "import type { A } from '../tool/a.ts';"),
    ],
    'qwen imports itself in a circle',
  ],
  [
    'src that imports a tool',
    rules.checkSrcStandsAlone,
    [file('src/agent/a.ts', "import { readFileTool } from '../../tools/read-file.ts';")],
    'src/agent/a.ts imports tools/read-file.ts',
  ],
  [
    'config.ts that imports the tools when it is loaded',
    rules.checkSrcStandsAlone,
    [file('src/config.ts', "import { builtInTools } from '../tools/index.ts';")],
    'src/config.ts imports tools/index.ts',
  ],
  [
    'another file that loads the tools',
    rules.checkSrcStandsAlone,
    [file('src/cli/tools.ts', "await import('../../tools/index.ts');")],
    'src/cli/tools.ts imports tools/index.ts',
  ],
  [
    "src that imports the user's config",
    rules.checkSrcStandsAlone,
    [file('src/index.ts', "import config from '../agents.config.ts';")],
    'src/index.ts imports agents.config.ts',
  ],
  [
    'a computed import',
    rules.checkComputedImports,
    [file('src/mcp/host.ts', 'await import(`./' + '$' + '{name}.ts`);')],
    'src/mcp/host.ts imports a path that is made when it runs',
  ],
  [
    'a tool that imports the engine',
    rules.checkTools,
    [file('tools/ask.ts', "import type { Engine } from '../src/engine/engine.ts';")],
    'tools/ask.ts imports src/engine/engine.ts',
  ],
  [
    'an agent that imports src',
    rules.checkAgents,
    [file('agents/clerk.ts', "import { defineAgent } from '../src/index.ts';")],
    'agents/clerk.ts imports ../src/index.ts',
  ],
  [
    'an agent that imports Node',
    rules.checkAgents,
    [file('agents/clerk.ts', "import fs from 'node:fs';")],
    'agents/clerk.ts imports node:fs',
  ],
  [
    'llama.cpp outside its room',
    rules.checkPackages,
    [file('src/cli/doctor.ts', "import { getLlama } from 'node-llama-cpp';")],
    'src/cli/doctor.ts imports node-llama-cpp',
  ],
  [
    'xstate outside its room, by a path into it',
    rules.checkPackages,
    [file('src/cli/run.ts', "import { inspect } from 'xstate/dev';")],
    'src/cli/run.ts imports xstate',
  ],
  [
    'a package that nobody has placed',
    rules.checkPackages,
    [file('src/memory/a.ts', "import sqlite from '@scope/sqlite/lib';")],
    'src/memory/a.ts imports @scope/sqlite',
  ],
  [
    'src that imports itself as a package',
    rules.checkPackages,
    [file('src/agent/a.ts', "import { runAgent } from 'sotto';")],
    'src/agent/a.ts imports sotto',
  ],
  [
    'a long file',
    rules.checkSizes,
    [file('src/a.ts', lines(251))],
    'src/a.ts has 251 lines, 250 are allowed',
  ],
  [
    'a long machine',
    rules.checkSizes,
    [file('src/agent/agent-machine.ts', lines(150))],
    'src/agent/agent-machine.ts has 150 lines, 149 are allowed',
  ],
  [
    'a name in camel case',
    rules.checkNames,
    [file('src/agent/runAgent.ts', '')],
    'src/agent/runAgent.ts is not in kebab-case',
  ],
  [
    'a name with an underscore',
    rules.checkNames,
    [file('tools/read_file.ts', '')],
    'tools/read_file.ts is not in kebab-case',
  ],
  [
    'a default export',
    rules.checkDefaultExports,
    [file('src/a.ts', 'export default 1;')],
    'src/a.ts has a default export',
  ],
  [
    'a default export by name',
    rules.checkDefaultExports,
    [file('src/a.ts', 'const a = 1;\nexport { a as default };')],
    'src/a.ts has a default export',
  ],
  [
    'something left to do',
    rules.checkLeftovers,
    [file('src/a.ts', '// TO' + 'DO: more')],
    'src/a.ts has something left to do',
  ],
];

test.each(BREACHES)('the rules see %s', (_, rule, files, sentence) => {
  expect(rule(files)).toContain(sentence);
});

test('the rules leave alone what is allowed', () => {
  const allowed = [
    file('src/config.ts', "await import('../tools/index.ts');\nawait import(pathToFileURL(path).href);"),
    file(
      'src/tool/a.ts',
      "import type { Workspace } from '../workspace/open-workspace.ts';\nimport { z } from 'zod';",
    ),
    file(
      'src/engine/a.ts',
      "import { getLlama } from 'node-llama-cpp';\nimport './b.ts';\nimport fs from 'node:fs';",
    ),
    file('src/testing/index.ts', "export * from '../agent/policy.ts';"),
    file('src/agent/agent-machine.ts', lines(149)),
    file('tools/read-file.ts', "import { defineTool } from '../src/tool/define-tool.ts';"),
    file('tools/index.ts', "import { a } from './read-file.ts';"),
    file('agents/index.ts', "import { clerk } from './clerk.ts';\nimport { defineAgent } from 'sotto';"),
    file('agents.config.ts', "import { defineConfig } from 'sotto';\nexport default defineConfig({});"),
    file('src/errors.ts', "/*\n import a from './cli/main.ts'\n*/\n// import b from './cli/main.ts'\n"),
  ];
  const everyRule = [...Object.values(RULES), rules.checkLeftovers];
  expect(everyRule.flatMap((rule) => rule(allowed))).toEqual([]);
});

test.each([
  ["import 'a';", ['a']],
  ['import a from \'a\';\nimport * as b from "b";', ['a', 'b']],
  ["import a, {\n  type B,\n  c as d,\n} from 'a';", ['a']],
  ["export { a } from 'a';\nexport type * from 'b';", ['a', 'b']],
  ['const a = await import(\'a\');\nconst b = require("b");', ['a', 'b']],
  ['await import(path);', ['(computed)']],
  [
    "export const text = 'moved from here';\nexport function from() {}\nconst glob = '/*';\nimport 'z';",
    ['z'],
  ],
])('imports are found in %j', (text, specifiers) => {
  expect(rules.importsOf(text).map(({ specifier }) => specifier)).toEqual(specifiers);
});
