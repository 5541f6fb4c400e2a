/**
 * Faults at a single system call of a program, by strace.
 *
 * A thread of the program is traced alone, once it is ready: so the calls of a start are not counted, and those of the
 * threads that work with files can be reached, which strace counts each for itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** `main` runs JavaScript, `pool` works with files for it. */
export type ThreadName = 'main' | 'pool';

/** The N-th call of that name in that thread, from 1. */
export type FaultPoint = {
  readonly thread: ThreadName;
  readonly call: string;
  readonly when: number;
  /** How strace shows the call. */
  readonly shown: string;
};

export type Outcome = {
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Everything that was written to standard error. */
  readonly err: string;
  /** The call that failed, as strace shows it. Nothing where the program did not come to it. */
  readonly injected?: string;
};

const CALLS =
  'write,pwrite64,rename,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,fsync,fdatasync,fchmod,link,linkat,openat';
/** Else most of the time goes by taking types out of the source. */
export const NODE_COMPILE_CACHE = resolve('node_modules/.cache/sotto');
/** The program with its Node, as the `sotto` command starts that; one thread for files, so that its calls come in one order, and no collection of
 * garbage, since V8 wakes its threads by writes that would be counted. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  '--min-semi-space-size=64',
  '--permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--allow-addons',
  '--allow-worker',
  '--disable-warning=SecurityWarning',
  '--conditions=sotto-source',
  join(import.meta.dirname, 'task-in-child.ts'),
];
/** The shell becomes strace, so that it is the program's parent: the system lets it trace no others. */
const SCRIPT = `
ready="$1"; thread="$2"; trace="$3"; log="$4"; inject="$5"; shift 5
"$@" &
tries=0
until [ -s "$ready" ]; do tries=$((tries + 1)); [ $tries -gt 6000 ] && exit 1; sleep 0.01; done
set -- $(cat "$ready")
[ "$thread" = pool ] && shift
exec strace -qq -y -o "$log" -e "trace=$trace" \${inject:+-e "inject=$inject"} -p "$1"`;

type PlayOptions = {
  /** Of the program: a folder that it works in, and what it does there. */
  readonly args: readonly string[];
  /** A path that nothing has: for files of this call alone. */
  readonly beside: string;
  readonly thread: ThreadName;
  /** With its Node. Default: that of the scripted tasks. */
  readonly program?: readonly string[];
  /** Of strace: `write:signal=KILL:when=3`. Default: nothing fails. */
  readonly inject?: string;
};

/** Plays the program to its end, or to its death. */
export async function playStraced({
  args,
  beside,
  thread,
  program = PROGRAM,
  inject = '',
}: PlayOptions): Promise<Outcome> {
  const ready = `${beside}.ready`;
  const log = `${beside}.strace`;
  const child = spawn('sh', ['-c', SCRIPT, 'sh', ready, thread, CALLS, log, inject, ...program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE, UV_THREADPOOL_SIZE: '1', SOTTO_READY: ready },
  });
  const outcome = await outcomeOf(child);
  const injected = (await readFile(log, 'utf8')).split('\n').find((line) => line.endsWith('(INJECTED)'));
  return { ...outcome, ...(injected !== undefined && { injected }) };
}

/** What a program says until it ends. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  if (!child.stdout || !child.stderr) throw new Error('the program has no output');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const lines = out
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
  return { lines, err };
}

/** Every call by which a whole run changes the disk. */
export async function faultPoints(options: Omit<PlayOptions, 'inject'>): Promise<readonly FaultPoint[]> {
  const { thread, beside } = options;
  await playStraced(options);
  const counts = new Map<string, number>();
  return (await readFile(`${beside}.strace`, 'utf8')).split('\n').flatMap((line) => {
    const call = /^(?<call>\w+)\(/.exec(line)?.groups?.call;
    if (call === undefined) return [];
    const when = (counts.get(call) ?? 0) + 1;
    counts.set(call, when);
    const isOfNoFile =
      isOfNone(line) || line.includes(NODE_COMPILE_CACHE) || (call === 'openat' && !line.includes('O_CREAT'));
    return isOfNoFile ? [] : [{ thread, call, when, shown: line }];
  });
}

/** Whether a call does nothing with a file: it wakes another thread, or says something. */
export const isOfNone = (shown: string): boolean => /^\w+\(\d+<(anon_inode|pipe|socket):/.test(shown);
