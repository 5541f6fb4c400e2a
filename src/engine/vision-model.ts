import { type ChildProcess, fork } from 'node:child_process';
import { EngineCrashError, GenerationError } from '../errors.ts';
import type { PagePicture, VisionModel } from '../readers/vision.ts';
import type { FromVision, ToVision, VisionOptions } from './vision-protocol.ts';

/** A vision model in a process of its own, which starts with the first picture and is kept. Needs the package
 * @fugood/llama.node, which Sotto does not install. */
export function createVisionModel(options: VisionOptions): VisionModel {
  let child: ChildProcess | undefined;
  let lastPicture: Promise<unknown> = Promise.resolve();

  const end = async () => {
    child?.kill('SIGKILL');
    child = undefined;
  };

  const read = async (picture: PagePicture, signal: AbortSignal | undefined): Promise<string> => {
    signal?.throwIfAborted();
    child ??= start(options);
    const answer = await untilAnswered(child, picture, signal).catch(async (error: unknown) => {
      await end();
      throw error;
    });
    if (answer.type === 'failed') throw new GenerationError({ problem: answer.problem });
    return answer.text;
  };

  return {
    read: (picture, { signal } = {}) => {
      const answer = lastPicture.then(() => read(picture, signal));
      lastPicture = answer.catch(() => undefined);
      return answer;
    },
    end,
  };
}

function start(options: VisionOptions): ChildProcess {
  const child = fork(new URL(`./vision-process${import.meta.filename.slice(-3)}`, import.meta.url), {
    // llama.cpp writes its log there.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: process.platform !== 'win32',
    serialization: 'advanced',
  });
  child.send({ type: 'load', options } satisfies ToVision);
  return child;
}

async function untilAnswered(
  child: ChildProcess,
  { png, question }: PagePicture,
  signal: AbortSignal | undefined,
): Promise<FromVision> {
  const { promise, resolve, reject } = Promise.withResolvers<FromVision>();
  const exit = (code: number | null, by: string | null) =>
    reject(new EngineCrashError({ exit: by ?? `exit code ${code}` }));
  const abort = () => reject(signal?.reason);
  child.once('message', resolve).once('exit', exit).once('error', reject);
  signal?.addEventListener('abort', abort, { once: true });
  child.send({ type: 'read', png, question } satisfies ToVision);
  try {
    return await promise;
  } finally {
    child.off('message', resolve).off('exit', exit).off('error', reject);
    signal?.removeEventListener('abort', abort);
  }
}
