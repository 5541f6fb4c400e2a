import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';

const checkout = path.resolve(import.meta.dirname, '../..');
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sotto bin ')));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Tells what it was started with, and then does what its first argument says. */
const MAIN = `
const [, , verb] = process.argv;
const facts = { args: process.argv.slice(2), node: process.versions.node, execArgv: process.execArgv,
  net: process.permission?.has('net'), pid: process.pid, option: process.env.NODE_OPTIONS };
let interrupts = 0;
const count = (signal) => () => { interrupts += 1; if (interrupts === 1) setTimeout(() => { console.log(signal + ' ' + interrupts); process.exit(7); }, 300); };
if (verb === 'exit') process.exitCode = Number(process.argv[3]);
if (verb === 'facts') console.log(JSON.stringify(facts));
if (verb === 'die') process.kill(process.pid, process.argv[3]);
if (verb === 'echo') process.stdin.pipe(process.stdout);
if (verb === 'wait') {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, count(signal));
  console.log('ready');
  setTimeout(() => process.exit(9), 15_000);
}
`;

/** A package as npm would install it. The local Node lies beside it, as npm hoists it. */
function installPackage(
  name: string,
  { main = MAIN, localNode = path.join(checkout, 'node_modules/node') } = {},
) {
  const modules = path.join(folder, name, 'node_modules');
  const root = path.join(modules, 'sotto');
  fs.cpSync(path.join(checkout, 'bin'), path.join(root, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(root, 'package.json'), '{"name":"sotto","version":"1.2.3","type":"module"}');
  if (main) {
    fs.mkdirSync(path.join(root, 'dist/src/cli'), { recursive: true });
    fs.writeFileSync(path.join(root, 'dist/src/cli/main.js'), main);
  }
  if (localNode) fs.symlinkSync(localNode, path.join(modules, 'node'));
  fs.mkdirSync(path.join(modules, '.bin'));
  fs.symlinkSync('../sotto/bin/sotto.js', path.join(modules, '.bin/sotto'));
  return { launcher: path.join(modules, '.bin/sotto'), root, modules };
}

/** Node flags that make this Node say that it is another one. They are not passed on to what the launcher starts. */
function pretendNode(version: string): string[] {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } }); delete process.execve;`;
  return ['--import', `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`];
}

const oldNode = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((dir) => path.join(dir, 'node'))
  .find((node) => /^v(18|2[0-5])\./.test(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''));

const usual = installPackage('usual place');
const ways: [string, string[]][] = [
  ['in the same process, when the running Node is new enough', [process.execPath]],
  ['in a child process, when it is not', [process.execPath, ...pretendNode('20.20.2')]],
  ...(oldNode ? [['in a child process of a real old Node', [oldNode]] satisfies [string, string[]]] : []),
];

function launch([node = '', ...flags]: string[], args: string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(node, [...flags, usual.launcher, ...args], options);
}

async function resultOf(child: ChildProcess) {
  const ended = new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (code, signal) => resolve([code, signal]));
  });
  if (!child.stdout || !child.stderr) throw new Error('the streams are not piped');
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, code, signal };
}

function run(command: string[], args: string[], options: SpawnOptions = {}) {
  return resultOf(launch(command, args, options));
}

describe.each(ways)('the launcher starts the program %s', (_, way) => {
  test('with the arguments as they are, without the right to use the network', async () => {
    const { stdout, stderr, code } = await run(way, ['facts', 'a b', '--json', '', '"quoted"\n']);
    const facts = JSON.parse(stdout);
    expect(facts.args).toEqual(['facts', 'a b', '--json', '', '"quoted"\n']);
    expect(facts.net).toBe(false);
    expect(Number.parseInt(facts.node, 10)).toBeGreaterThanOrEqual(26);
    expect(facts.execArgv).toEqual([
      '--permission',
      '--allow-fs-read=*',
      '--allow-fs-write=*',
      '--allow-addons',
      '--allow-child-process',
      '--allow-worker',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=SecurityWarning',
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  test('with its exit code', async () => {
    expect(await run(way, ['exit', '3'])).toMatchObject({ code: 3, signal: null });
  });

  test.each(['SIGTERM', 'SIGKILL', 'SIGINT'])('and ends by %s when the program does', async (signal) => {
    expect(await run(way, ['die', signal])).toMatchObject({ code: null, signal });
  });

  test('with its standard input', async () => {
    const child = launch(way, ['echo']);
    child.stdin?.end('from a pipe');
    expect(await resultOf(child)).toMatchObject({ stdout: 'from a pipe', code: 0 });
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('and passes on one %s', async (signal) => {
    const child = launch(way, ['wait']);
    child.stdout?.once('data', () => child.kill(signal));
    expect(await resultOf(child)).toMatchObject({ stdout: `ready\n${signal} 1\n`, code: 7 });
  });

  test('with the NODE_OPTIONS of the user', async () => {
    const env = { ...process.env, NODE_OPTIONS: '--no-deprecation' };
    const { stdout } = await run(way, ['facts'], { env });
    expect(JSON.parse(stdout).option).toContain('--no-deprecation');
  });

  test.runIf(process.platform === 'linux')('and Ctrl-C in a terminal reaches it once', async () => {
    // Without "exec", a dash that waits for the program gets the signal too, and ends with 130.
    const command = ['exec', ...way, usual.launcher, 'wait'].map((part) => `'${part}'`).join(' ');
    const terminal = spawn('script', ['-qec', command, '/dev/null']);
    terminal.stdout.once('data', () => terminal.stdin.write('\x03'));
    const { stdout, code } = await resultOf(terminal);
    expect(stdout).toMatch(/ready\r\n(\^C)?SIGINT 1\r\n/);
    expect(code).toBe(7);
  });
});

test('becomes the program where it can: the process id stays', async () => {
  const child = launch([process.execPath], ['facts']);
  expect(JSON.parse((await resultOf(child)).stdout).pid).toBe(child.pid);
});

describe('in a checkout', () => {
  const root = path.join(folder, 'checkout');
  fs.renameSync(installPackage('moved', { localNode: '' }).root, root);
  fs.mkdirSync(path.join(root, 'src/cli'), { recursive: true });
  fs.writeFileSync(
    path.join(root, 'src/cli/main.ts'),
    'const { execArgv, env } = process; console.log(JSON.stringify({ execArgv, cache: env.NODE_COMPILE_CACHE } as object));',
  );
  const start = (env: NodeJS.ProcessEnv) => {
    const args = [path.join(root, 'bin/sotto.js'), 'facts'];
    return spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  };

  test('the launcher starts the source, under its own condition', () => {
    const { stdout, stderr } = start({});
    expect(JSON.parse(stdout).execArgv).toContain('--conditions=sotto-source');
    expect(stderr).toBe('');
  });

  test('the launcher has Node keep the compiled source beside it', () => {
    const cache = path.join(root, 'node_modules/.cache/sotto');
    expect(JSON.parse(start({}).stdout).cache).toBe(cache);
    expect(fs.readdirSync(cache)).not.toEqual([]);
  });

  test('the launcher leaves a place that the user has chosen', () => {
    const cache = path.join(folder, 'elsewhere');
    expect(JSON.parse(start({ NODE_COMPILE_CACHE: cache }).stdout).cache).toBe(cache);
  });
});

describe('without a Node that is new enough', () => {
  const way = [process.execPath, ...pretendNode('20.20.2')];
  const placeholder = path.join(folder, 'placeholder');
  fs.mkdirSync(path.join(placeholder, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(placeholder, 'package.json'), '{"name":"node","version":"26.10.0"}');
  fs.writeFileSync(path.join(placeholder, 'bin/node'), 'This file intentionally left blank');
  const old = path.join(folder, 'old');
  fs.mkdirSync(old);
  fs.writeFileSync(path.join(old, 'package.json'), '{"name":"node","version":"22.1.0"}');

  test.each([
    ['nothing beside it', '', 'needs Node 26 or newer; this is Node 20.20.2 ('],
    ['an install script that did not run', placeholder, 'did not run ("npm rebuild node" runs it)'],
    ['an old Node', old, 'holds Node 22.1.0'],
    ['a broken link', path.join(folder, 'nowhere'), 'needs Node 26 or newer; this is Node 20.20.2 ('],
  ])('says in one line what was found: %s', async (name, localNode, sentence) => {
    const { launcher } = installPackage(`without ${name}`, { localNode });
    const [node = '', ...flags] = way;
    const { status, stdout, stderr } = spawnSync(node, [...flags, launcher, 'facts'], { encoding: 'utf8' });
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^[^\n]+ Install it from [^\n]+\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  test.each([
    [['--version'], '1.2.3\n'],
    [['--help'], fs.readFileSync(path.join(checkout, 'bin/help.txt'), 'utf8')],
    [['-h'], fs.readFileSync(path.join(checkout, 'bin/help.txt'), 'utf8')],
    [[], fs.readFileSync(path.join(checkout, 'bin/help.txt'), 'utf8')],
  ])('answers %j by itself', (args, answer) => {
    const { launcher } = installPackage(`answers ${args.join(' ')}`, { main: '', localNode: '' });
    const [node = '', ...flags] = way;
    const { status, stdout, stderr } = spawnSync(node, [...flags, launcher, ...args], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: answer, stderr: '' });
  });
});

test.each([
  ['extract', 'sotto extract <', 'sotto chat'],
  ['run', 'sotto run <', 'sotto runs'],
])('answers %s --help with what is of that command, and what goes for all', (name, own, other) => {
  const { launcher } = installPackage(`helps with ${name}`, { main: '', localNode: '' });
  const { stdout } = spawnSync(process.execPath, [launcher, name, '--help'], { encoding: 'utf8' });
  expect(stdout.startsWith(own)).toBe(true);
  expect(stdout).not.toContain(other);
  expect(stdout).toContain('\n\nEvery command takes --json');
  expect(stdout).toMatch(/Exit codes: .*\n$/);
});

test('says in one line that it was not built', () => {
  const { launcher, root } = installPackage('not built', { main: '' });
  const { status, stderr } = spawnSync(process.execPath, [launcher, 'run'], { encoding: 'utf8' });
  expect(stderr).toBe(`Sotto is not built: run "npm run build" in ${root}.\n`);
  expect(status).toBe(1);
});

test('leaves what stands after -- to the program', async () => {
  const { stdout } = await run([process.execPath], ['facts', '--', '--help']);
  expect(JSON.parse(stdout).args).toEqual(['facts', '--', '--help']);
});

test('a reader that closes the pipe before the help is written sees no stack trace', async () => {
  const pipeline = '(sleep 0.2; "$0" "$1" --help; echo "code $?" >&2) | true';
  const child = spawn('bash', ['-c', pipeline, process.execPath, usual.launcher]);
  expect(await resultOf(child)).toMatchObject({ stderr: 'code 0\n' });
});
