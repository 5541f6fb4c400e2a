// Makes dist/ from src, tools and agents: `npm run build`, and npm itself before it packs. Nothing stays of an older
// build, and nothing at all of one that failed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const checkout = dirname(import.meta.dirname);
const dist = join(checkout, 'dist');
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

fs.rmSync(dist, { recursive: true, force: true });
const { status, error } = spawnSync(
  process.execPath,
  [join(typescript, 'bin/tsc'), '-p', 'tsconfig.build.json'],
  { cwd: checkout, stdio: 'inherit' },
);
if (error) console.error(`tsc could not be started: ${error.message}`);
if (status !== 0) fs.rmSync(dist, { recursive: true, force: true });
process.exitCode = status ?? 1;
