// Packs Sotto, installs it in an empty folder as a stranger would, and uses it there: what is missing in the package
// shows only so. CI runs it after the tests.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const checkout = dirname(import.meta.dirname);
const { version } = readJson(join(checkout, 'package.json'));
const { packages: locked } = readJson(join(checkout, 'package-lock.json'));

const PACKED =
  /^(bin\/[a-z.]+|dist\/(src|tools|agents)\/.+\.(js|d\.ts)|models\/[\w.-]+\.gguf|package\.json|LICENSE|README\.md)$/;
const MUST_BE_PACKED = [
  'bin/sotto.js',
  'bin/help.txt',
  'dist/src/cli/main.js',
  'dist/src/index.d.ts',
  'LICENSE',
];
const MAX_INSTALLED_MEGABYTES = 970;
const SAMPLE = 'invoices/water.txt';
const sampleText = fs.readFileSync(join(checkout, 'workspace', SAMPLE), 'utf8');
const [, total] = /^Total: (.+)$/m.exec(sampleText);
const COMMANDS = [
  { args: ['--version'], stdout: new RegExp(`^${version}\n$`) },
  { args: ['--help'], stdout: /^sotto run <agent>/m },
  { args: ['agents'], stdout: /^clerk /m },
  { args: ['doctor'], stdout: /^ok\s+seal\s+node-permission: [\s\S]*^ok\s+model\s+tiny-qwen35 /m },
  {
    args: ['run', 'clerk', `What is the total in ${SAMPLE}?`],
    stdout: { test: (answer) => answer.includes(total) },
  },
  // The readers' thread, the drawing of pages and OCR with its language data.
  { args: ['read', 'workspace/records/letter.pdf'], stdout: /^Hemoglobin A1c/m },
  { args: ['read', 'workspace/records/scan.png'], stdout: /^Allergy: peanuts$/m },
];
const IMPORTS = { sotto: 'runAgent', 'sotto/testing': 'createScriptedEngine' };

const folder = fs.mkdtempSync(join(os.tmpdir(), 'sotto pack '));
let failures = 0;
try {
  packTest();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

function packTest() {
  const build = run(process.execPath, [join(checkout, 'scripts/build.mjs')], checkout);
  if (!check('builds', build.status === 0, build.output)) return;
  const pack = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], checkout);
  if (!check('packs', pack.status === 0, pack.output)) return;
  const [{ filename, files }] = Object.values(JSON.parse(pack.stdout));
  checkFiles(files.map(({ path }) => path));

  fs.writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const install = run('npm', ['install', ...flags, join(folder, filename)], folder);
  if (!check('installs', install.status === 0, install.output)) return;
  checkInstalled(join(folder, 'node_modules'));

  for (const sample of [SAMPLE, 'records']) {
    fs.cpSync(join(checkout, 'workspace', sample), join(folder, 'workspace', sample), { recursive: true });
  }
  for (const { args, stdout } of COMMANDS) {
    const result = run('npx', ['--no', '--', 'sotto', ...args], folder);
    check(`sotto ${args.join(' ')}`, result.status === 0 && stdout.test(result.stdout), result.output);
  }
  for (const [specifier, name] of Object.entries(IMPORTS)) {
    const code = `import { ${name} } from '${specifier}'; if (typeof ${name} !== 'function') process.exit(1);`;
    const result = run('node', ['--input-type=module', '-e', code], folder);
    check(`import { ${name} } from '${specifier}'`, result.status === 0, result.output);
  }
}

function checkFiles(paths) {
  const strange = paths.filter((path) => !PACKED.test(path) || path.includes('.test.'));
  check('packs nothing that is not needed', strange.length === 0, strange.join('\n'));
  const missing = MUST_BE_PACKED.filter((path) => !paths.includes(path));
  check('packs what is needed', missing.length === 0, missing.join('\n'));
}

function checkInstalled(modules) {
  const isTool = (name) => locked[`node_modules/${name}`]?.dev && fs.existsSync(join(modules, name));
  const tools = Object.keys(locked[''].devDependencies).filter(isTool);
  check('installs no development tools', tools.length === 0, tools.join('\n'));
  const sizes = fs
    .readdirSync(modules, { recursive: true })
    .map((name) => fs.lstatSync(join(modules, name)).size);
  const megabytes = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  check(
    `installs ${megabytes} MB, at most ${MAX_INSTALLED_MEGABYTES}`,
    megabytes <= MAX_INSTALLED_MEGABYTES,
    '',
  );
}

/** With the checkout's Node first, as the installed package brings none; and without what an outer npm has set. */
function run(command, args, cwd) {
  const isOwn = ([name]) => !name.startsWith('npm_') || /^npm_config_(cache|registry|userconfig)$/.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(isOwn));
  env.PATH = [join(checkout, 'node_modules/node/bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, stdout, output: [stdout, stderr, error?.message].filter(Boolean).join('\n') };
}

function check(name, isRight, output) {
  const seconds = `${(performance.now() / 1000).toFixed(0)} s`;
  console.log(`${seconds.padStart(5)} ${isRight ? 'ok    ' : 'FAILED'} ${name}`);
  if (!isRight) {
    failures += 1;
    console.log(output.replace(/^/gm, '       '));
  }
  return isRight;
}

function readJson(path) {
  return JSON.parse(fs.readFileSync(path, 'utf8'));
}
