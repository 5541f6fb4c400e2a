#!/usr/bin/env node
// Plain JavaScript that any Node from 18 on runs: answers --help and --version itself, otherwise finds Node 26 and
// starts Sotto in it, without the right to use the network. Modules that only the slow way needs are imported there.
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 26;
const GOES_FOR_ALL = 'Every command takes';
// Under npm this file is reached through the link node_modules/.bin/sotto.
const packageRoot = dirname(dirname(fs.realpathSync(fileURLToPath(import.meta.url))));

await launch(process.argv.slice(2));

async function launch(args) {
  if (asksForHelp(args))
    return print(helpOf(args, fs.readFileSync(join(packageRoot, 'bin/help.txt'), 'utf8')));
  if (args[0] === '--version') return print(`${readPackage(packageRoot).version}\n`);
  const { node, problem } = findNode();
  if (!node) return fail(problem);
  const main = findMain();
  if (!main) return fail(`Sotto is not built: run "npm run build" in ${packageRoot}.`);
  const nodeArgs = [...sealFlags(), ...main.args, ...args];
  const env = { ...main.env, ...process.env };
  const passphraseFd = passphraseFdOf(args);
  // Becoming another program closes all files but the standard ones.
  if (node === process.execPath && !(passphraseFd > 2)) becomeMain(node, nodeArgs, env);
  await spawnMain(node, nodeArgs, { env, passphraseFd });
}

/** N of `--passphrase-fd N`, which the program reads itself. */
function passphraseFdOf(args) {
  const at = args.findIndex((word) => /^--passphrase-fd(=|$)/.test(word));
  if (at < 0) return undefined;
  const value = args[at].split('=')[1] ?? args[at + 1] ?? '';
  return /^\d{1,4}$/.test(value) ? Number(value) : undefined;
}

function asksForHelp(args) {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return args.length === 0 || own.includes('--help') || own.includes('-h');
}

/** Of one command where it is named, and what goes for all of them. */
function helpOf([name = ''], text) {
  const parts = text.split(/\n(?=\S)/);
  const own = name.startsWith('-') ? [] : parts.filter((part) => part.startsWith(`sotto ${name} `));
  return own.length > 0 ? `${own.join('\n').trimEnd()}\n\n${text.slice(text.indexOf(GOES_FOR_ALL))}` : text;
}

function print(text) {
  // A reader that has seen enough (`sotto --help | head -1`) closes the pipe: no reason for a stack trace.
  process.stdout.on('error', () => {});
  process.stdout.write(text);
}

function fail(sentence) {
  process.exitCode = 1;
  process.stderr.on('error', () => {});
  process.stderr.write(`${sentence}\n`);
}

function readPackage(folder) {
  return JSON.parse(fs.readFileSync(join(folder, 'package.json'), 'utf8'));
}

function findNode() {
  if (majorOf(process.versions.node) >= NEEDED_MAJOR) return { node: process.execPath };
  let found = `this is Node ${process.versions.node} (${process.execPath})`;
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const local = inspectLocalNode(join(folder, 'node_modules/node'));
    if (local.node) return local;
    if (local.found) found += `, ${local.found}`;
    if (folder === dirname(folder)) break;
  }
  const how = 'Install it from https://nodejs.org, or beside Sotto with "npm install node@26".';
  return { problem: `Sotto needs Node ${NEEDED_MAJOR} or newer; ${found}. ${how}` };
}

/** The npm package `node` holds a Node in bin/, put there by its install script: a few bytes until that has run. */
function inspectLocalNode(folder) {
  try {
    const { name, version } = readPackage(folder);
    if (name !== 'node') return {};
    if (majorOf(version) < NEEDED_MAJOR) return { found: `${folder} holds Node ${version}` };
    const node = join(folder, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
    if ((fs.statSync(node, { throwIfNoEntry: false })?.size ?? 0) > 1e6) return { node };
    return { found: `the install script of ${folder} did not run ("npm rebuild node" runs it)` };
  } catch {
    return {};
  }
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}

/** The source where there is one (a checkout), else what was built of it. */
function findMain() {
  const source = join(packageRoot, 'src/cli/main.ts');
  if (fs.existsSync(source)) {
    // Taking the types out of the source takes longer than all else; Node keeps the result there.
    const env = { NODE_COMPILE_CACHE: join(packageRoot, 'node_modules/.cache/sotto') };
    return { args: ['--conditions=sotto-source', source], env };
  }
  const built = join(packageRoot, 'dist/src/cli/main.js');
  return fs.existsSync(built) ? { args: [built], env: {} } : undefined;
}

/** Everything but --allow-net: the seat belt of src/seal/seal-state.ts. */
function sealFlags() {
  return [
    '--permission',
    '--allow-fs-read=*',
    '--allow-fs-write=*',
    '--allow-addons',
    '--allow-child-process',
    '--allow-worker',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
}

/** Does not return where it works: same process id, same standard streams, no second process to pass signals to. */
function becomeMain(node, nodeArgs, env) {
  try {
    process.execve?.(node, [node, ...nodeArgs], env);
  } catch {
    // Not on this platform: a child process does it too.
  }
}

async function spawnMain(node, nodeArgs, { env, passphraseFd }) {
  const [{ spawn }, { isatty }] = await Promise.all([import('node:child_process'), import('node:tty')]);
  // A terminal sends Ctrl-C to both processes, and the second one would mean "at once".
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd));
  // The channel tells the program that this process was killed, which it could not know otherwise.
  const stdio = ['inherit', 'inherit', 'inherit'];
  while (stdio.length < passphraseFd) stdio.push('ignore');
  if (passphraseFd > 2) stdio.push(passphraseFd);
  const child = spawn(node, nodeArgs, { stdio: [...stdio, 'ipc'], env });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
  child.on('error', (error) => fail(`Sotto could not start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (!signal) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
