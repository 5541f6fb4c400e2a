import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/readers/limits.ts';
import { listZip } from '../../../src/readers/office/list-zip.ts';
import { openZip, packAgain, type ZipLimits } from '../../../src/readers/office/open-zip.ts';
import { zip } from './zip-files.ts';

const problemOf = (bytes: Uint8Array, limits: Partial<ZipLimits> = {}) => {
  const opened = openZip(bytes, { ...DEFAULT_LIMITS, ...limits });
  return opened.ok ? undefined : opened.problem;
};

/** Where a signature stands in an archive, from its end. */
const lastOf = (bytes: Uint8Array, signature: string): number =>
  Buffer.from(bytes).lastIndexOf(signature, 'latin1');

function changed(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  return copy;
}

describe('openZip', () => {
  test('reads entries, packed and stored, behind other bytes too', () => {
    const packed = zipSync({
      'a/b.txt': Buffer.from('x'.repeat(1000)),
      'c.txt': [Buffer.from('y'), { level: 0 }],
    });
    const opened = openZip(new Uint8Array([...Buffer.from('#!/bin/sh\n'), ...packed]), DEFAULT_LIMITS);
    if (!opened.ok) throw new Error(opened.problem.sentence);
    expect([...opened.zip.names]).toEqual(['a/b.txt', 'c.txt']);
    expect(opened.zip.read('a/b.txt')).toEqual({
      ok: true,
      bytes: new Uint8Array(Buffer.from('x'.repeat(1000))),
    });
    expect(opened.zip.read('c.txt')).toMatchObject({ ok: true });
    expect(opened.zip.read('d.txt')).toMatchObject({ ok: false, problem: { code: 'damaged' } });
  });

  test.each([
    ['too many entries', zip({ a: '', b: '', c: '' }), { zipEntries: 2 }, 'bomb'],
    ['too much unpacked', zip({ a: 'x'.repeat(2000) }), { zipBytes: 1000 }, 'bomb'],
    ['a ratio that no document has', zip({ a: new Uint8Array(21_000_000) }), {}, 'bomb'],
    ['a name that leads outside', zip({ 'a/../../b': 'x' }), {}, 'damaged'],
    ['a name from the root', zip({ '/etc/passwd': 'x' }), {}, 'damaged'],
    ['a name on a drive', zip({ 'C:\\b': 'x' }), {}, 'damaged'],
    ['a directory that is cut off', zip({ a: 'x' }).slice(0, -10), {}, 'cut-off'],
  ])('refuses %s', (_, bytes, limits, code) => {
    expect(problemOf(bytes, limits)).toMatchObject({ code });
  });

  test('refuses the same name twice', () => {
    const twice = changed(zip({ a1: 'x', a2: 'y' }), (view) => {
      for (const at of [0, 1].map((n) => Buffer.from(view.buffer).indexOf(`a${n + 1}`, 60)))
        view.setUint8(at + 1, 49);
      view.setUint8(lastOf(new Uint8Array(view.buffer), 'a2') + 1, 49);
    });
    expect(problemOf(twice)).toMatchObject({ code: 'damaged', sentence: expect.stringContaining('twice') });
  });

  test('refuses what is encrypted', () => {
    const bytes = zip({ a: 'x' });
    const locked = changed(bytes, (view) => view.setUint8(lastOf(bytes, 'PK\x01\x02') + 8, 1));
    expect(problemOf(locked)).toMatchObject({ code: 'password-needed' });
  });

  test('unpacks no more than the limit, whatever the directory promises', () => {
    const bytes = zip({ a: new Uint8Array(5_000_000) });
    const lying = changed(bytes, (view) => view.setUint32(lastOf(bytes, 'PK\x01\x02') + 24, 10, true));
    const opened = openZip(lying, { ...DEFAULT_LIMITS, zipBytes: 1_000_000 });
    expect(opened.ok && opened.zip.read('a')).toMatchObject({ ok: false, problem: { code: 'bomb' } });
  });

  test('counts what all reads unpack together', () => {
    const opened = openZip(zip({ a: 'x'.repeat(600), b: 'y'.repeat(300) }), {
      ...DEFAULT_LIMITS,
      zipBytes: 1000,
    });
    if (!opened.ok) throw new Error(opened.problem.sentence);
    expect(opened.zip.read('a').ok).toBe(true);
    expect(opened.zip.read('a')).toMatchObject({ problem: { code: 'bomb' } });
    expect(opened.zip.read('b').ok).toBe(true);
  });

  test('refuses an entry whose bytes were changed', () => {
    const bytes = zipSync({ a: [Buffer.from('hello'), { level: 0 }] });
    const broken = changed(bytes, (view) => view.setUint8(Buffer.from(bytes).indexOf('hello'), 74));
    const opened = openZip(broken, DEFAULT_LIMITS);
    expect(opened.ok && opened.zip.read('a')).toMatchObject({ ok: false, problem: { code: 'damaged' } });
  });

  test('packs again only what is needed', () => {
    const opened = openZip(zip({ a: 'x', b: 'y', c: 'z' }), DEFAULT_LIMITS);
    if (!opened.ok) throw new Error(opened.problem.sentence);
    const packed = packAgain(opened.zip, (name) => name !== 'b', new Map([['c', 'new']]));
    const again = packed.ok ? openZip(packed.bytes, DEFAULT_LIMITS) : undefined;
    if (!again?.ok) throw new Error('not packed');
    expect([...again.zip.names]).toEqual(['a', 'c']);
    expect(again.zip.read('c')).toEqual({ ok: true, bytes: new Uint8Array(Buffer.from('new')) });
  });

  test('no change of bytes makes it throw', () => {
    const good = zip({ 'a.txt': 'some text '.repeat(20), 'b/c.txt': 'more' });
    const place = fc.nat(good.length - 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 8 }),
        fc.option(place),
        (changes, end) => {
          const bytes = good.slice(0, end ?? good.length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const listed = listZip(bytes);
          const opened = openZip(bytes, DEFAULT_LIMITS);
          if (opened.ok) for (const name of opened.zip.names) opened.zip.read(name);
          expect(listed.ok || !opened.ok).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
