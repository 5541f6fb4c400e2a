/** Random weights in the true shape of Qwen 3.5 0.8B, for speed and memory: made once, kept under bench/.cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '.cache');
const SHAPE_PROGRAM = resolve(import.meta.dirname, '../../shared/tiny-model/make_shape.py');
const SOURCES = resolve(import.meta.dirname, '../node_modules/node-llama-cpp/llama/gitRelease.bundle');

/** The file's path. Needs git and Python with numpy; `SOTTO_SHAPE_0_8B` may name a file made elsewhere. */
export function randomModel(): string {
  const path = process.env.SOTTO_SHAPE_0_8B ?? resolve(CACHE, 'qwen35-0.8b-random.gguf');
  if (existsSync(path)) return path;
  if (!existsSync(SHAPE_PROGRAM))
    throw new Error(`${SHAPE_PROGRAM} is not here: name a model file in SOTTO_SHAPE_0_8B`);
  mkdirSync(CACHE, { recursive: true });
  const sources = resolve(CACHE, 'llama.cpp');
  if (!existsSync(sources)) execFileSync('git', ['clone', '--quiet', SOURCES, sources], { stdio: 'ignore' });
  const env = {
    ...process.env,
    GGUF_PY: resolve(sources, 'gguf-py'),
    VOCAB: resolve(sources, 'models/ggml-vocab-qwen35.gguf'),
    TEMPLATE: resolve(sources, 'models/templates/Qwen3.5-4B.jinja'),
  };
  execFileSync('/usr/bin/python3', [SHAPE_PROGRAM, '0.8b', `${path}.part`], { env, stdio: 'inherit' });
  renameSync(`${path}.part`, path);
  return path;
}
