import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SealState } from '../../src/seal/seal-state.ts';

const sealFile = path.resolve(import.meta.dirname, '../../src/seal/seal-state.ts');
const GRANTS = ['fs-read=*', 'fs-write=*', 'addons', 'child-process', 'worker'].map(
  (grant) => `--allow-${grant}`,
);

/**
 * Everything that a program could reach the network with, on 127.0.0.1 only, against a server that listens there.
 * Tells for each how it ended: `reached`, or the code of the error.
 */
const PROBES = `
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
const port = Number(process.env.PORT);
const codeOf = (error) => error?.cause?.code ?? error?.code ?? String(error);
const settle = (start) => new Promise((resolve) => {
  try { start(() => resolve('reached'), (error) => resolve(codeOf(error))); } catch (error) { resolve(codeOf(error)); }
});
const childCode = 'fetch("http://127.0.0.1:" + process.env.PORT).then(() => console.log("reached"), (e) => console.log(e.cause?.code ?? e.code))';
const results = {
  fetch: await settle((yes, no) => fetch('http://127.0.0.1:' + port).then(yes, no)),
  'net.connect': await settle((yes, no) => { const s = net.connect(port, '127.0.0.1', () => { s.destroy(); yes(); }); s.on('error', no); }),
  'dns.lookup': await settle((yes, no) => dns.lookup('localhost', (error) => (error ? no(error) : yes()))),
  dgram: await settle((yes, no) => { const s = dgram.createSocket('udp4'); s.on('error', no); s.send('x', port, '127.0.0.1', (error) => { s.close(); error ? no(error) : yes(); }); }),
  'a child node': spawnSync(process.execPath, ['-e', childCode], { encoding: 'utf8' }).stdout.trim(),
  'a child node with an empty environment': spawnSync(process.execPath, ['-e', childCode.replace('process.env.PORT', port)], { encoding: 'utf8', env: {} }).stdout.trim(),
};
console.log(JSON.stringify(results));
process.exit();
`;

/** Listens in a process that is not sealed, and runs the probes in one that has these flags. */
function probe(flags: string[]): Record<string, string> {
  const code = `
    const server = require('node:http').createServer((_, answer) => answer.end('here'));
    server.listen(0, '127.0.0.1', () => {
      const flags = ${JSON.stringify([...flags, '--input-type=module', '-e', PROBES])};
      const env = { ...process.env, PORT: String(server.address().port) };
      const child = require('node:child_process').spawn(process.execPath, flags, { env, stdio: ['ignore', 'inherit', 'inherit'] });
      child.on('exit', () => process.exit());
    });`;
  return JSON.parse(spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 30_000 }).stdout);
}

function stateUnder(flags: string[]): SealState {
  const code = `import { sealState } from ${JSON.stringify(sealFile)}; console.log(JSON.stringify(sealState()));`;
  const child = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  return JSON.parse(child.stdout);
}

describe('the state of the seal', () => {
  test.each([
    ['none', 'without flags', []],
    ['none', 'when the network is granted', ['--permission', ...GRANTS, '--allow-net']],
    ['node-permission', 'when it is not', ['--permission', ...GRANTS]],
    ['node-permission', 'when nothing is granted but reading', ['--permission', '--allow-fs-read=*']],
  ])('is %s %s', (mechanism, _, flags) => {
    expect(stateUnder(flags).mechanism).toBe(mechanism);
  });

  test('claims no more than the mechanism does', () => {
    expect(stateUnder(['--permission', ...GRANTS]).sentence).toMatch(/a seat belt, not a proof/);
    expect(stateUnder([]).sentence).toMatch(/^Nothing keeps this process from the network\./);
    expect(stateUnder(['--permission', ...GRANTS, '--allow-net']).sentence).toMatch(/may use the network/);
  });
});

describe('the flags that the state is told from', () => {
  const open = probe([]);
  const sealed = probe(['--permission', ...GRANTS]);

  test.each(Object.keys(open))('refuse %s, which works without them', (way) => {
    expect({ open: open[way], sealed: sealed[way] }).toEqual({
      open: 'reached',
      sealed: 'ERR_ACCESS_DENIED',
    });
  });
});

/** What the flags also take away, without a word in Node's documentation. Where this fails, Node has changed. */
const FILE_PROBES = `
import fs from 'node:fs';
const file = process.env.FILE;
const { O_WRONLY, O_CREAT, O_DSYNC } = fs.constants;
const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
const fd = fs.openSync(file, O_WRONLY | O_CREAT | O_DSYNC);
console.log(JSON.stringify({
  fsync: attempt(() => fs.fsyncSync(fd)),
  flush: attempt(() => fs.writeFileSync(file, 'x', { flush: true })),
  fchmod: attempt(() => fs.fchmodSync(fd, 0o600)),
  'a write to a file that is open with O_DSYNC': attempt(() => fs.writeSync(fd, 'durable')),
}));
`;

test('the flags refuse fsync whatever may be written, so that what must be durable is written with O_DSYNC', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sotto-seal-'));
  const env = { ...process.env, FILE: path.join(folder, 'file') };
  const args = ['--permission', ...GRANTS, '--input-type=module', '-e', FILE_PROBES];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  fs.rmSync(folder, { recursive: true });
  expect(JSON.parse(stdout)).toEqual({
    fsync: 'ERR_ACCESS_DENIED',
    flush: 'ERR_ACCESS_DENIED',
    fchmod: 'ERR_ACCESS_DENIED',
    'a write to a file that is open with O_DSYNC': 'done',
  });
});
