import fs from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { ModelLoadError } from '../errors.ts';
import { type GgufHeader, readGgufHeader } from './gguf-header.ts';
import { problemOfDisguise } from './problem-of-disguise.ts';

/**
 * Makes sure that a file is a model that Sotto can run, as far as its header tells, without loading it. Throws
 * `ModelLoadError`, whose message says in one line what is wrong and what to do.
 */
export async function checkModelFile(path: string): Promise<GgufHeader> {
  const header = await readHeader(path).catch(async (cause) => {
    if (cause instanceof ModelLoadError || !cause.code) throw cause;
    throw new ModelLoadError({ path, problem: await explain(path, cause), cause });
  });
  const problem = problemOfKind(header) ?? problemOfContents(header);
  if (problem) throw new ModelLoadError({ path, problem });
  return header;
}

async function readHeader(path: string): Promise<GgufHeader> {
  const beginning = await readBeginning(path);
  if (beginning.startsWith('GGUF')) return readGgufHeader(path);
  throw new ModelLoadError({ path, problem: problemOfDisguise(beginning) });
}

/** The first bytes as text, one character for each. */
async function readBeginning(path: string): Promise<string> {
  const stat = await fs.stat(path);
  if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  // Opening a pipe would wait for whoever writes into it.
  if (!stat.isFile()) throw Object.assign(new Error('not a file'), { code: 'ENOTFILE' });
  await using file = await fs.open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

/** Why the system would not give the file. */
async function explain(path: string, error: NodeJS.ErrnoException): Promise<string> {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no such file. ${await nameModelsIn(dirname(path))}`;
    case 'EISDIR':
      return `it is a folder. ${await nameModelsIn(path)}`;
    case 'ENOTFILE':
      return 'it is a device or a pipe. Name a .gguf file.';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it. Change its permissions, or those of its folder.';
    default:
      return `it cannot be read (${error.code}). Check the path and the disk.`;
  }
}

const MOST_NAMED = 5;

async function nameModelsIn(folder: string): Promise<string> {
  const names = await fs.readdir(folder).catch(() => []);
  // A name with control characters in it would have to be quoted to be typed, and may not reach a terminal.
  const models = names
    .filter((name) => extname(name).toLowerCase() === '.gguf' && !/\p{C}/u.test(name))
    .sort();
  if (models.length === 0) return `There is no .gguf file in ${resolve(folder)}: check the path.`;
  const more = models.length > MOST_NAMED ? ` and ${models.length - MOST_NAMED} more` : '';
  const named = models.slice(0, MOST_NAMED).map((name) => join(folder, name));
  return `What is there: ${named.join(', ')}${more}.`;
}

const ARCHITECTURES = ['qwen35', 'qwen35moe'];

/** A sound file, but not what Sotto runs. */
function problemOfKind({ architecture, splitCount }: GgufHeader): string | undefined {
  if (architecture === 'clip') {
    return 'it is the part of a model that sees images (mmproj). Name the model that it belongs to.';
  }
  if (splitCount > 1) {
    return `it is one of ${splitCount} parts. Join them with "llama-gguf-split --merge", or download it in one file.`;
  }
  if (ARCHITECTURES.includes(architecture)) return undefined;
  const kind = /^[\w.-]{1,40}$/.test(architecture) ? `a ${architecture} model` : 'a model of an unknown kind';
  return `it is ${kind}; Sotto runs Qwen 3.5 (${ARCHITECTURES.join(', ')}).`;
}

/** The right kind, but not whole. */
function problemOfContents(header: GgufHeader): string | undefined {
  const { fileBytes, expectedFileBytes, tensorCount } = header;
  if (fileBytes < expectedFileBytes) {
    return `it is incomplete: ${partOf(fileBytes, expectedFileBytes)} are here. Download it again.`;
  }
  if (tensorCount === 0) return 'it has no weights, only a vocabulary. Download the whole model.';
  const special = new Set(header.specialTokens.map(({ text }) => text));
  if (!special.has('<|im_start|>') || !special.has('<|im_end|>') || header.eosTokenId >= header.tokenCount) {
    return 'it has no tokenizer of a Qwen model. Download another version of it.';
  }
  const wrong = Object.entries({ contextLength: header.contextLength, ...header.shape }).find(
    ([key, value]) => value < 1 || value > (LIMITS[key] ?? 2 ** 24),
  );
  return wrong && `it is damaged (its ${wrong[0]} is ${wrong[1]}). Download it again.`;
}

/** More blocks than 512 end llama.cpp's process. */
const LIMITS: Readonly<Record<string, number>> = { contextLength: 2 ** 31, blockCount: 512 };

/** With as many digits as it takes to tell the two apart. */
function partOf(here: number, whole: number): string {
  const [unit, size] = whole >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const);
  for (let digits = 1; digits <= 3; digits += 1) {
    const [a, b] = [here, whole].map((bytes) => (bytes / size).toFixed(digits));
    if (a !== b) return `${a} of ${b} ${unit}`;
  }
  return `${here} of ${whole} bytes`;
}
