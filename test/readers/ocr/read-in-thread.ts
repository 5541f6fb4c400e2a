/** A program that reads a picture in a worker thread, as Sotto does, and prints what was recognized. */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createOcr } from '../../../src/readers/ocr/create-ocr.ts';

if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url), { workerData: JSON.parse(process.argv[2] ?? '{}') });
  thread.on('message', (recognized) => console.log(JSON.stringify(recognized)));
} else {
  const ocr = createOcr({ languages: ['eng'] });
  const { path, ...shape } = workerData;
  parentPort?.postMessage(await ocr.recognize({ bytes: new Uint8Array(readFileSync(path)), ...shape }));
  await ocr.end();
}
