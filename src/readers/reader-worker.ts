/**
 * The worker thread that readers run in: a file can make a library take all memory, never return, or fail where nobody
 * catches it, and then only this thread ends. It keeps its libraries and the OCR program between files.
 */
import { parentPort } from 'node:worker_threads';
import type { createOcr } from './ocr/create-ocr.ts';
import { readBytes } from './read-bytes.ts';
import type { Recognize } from './reader.ts';
import type { FromThread, Job, ToThread } from './thread-protocol.ts';

if (!parentPort) throw new Error('reader-worker.ts runs as a worker thread only.');
const port = parentPort;
const tell = (message: FromThread) => port.postMessage(message);

let current = new AbortController();
let ocr: { readonly languages: string; readonly program: ReturnType<typeof createOcr> } | undefined;

// pdf.js rejects promises that nobody holds when a file is damaged; the one that we wait for rejects too, or a limit
// of time ends it.
process.on('unhandledRejection', () => {});

port.on('message', (message: ToThread) => {
  if (message.type === 'stop') current.abort(new Error('stopped'));
  else void work(message).finally(() => tell({ type: 'end' }));
});
tell({ type: 'ready' });

async function work(job: Job): Promise<void> {
  current = new AbortController();
  if (job.type === 'draw') await draw(job);
  else await read(job, current.signal);
}

async function read({ bytes, options, limits }: Job & { type: 'read' }, signal: AbortSignal): Promise<void> {
  const recognize = recognizer(options.languages);
  const parts = readBytes(bytes, { options, limits, recognize, depth: 0, signal }, (kind) =>
    tell({ type: 'kind', kind }),
  );
  for await (const part of parts) {
    if (signal.aborted) return;
    tell({ type: 'part', part });
  }
}

async function draw({ bytes, options, limits }: Job & { type: 'draw' }): Promise<void> {
  const { drawEvidence } = await import('./draw-evidence.ts');
  tell({ type: 'drawn', drawn: await drawEvidence(bytes, options, limits) });
}

function recognizer(languages: readonly string[]): Recognize {
  return async (raster, signal) => {
    tell({ type: 'ocr', running: true });
    try {
      return await (await ocrFor(languages)).recognize(raster, signal);
    } finally {
      tell({ type: 'ocr', running: false });
    }
  };
}

async function ocrFor(languages: readonly string[]): Promise<ReturnType<typeof createOcr>> {
  const wanted = languages.join('+');
  if (ocr?.languages === wanted) return ocr.program;
  await ocr?.program.end();
  const { createOcr } = await import('./ocr/create-ocr.ts');
  ocr = { languages: wanted, program: createOcr({ languages }) };
  return ocr.program;
}
