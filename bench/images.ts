/**
 * Images of other programs' test sets, without OCR: PngSuite's good ones have to be read and its broken ones refused,
 * and none may take more than 2 s or 400 MB. Run: node bench/images.ts [folder of the corpora]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEFAULT_LIMITS } from '../src/readers/limits.ts';
import { readBytes } from '../src/readers/read-bytes.ts';
import type { Part, ReadJob } from '../src/readers/reader.ts';

const corpora =
  process.argv[2] ?? process.env.SOTTO_CORPORA ?? join(import.meta.dirname, '../../shared/corpora');
if (!existsSync(corpora)) {
  console.log(`Skipped: there is no folder ${corpora}.`);
  process.exit();
}

const JOB: ReadJob = {
  options: { name: '', ocr: 'off', languages: ['eng'], gps: false },
  limits: DEFAULT_LIMITS,
  recognize: () => Promise.reject(new Error('OCR is off')),
  depth: 0,
  signal: new AbortController().signal,
};
const atStart = process.memoryUsage.rss();
let peak = atStart;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);

const suite = await measureFolder('images/pngsuite');
const isBroken = ({ file }: Measured) => file.startsWith('x');
const good = suite.filter((one) => !isBroken(one));
const broken = suite.filter(isBroken);
console.log(`PngSuite: ${good.filter((one) => one.read).length} of ${good.length} good ones read,`);
console.log(`          ${broken.filter((one) => !one.read).length} of ${broken.length} broken ones refused.`);
for (const one of good.filter(({ read }) => !read)) console.log('  not read:', one.file, one.sentence);
for (const one of broken.filter(({ read }) => read)) console.log('  read, though broken:', one.file);

const others = await measureFolder('images/pillow');
console.log(`Pillow: ${others.filter((one) => one.read).length} of ${others.length} read; refused:`);
for (const one of others.filter(({ read }) => !read)) console.log(`  ${one.file}: ${one.sentence}`);

clearInterval(watch);
const slowest = [...suite, ...others].sort((a, b) => b.seconds - a.seconds).slice(0, 3);
console.log(
  'Slowest:',
  slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(2)} s`).join(', '),
  '(aim: 2 s)',
);
const hungriest = [...suite, ...others].sort((a, b) => b.megabytes - a.megabytes).slice(0, 3);
console.log('Most memory:', hungriest.map(({ file, megabytes }) => `${file} +${megabytes} MB`).join(', '));
console.log(`Whole run: +${toMegabytes(peak - atStart)} MB (aim: 400 MB)`);

type Measured = {
  readonly file: string;
  readonly read: boolean;
  readonly sentence: string;
  readonly seconds: number;
  readonly megabytes: number;
};

async function measureFolder(folder: string): Promise<readonly Measured[]> {
  const files = readdirSync(join(corpora, folder), { recursive: true, withFileTypes: true });
  const measured: Measured[] = [];
  for (const file of files.filter((entry) => entry.isFile() && !/\.(txt|md)$/i.test(entry.name))) {
    measured.push(await measure(join(file.parentPath, file.name)));
  }
  return measured;
}

async function measure(path: string): Promise<Measured> {
  const bytes = new Uint8Array(readFileSync(path));
  const before = process.memoryUsage.rss();
  peak = Math.max(peak, before);
  const all = peak;
  peak = before;
  const started = performance.now();
  const parts: Part[] = await Array.fromAsync(
    readBytes(bytes, { ...JOB, options: { ...JOB.options, name: basename(path) } }),
  );
  const seconds = (performance.now() - started) / 1000;
  const megabytes = toMegabytes(Math.max(peak, process.memoryUsage.rss()) - before);
  peak = Math.max(peak, all);
  const refused = parts.find((part) => part.type === 'refused' || part.type === 'limit');
  return {
    file: basename(path),
    read: !refused,
    sentence: refused?.problem.sentence ?? '',
    seconds,
    megabytes,
  };
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
