import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  scryptSync,
} from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { VaultError } from '../../src/errors.ts';
import { openFacts } from '../../src/memory/facts.ts';
import { isEncrypted, vaultOf } from '../../src/memory/vault.ts';
import { createVault } from '../../src/memory/vault-change.ts';
import { fingerprintOf, identityPath, vaultFilePath } from '../../src/memory/vault-files.ts';
import { changePassphrase, unlock } from '../../src/memory/vault-keys.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const CHEAP = { workFactor: 1 };
const TEXT = '{"said":"Grüße, 二, \u2028 and a quote \\""}';

async function createSealed(passphrase = 'one two') {
  const folder = await tempFolder();
  const home = join(folder, '.sotto');
  createVault(home, passphrase, CHEAP);
  return { folder, home, vault: vaultOf(home) };
}

describe('a vault', () => {
  test('gives back what it was given, and never writes it in the open', async () => {
    const { vault } = await createSealed();
    for (const length of [0, 1, 47, 48, 49, 65_535, 65_536, 65_537, 200_000]) {
      const content = Buffer.alloc(length, 'canary ');
      const sealed = vault.sealFile(content);
      expect(Buffer.from(sealed).includes('canary')).toBe(false);
      expect(Buffer.compare(vault.openFile(sealed), content)).toBe(0);
    }
    const line = vault.sealLine(TEXT);
    expect(line).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(vault.openLine(line)).toBe(TEXT);
    // The same text is never encrypted to the same bytes.
    expect(vault.sealLine(TEXT)).not.toBe(line);
  });

  test('takes nothing for what it wrote in which one byte is another', async () => {
    const { vault } = await createSealed();
    const sealed = Buffer.from(vault.sealFile(Buffer.from('{"facts":["one"]}')));
    const line = Buffer.from(vault.sealLine(TEXT));
    for (let at = 0; at < sealed.length; at += 1)
      expect(() => vault.openFile(flip(sealed, at))).toThrow(VaultError);
    for (let at = 0; at < line.length; at += 1) {
      expect(() => vault.openLine(flip(line, at).toString('latin1'))).toThrow(VaultError);
    }
    for (const length of [0, 10, 100, sealed.length - 1]) {
      expect(() => vault.openFile(sealed.subarray(0, length))).toThrow(VaultError);
    }
    expect(() => vault.openFile(Buffer.concat([sealed, Buffer.from('\n')]))).toThrow(VaultError);
    // The letters after the last bit, which most readers pass over.
    const padded =
      ['x', 'xx', 'xxx'].map(vault.sealLine).find((sealedLine) => sealedLine.endsWith('=')) ?? '';
    expect(vault.openLine(padded)).toMatch('x');
    const changed = padded.replace(/(.)(=+)$/, (_, last, end) => `${next(last)}${end}`);
    expect(Buffer.from(changed, 'base64')).toEqual(Buffer.from(padded, 'base64'));
    expect(() => vault.openLine(changed)).toThrow(VaultError);
  });

  test('tells what is not encrypted, of another identity, or damaged', async () => {
    const { vault } = await createSealed();
    const { vault: other } = await createSealed();
    const sealed = Buffer.from(vault.sealFile(Buffer.from('one')));
    expect(() => vault.openFile(Buffer.from('{"facts":[]}'))).toThrow('is not encrypted');
    expect(() => vault.openLine('{"seq":1}')).toThrow('is not encrypted');
    expect(() => other.openFile(sealed)).toThrow('belongs to another identity');
    expect(() => vault.openFile(flip(sealed, sealed.length - 40))).toThrow('is damaged');
  });

  test('is that of the folder, by whatever path, and is unlocked once for a program', async () => {
    const { folder, home, vault } = await createSealed();
    symlinkSync(home, join(folder, 'link'));
    expect(vaultOf(join(folder, 'link'))).toBe(vault);
    const copy = join(folder, 'copy');
    cpSync(home, copy, { recursive: true });
    expect(() => vaultOf(copy)).toThrow(
      /copy is encrypted, and its passphrase was not given\. Nothing was read or written\./,
    );
    unlock(copy, 'one two');
    expect(vaultOf(copy).openLine(vault.sealLine(TEXT))).toBe(TEXT);
    expect(() => vaultOf(join(folder, 'nothing')).sealLine('x')).not.toThrow();
    expect(isEncrypted(join(folder, 'nothing'))).toBe(false);
    expect(() => unlock(join(folder, 'nothing'), 'x')).toThrow('is not encrypted');
  });
});

describe('a passphrase', () => {
  test('that is wrong is told from an identity that is damaged, gone or of another folder', async () => {
    const { home } = await createSealed();
    const { home: other } = await createSealed('three');
    const good = readFileSync(identityPath(home));
    const is = (sentence: string | RegExp) => expect(() => unlock(home, 'wrong')).toThrow(sentence);
    is('is wrong. Nothing was changed. Try again.');
    for (let at = 0; at < good.length; at += 1) {
      writeFileSync(identityPath(home), flip(good, at));
      is('identity.age is damaged: it is not what was written');
      expect(() => unlock(home, 'one two')).toThrow('identity.age is damaged');
    }
    writeFileSync(identityPath(home), '');
    is('is damaged');
    writeFileSync(identityPath(home), readFileSync(identityPath(other)));
    expect(() => unlock(home, 'three')).toThrow('is that of another folder');
    rmSync(identityPath(home));
    is(/identity\.age is gone\. .* Put that file back/);
    expect(() => vaultOf(home)).toThrow('identity.age is gone');
    writeFileSync(identityPath(home), good);
    writeFileSync(vaultFilePath(home), 'damage');
    is('is wrong, or its identity.age is damaged');
    unlock(home, 'one two');
    writeFileSync(vaultFilePath(home), '{"version":2}');
    is('newer version');
  });

  test('is changed, and empty is none', async () => {
    const { home, vault } = await createSealed();
    const line = vault.sealLine(TEXT);
    expect(() => changePassphrase(home, 'wrong', 'next', CHEAP)).toThrow('is wrong');
    expect(() => changePassphrase(home, 'one two', '', CHEAP)).toThrow('is empty');
    changePassphrase(home, 'one two', 'пароль 二', CHEAP);
    expect(() => unlock(home, 'one two')).toThrow('is wrong');
    unlock(home, 'пароль 二');
    expect(vaultOf(home).openLine(line)).toBe(TEXT);
    expect(JSON.parse(readFileSync(vaultFilePath(home), 'utf8')).identities).toEqual([
      fingerprintOf(readFileSync(identityPath(home))),
    ]);
    expect(() => createVault(join(home, 'other'), '', CHEAP)).toThrow('is empty');
    expect(isEncrypted(join(home, 'other'))).toBe(false);
  });
});

