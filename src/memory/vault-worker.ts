/**
 * The worker thread that holds the keys: age-encryption is asynchronous, and what is kept is written by synchronous calls,
 * so the program sleeps until this thread rings its bell.
 */
import { workerData } from 'node:worker_threads';
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { SealedForm, VaultAnswer, VaultPort, VaultProblem, VaultRequest } from './vault-protocol.ts';

type Key = {
  readonly identity: string;
  readonly recipient: string;
  readonly encrypter: Encrypter;
  readonly decrypter: Decrypter;
};

const { port, bell } = workerData as VaultPort;
const keys: Key[] = [];

/** The first bytes of an age file, and of one that is armored. */
const MAGIC = Buffer.from('age-encryption.org/v1\n');
const ARMOR = Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\n');

port.on('message', async (request: VaultRequest) => {
  const answer = await work(request).catch(
    (error: unknown): VaultAnswer =>
      error instanceof Unreadable
        ? { type: 'problem', problem: error.problem }
        : { type: 'failed', reason: String(error) },
  );
  port.postMessage(answer);
  ring();
});
// It has started, and can be asked.
ring();

function ring(): void {
  Atomics.store(bell, 0, 1);
  Atomics.notify(bell, 0);
}

class Unreadable extends Error {
  readonly problem: VaultProblem;
  constructor(problem: VaultProblem) {
    super(problem);
    this.problem = problem;
  }
}

async function work(request: VaultRequest): Promise<VaultAnswer> {
  if (request.type === 'new-key') return keep(await generateX25519Identity());
  if (request.type === 'open-key') return openKey(request);
  if (request.type === 'seal-key') return sealKey(request);
  if (request.type === 'seal') {
    const sealed = await keyOf(request.key).encrypter.encrypt(request.content);
    return { type: 'bytes', bytes: toForm(sealed, request.form) };
  }
  const { decrypter } = keyOf(request.key);
  return { type: 'bytes', bytes: await decrypt(decrypter, fromForm(request.sealed, request.form)) };
}

function keyOf(number: number): Key {
  const key = keys[number];
  if (!key) throw new Error(`there is no key ${number}`);
  return key;
}

async function keep(identity: string): Promise<VaultAnswer> {
  const recipient = await identityToRecipient(identity);
  const known = keys.findIndex((key) => key.identity === identity);
  if (known >= 0) return { type: 'key', key: known, recipient };
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return { type: 'key', key: keys.push({ identity, recipient, encrypter, decrypter }) - 1, recipient };
}

async function sealKey({
  key,
  passphrase,
  workFactor,
}: VaultRequest & { readonly type: 'seal-key' }): Promise<VaultAnswer> {
  const { identity, recipient } = keyOf(key);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  const sealed = await encrypter.encrypt(`# public key: ${recipient}\n${identity}\n`);
  return { type: 'bytes', bytes: toForm(sealed, 'age') };
}

async function openKey({
  sealed,
  passphrase,
}: VaultRequest & { readonly type: 'open-key' }): Promise<VaultAnswer> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const text = Buffer.from(await decrypt(decrypter, fromForm(sealed, 'age'))).toString('utf8');
  const identity = /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0];
  if (identity === undefined) throw new Unreadable('damaged');
  return keep(identity).catch(() => {
    throw new Unreadable('damaged');
  });
}

async function decrypt(decrypter: Decrypter, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    // The library's own words for it: it has no code.
    throw new Unreadable(String(error).includes('no identity matched') ? 'other-key' : 'damaged');
  }
}

function toForm(sealed: Uint8Array, form: SealedForm): Buffer {
  return Buffer.from(form === 'age' ? armor.encode(sealed) : Buffer.from(sealed).toString('base64'));
}

/** Strict: other letters for the same bytes are damage too, else something could be changed and nobody would be told. */
function fromForm(bytes: Uint8Array, form: SealedForm): Uint8Array {
  const text = Buffer.from(bytes);
  const isArmored = text.subarray(0, ARMOR.length).equals(ARMOR);
  if (form === 'age' && !isArmored) throw new Unreadable('not-sealed');
  const sealed = form === 'age' ? fromArmor(text) : Buffer.from(text.toString('latin1'), 'base64');
  if (form === 'line' && !sealed.subarray(0, MAGIC.length).equals(MAGIC)) throw new Unreadable('not-sealed');
  if (!toForm(sealed, form).equals(text)) throw new Unreadable('damaged');
  return sealed;
}

function fromArmor(text: Buffer): Buffer {
  try {
    return Buffer.from(armor.decode(text.toString('latin1')));
  } catch {
    throw new Unreadable('damaged');
  }
}