describe('the files', () => {
  test('are the age format, as another program reads it', async () => {
    const { home, vault } = await createSealed();
    await openFacts(home).add('the canary sings');
    const decrypter = new Decrypter();
    decrypter.addPassphrase('one two');
    const identity = await decrypter.decrypt(fromArmor(readFileSync(identityPath(home), 'utf8')), 'text');
    expect(identity).toBe(readIdentity(home, 'one two'));
    const facts = fromArmor(readFileSync(join(home, 'facts.json'), 'utf8'));
    expect(openAge(facts, identity)).toContain('the canary sings');
    expect(openAge(Buffer.from(vault.sealLine(TEXT), 'base64'), identity)).toBe(TEXT);
  });

  test('that others encrypted to the identity are read', async () => {
    const { home, vault } = await createSealed();
    const encrypter = new Encrypter();
    encrypter.addRecipient(JSON.parse(readFileSync(vaultFilePath(home), 'utf8')).recipient);
    const line = Buffer.from(await encrypter.encrypt(TEXT)).toString('base64');
    expect(vault.openLine(line)).toBe(TEXT);
  });

  test('of a folder that was never encrypted are as they always were', async () => {
    const home = join(await tempFolder(), '.sotto');
    mkdirSync(home);
    expect(vaultOf(home).isEncrypted).toBe(false);
    await openFacts(home).add('the canary sings');
    expect(readFileSync(join(home, 'facts.json'), 'utf8')).toContain('the canary sings');
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const next = (letter: string) => LETTERS[(LETTERS.indexOf(letter) + 1) % 64];

const fromArmor = (text: string) => Buffer.from(text.replaceAll(/-----.*-----\n/g, ''), 'base64');

/** age's format (https://age-encryption.org/v1) once more, by Node's own cryptography and without the library. */
function openAge(file: Buffer, identity: string): string {
  const { stanza, open } = parseAge(file);
  const [, kind, share = ''] = stanza.split(/[ \n]/);
  expect(kind).toBe('X25519');
  const secret = createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b656e04220420', 'hex'),
      fromBech32(/AGE-SECRET-KEY-1\S+/.exec(identity)?.[0] ?? ''),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
  const toPublic = (raw: Buffer) =>
    createPublicKey({
      key: Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), raw]),
      format: 'der',
      type: 'spki',
    });
  const shared = diffieHellman({ privateKey: secret, publicKey: toPublic(Buffer.from(share, 'base64')) });
  const own = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const salt = Buffer.concat([Buffer.from(share, 'base64'), own]);
  return open(hkdf(shared, salt, 'age-encryption.org/v1/X25519')).toString();
}

function readIdentity(home: string, passphrase: string): string {
  const { stanza, open } = parseAge(fromArmor(readFileSync(identityPath(home), 'utf8')));
  const [, kind, salt = '', logN = ''] = stanza.split(/[ \n]/);
  expect(kind).toBe('scrypt');
  const label = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), Buffer.from(salt, 'base64')]);
  return open(scryptSync(passphrase, label, 32, { N: 2 ** Number(logN), r: 8, p: 1 })).toString();
}

/** Of one stanza and at most one chunk. */
function parseAge(file: Buffer) {
  const text = file.toString('latin1');
  const [head = '', stanza = '', body = '', mac = ''] =
    /^age-encryption\.org\/v1\n(-> [^\n]+)\n([^\n]+)\n--- ([^\n]+)\n/.exec(text) ?? [];
  const open = (wrappingKey: Buffer): Buffer => {
    const fileKey = decrypt(wrappingKey, Buffer.from(body, 'base64'), Buffer.alloc(12));
    const macKey = hkdf(fileKey, Buffer.alloc(0), 'header');
    const covered = head.slice(0, head.indexOf('--- ') + 3);
    expect(createHmac('sha256', macKey).update(covered, 'latin1').digest()).toEqual(
      Buffer.from(mac, 'base64'),
    );
    const payload = file.subarray(head.length);
    const key = hkdf(fileKey, payload.subarray(0, 16), 'payload');
    return decrypt(key, payload.subarray(16), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
  };
  return { stanza, open };
}

const hkdf = (key: Buffer, salt: Buffer, label: string) =>
  Buffer.from(hkdfSync('sha256', key, salt, label, 32));

function decrypt(key: Buffer, sealed: Buffer, nonce: Buffer): Buffer {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function fromBech32(text: string): Buffer {
  const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const data = text.toLowerCase().slice(text.lastIndexOf('1') + 1, -6);
  const bits = [...data].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
