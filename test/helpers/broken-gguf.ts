/** Small GGUF files: a sound one, and the same broken in as many ways as were thought of. */

const U8 = 0;
const U32 = 4;
const I32 = 5;
const TEXT = 8;
const LIST = 9;
const F32 = 0;
const Q8_0 = 8;

/** `keyBytes`: how long the key claims to be. */
type Entry = { readonly key: string; readonly value: Buffer; readonly keyBytes?: bigint };
type Tensor = {
  name: string;
  dimensions: (number | bigint)[];
  type: number;
  offset: number | bigint;
  bytes: number;
};
type Gguf = {
  magic: string;
  version: Buffer;
  tensorCount?: bigint;
  keyCount?: bigint;
  entries: Entry[];
  tensors: Tensor[];
  alignment: number;
};

export type BrokenModel = {
  readonly name: string;
  readonly bytes: Buffer;
  /** The file is this long, with zeros (that take no space on disk) after `bytes`. */
  readonly fileBytes?: number;
  /** What the sentence says, after the path. */
  readonly says: string | RegExp;
};

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number | bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const textBytes = (text: string) => Buffer.concat([u64(Buffer.byteLength(text)), Buffer.from(text)]);
const typed = (type: number, ...bytes: readonly Buffer[]) => Buffer.concat([u32(type), ...bytes]);
const list = (itemType: number, count: number | bigint, ...items: readonly Buffer[]) =>
  typed(LIST, u32(itemType), u64(count), ...items);

const text = (key: string, value: string): Entry => ({ key, value: typed(TEXT, textBytes(value)) });
const number = (key: string, value: number): Entry => ({ key, value: typed(U32, u32(value)) });

const TOKENS = ['a', '<|im_start|>', '<|im_end|>', '<think>', '?'];
const TOKEN_TYPES = [1, 3, 3, 4, 2];

/** What `soundModel` writes; the variants change a fresh copy of it. */
function describeModel(): Gguf {
  return {
    magic: 'GGUF',
    version: u32(3),
    alignment: 32,
    entries: [
      text('general.architecture', 'qwen35'),
      text('general.name', 'sound'),
      number('qwen35.context_length', 8192),
      number('qwen35.block_count', 8),
      number('qwen35.embedding_length', 32),
      number('qwen35.attention.head_count', 4),
      { key: 'qwen35.attention.head_count_kv', value: list(U32, 4, u32(0), u32(2), u32(0), u32(2)) },
      number('qwen35.attention.key_length', 16),
      number('qwen35.attention.value_length', 16),
      number('qwen35.ssm.conv_kernel', 4),
      number('qwen35.ssm.state_size', 16),
      number('qwen35.ssm.group_count', 2),
      number('qwen35.ssm.time_step_rank', 2),
      { key: 'qwen35.ssm.inner_size', value: typed(10, u64(32)) },
      { key: 'tokenizer.ggml.tokens', value: list(TEXT, TOKENS.length, ...TOKENS.map(textBytes)) },
      { key: 'tokenizer.ggml.token_type', value: list(I32, TOKEN_TYPES.length, ...TOKEN_TYPES.map(u32)) },
      number('tokenizer.ggml.eos_token_id', 2),
      text('tokenizer.chat_template', '{{ messages }}'),
    ],
    tensors: [
      { name: 'token_embd.weight', dimensions: [32, 5], type: Q8_0, offset: 0, bytes: 170 },
      { name: 'output_norm.weight', dimensions: [32], type: F32, offset: 192, bytes: 128 },
    ],
  };
}

function writeModel({ magic, version, entries, tensors, alignment, ...claimed }: Gguf): Buffer {
  const head = [Buffer.from(magic), version];
  const counts = [u64(claimed.tensorCount ?? tensors.length), u64(claimed.keyCount ?? entries.length)];
  const keys = entries.flatMap(({ key, value, keyBytes }) => {
    return [u64(keyBytes ?? key.length), Buffer.from(key), value];
  });
  const infos = tensors.flatMap(({ name, dimensions, type, offset }) => {
    return [textBytes(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset)];
  });
  const header = Buffer.concat([...head, ...counts, ...keys, ...infos]);
  const weights = tensors.map(({ bytes }) => Buffer.alloc(Math.ceil(bytes / 32) * 32, 7));
  const padding = Buffer.alloc((alignment - (header.length % alignment)) % alignment);
  return Buffer.concat([header, padding, ...weights]);
}

export function soundModel(change: (model: Gguf) => void = () => {}): Buffer {
  const model = describeModel();
  change(model);
  return writeModel(model);
}

/** Gives a model these tokens: those in angle brackets are control tokens, the others plain. */
export function withVocabulary(tokens: readonly string[]): (model: Gguf) => void {
  const types = tokens.map((token) => u32(token.startsWith('<') ? 3 : 1));
  const texts = list(TEXT, tokens.length, Buffer.concat(tokens.map(textBytes)));
  const kinds = list(I32, tokens.length, Buffer.concat(types));
  return (model) => {
    model.entries = model.entries.filter(({ key }) => !/tokens$|token_type$/.test(key));
    model.entries.push({ key: 'tokenizer.ggml.token_type', value: kinds });
    model.entries.push({ key: 'tokenizer.ggml.tokens', value: texts });
  };
}

const changed = (name: string, says: string | RegExp, change: (model: Gguf) => void): BrokenModel => ({
  name,
  says,
  bytes: soundModel(change),
});

function withHead(name: string, says: string | RegExp, head: Partial<Gguf>): BrokenModel {
  return changed(name, says, (model) => Object.assign(model, head));
}

function withEntry(name: string, says: string | RegExp, key: string, value: Buffer | undefined): BrokenModel {
  return changed(name, says, (model) => {
    model.entries = model.entries.filter((entry) => entry.key !== key);
    if (value) model.entries.push({ key, value });
  });
}

function withTensor(name: string, says: string | RegExp, tensor: Partial<Tensor>): BrokenModel {
  return changed(name, says, ({ tensors: [first] }) => Object.assign(first ?? {}, tensor));
}

const written = (
  name: string,
  says: string | RegExp,
  start: string | Buffer,
  fileBytes?: number,
): BrokenModel => ({
  name,
  says,
  bytes: Buffer.from(start),
  ...(fileBytes !== undefined && { fileBytes }),
});

const damaged = (detail: string) => `it is damaged (${detail}). Download it again.`;
const INCOMPLETE = /^it is incomplete: .+ Download it again\.$/;
const GET_GGUF = 'Download the GGUF version of the model.';

export function brokenModels(): readonly BrokenModel[] {
  return [
    ...cutOff(),
    ...wrongCounts(),
    ...wrongValues(),
    ...wrongTensors(),
    ...otherModels(),
    ...otherFiles(),
  ];
}

function cutOff(): BrokenModel[] {
  const whole = soundModel();
  const places = Array.from({ length: Math.floor(whole.length / 61) }, (_, i) => 5 + i * 61);
  const ends = [4, 23, whole.length - 33, ...places];
  return [
    ...ends.map((end) => ({
      name: `cut off after ${end} bytes`,
      says: INCOMPLETE,
      bytes: whole.subarray(0, end),
    })),
    {
      ...changed(
        'cut off after gigabytes',
        'it is incomplete: 2.1 of 2.7 GB are here. Download it again.',
        (model) => {
          Object.assign(model.tensors[1] ?? {}, { dimensions: [675_000_000] });
        },
      ),
      fileBytes: 2.1e9,
    },
  ];
}

function wrongCounts(): BrokenModel[] {
  const tokens = (value: Buffer) => ({ key: 'tokenizer.ggml.tokens', value });
  return [
    withHead('2^60 tensors', damaged('it claims to have 1152921504606847000 tensors'), {
      tensorCount: 2n ** 60n,
    }),
    withHead('-1 tensors', damaged('it claims to have 18446744073709552000 tensors'), {
      tensorCount: 2n ** 64n - 1n,
    }),
    withHead('2^60 keys', damaged('it claims to have 1152921504606847000 keys'), { keyCount: 2n ** 60n }),
    withHead('2^32 keys', damaged('it claims to have 4294967296 keys'), { keyCount: 2n ** 32n }),
    withHead('5,000 keys', INCOMPLETE, { keyCount: 5000n }),
    changed(
      'a list of 2^60 bytes',
      damaged('it claims to have 1152921504606847000 items in a list'),
      (model) => model.entries.unshift(tokens(list(U8, 2n ** 60n))),
    ),
    changed(
      'a list of 2^60 texts',
      damaged('it claims to have 1152921504606847000 items in a list'),
      (model) => model.entries.unshift(tokens(list(TEXT, 2n ** 60n))),
    ),
    changed('a list of 2^20 texts', INCOMPLETE, (model) =>
      model.entries.unshift(tokens(list(TEXT, 2 ** 20))),
    ),
    {
      ...changed('a list of 8 million empty texts', damaged('its header is longer than 64 MB'), (model) => {
        model.entries.push({ key: 'general.tags', value: list(TEXT, 2 ** 23) });
        model.tensors = [];
      }),
      fileBytes: 3e9,
    },
  ];
}

function wrongValues(): BrokenModel[] {
  const name = 'general.name';
  const alignment = 'general.alignment';
  return [
    withEntry(
      'a text of 2^63 bytes',
      damaged('a text claims to have 9223372036854776000 bytes'),
      name,
      typed(TEXT, u64(2n ** 63n)),
    ),
    withEntry(
      'a text of 2^63 bytes in a list',
      damaged('a text claims to have 9223372036854776000 bytes'),
      name,
      list(TEXT, 1, u64(2n ** 63n)),
    ),
    withEntry('a text that is longer than the file', INCOMPLETE, name, typed(TEXT, u64(50_000))),
    withEntry(
      'a list of lists',
      damaged('a value has the unknown type 9'),
      name,
      list(LIST, 1, u32(U8), u64(1), u32(0)),
    ),
    withEntry('a value of type 13', damaged('a value has the unknown type 13'), name, typed(13, u64(0))),
    withEntry(
      'a value of type 2^32 - 1',
      damaged('a value has the unknown type 4294967295'),
      name,
      typed(0xffffffff),
    ),
    withEntry(
      'an alignment of 0',
      damaged('its alignment is not a power of two'),
      alignment,
      typed(U32, u32(0)),
    ),
    withEntry(
      'an alignment of 33',
      damaged('its alignment is not a power of two'),
      alignment,
      typed(U32, u32(33)),
    ),
    withEntry(
      'an alignment that is a text',
      damaged('its alignment is not a power of two'),
      alignment,
      typed(TEXT, textBytes('32')),
    ),
    withEntry(
      'fewer types than tokens',
      damaged('its tokens and their types do not fit each other'),
      'tokenizer.ggml.token_type',
      list(I32, 1, u32(1)),
    ),
    withEntry(
      'types that are no numbers',
      damaged('its tokens and their types do not fit each other'),
      'tokenizer.ggml.token_type',
      list(TEXT, 5, ...TOKENS.map(textBytes)),
    ),
    withEntry(
      'no types of tokens',
      damaged('its tokens and their types do not fit each other'),
      'tokenizer.ggml.token_type',
      undefined,
    ),
    withEntry(
      '4 billion blocks',
      damaged('its blockCount is 4294967295'),
      'qwen35.block_count',
      typed(U32, u32(0xffffffff)),
    ),
    withEntry('no blocks', damaged('its blockCount is 0'), 'qwen35.block_count', undefined),
    withEntry(
      'a context that is a text',
      damaged('its contextLength is 0'),
      'qwen35.context_length',
      typed(TEXT, textBytes('many')),
    ),
    changed(
      'a key of 2^63 bytes',
      damaged('it claims to have 9223372036854776000 bytes in a key'),
      (model) => {
        model.entries.push({ key: 'x', value: typed(U32, u32(1)), keyBytes: 2n ** 63n });
      },
    ),
    changed('an empty key', damaged('a key is empty or there twice'), (model) =>
      model.entries.push(text('', 'x')),
    ),
    changed('the same key twice', damaged('a key is empty or there twice'), (model) =>
      model.entries.push(text(name, 'other')),
    ),
  ];
}

function wrongTensors(): BrokenModel[] {
  return [
    withTensor('a tensor of 2^60 rows', damaged('a tensor has an impossible size'), {
      dimensions: [32, 2n ** 60n],
    }),
    withTensor('a tensor of 2^60 x 2^60 x 2^60 values', damaged('a tensor has an impossible size'), {
      dimensions: [2n ** 60n, 2n ** 60n, 2n ** 60n],
    }),
    withTensor('a tensor of five dimensions', damaged('a tensor has 5 dimensions'), {
      dimensions: [32, 1, 1, 1, 1],
    }),
    withTensor('a row that is no number of blocks', damaged('a tensor has an impossible size'), {
      dimensions: [33, 5],
    }),
    withTensor('a tensor of type 99', damaged('a tensor has the unknown type 99'), { type: 99 }),
    withTensor('a tensor of a type that was given up', damaged('a tensor has the unknown type 4'), {
      type: 4,
    }),
    withTensor('a tensor behind the end of the file', damaged('a tensor is not where it has to be'), {
      offset: 2n ** 60n,
    }),
    withTensor('a tensor over another', damaged('a tensor is not where it has to be'), { type: F32 }),
    withTensor('a name of 64 bytes', damaged('it claims to have 64 bytes in the name of a tensor'), {
      name: 'x'.repeat(64),
    }),
    withTensor('the same name twice', damaged('a tensor is there twice'), { name: 'output_norm.weight' }),
  ];
}

function otherModels(): BrokenModel[] {
  const architecture = 'general.architecture';
  const kind = (value: string) => typed(TEXT, textBytes(value));
  const runs = 'Sotto runs Qwen 3.5 (qwen35, qwen35moe).';
  const versions = 'Sotto reads versions 2 and 3, little-endian. Download one of these.';
  const tokenizer = 'it has no tokenizer of a Qwen model. Download another version of it.';
  return [
    withEntry('a llama model', `it is a llama model; ${runs}`, architecture, kind('llama')),
    withEntry(
      'a model with a hostile name',
      `it is a model of an unknown kind; ${runs}`,
      architecture,
      kind('\x1b[2J\nx'),
    ),
    withEntry('no architecture', `it is a model of an unknown kind; ${runs}`, architecture, undefined),
    withEntry(
      'a number for an architecture',
      `it is a model of an unknown kind; ${runs}`,
      architecture,
      typed(U32, u32(5)),
    ),
    withEntry('an mmproj file', /^it is the part of a model that sees images/, architecture, kind('clip')),
    withEntry(
      'a part of a split model',
      /^it is one of 3 parts\. Join them/,
      'split.count',
      typed(2, Buffer.from([3, 0])),
    ),
    withEntry('no tokens', tokenizer, 'tokenizer.ggml.tokens', undefined),
    withEntry('tokens that are numbers', tokenizer, 'tokenizer.ggml.tokens', list(U32, 1, u32(1))),
    withEntry(
      'an end token that does not exist',
      tokenizer,
      'tokenizer.ggml.eos_token_id',
      typed(U32, u32(5)),
    ),
    withHead('no weights', /^it has no weights, only a vocabulary\./, { tensors: [] }),
    withHead('version 0', `it is of GGUF version 0; ${versions}`, { version: u32(0) }),
    withHead('version 1', `it is of GGUF version 1; ${versions}`, { version: u32(1) }),
    withHead('version 4', `it is of GGUF version 4; ${versions}`, { version: u32(4) }),
    withHead('a big-endian model', `it is made for big-endian machines; ${versions}`, {
      version: u32(3).reverse(),
    }),
  ];
}

function otherFiles(): BrokenModel[] {
  const page = 'it is a web page. Download the file itself, not the page that shows it.';
  const pointer = 'it only points to the model (Git LFS). Run "git lfs pull" in its folder.';
  const archive = `it is a zip archive or a PyTorch file. ${GET_GGUF}`;
  const answer = 'it is a text, perhaps what the server answered instead of the file. Download it again.';
  const safetensors = Buffer.concat([u64(90), Buffer.from('{"model.embed_tokens.weight":{"dtype":"BF16"}}')]);
  return [
    written('nothing', 'it is empty. Download it again.', ''),
    written('one byte', `it is not a GGUF file. ${GET_GGUF}`, 'G'),
    written('a wrong magic', `it is not a GGUF file. ${GET_GGUF}`, Buffer.from('GGUX')),
    written('a web page', page, '<!DOCTYPE html>\n<html><body>Sign in</body></html>'),
    written('a web page after empty lines', page, '\r\n\r\n  <html lang="en">'),
    written(
      'a Git LFS pointer',
      pointer,
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 562274336\n',
    ),
    written('a zip archive', archive, 'PK\x03\x04\x14\x00'),
    written('a pickle', archive, Buffer.from([0x80, 2, 0x7d])),
    written('safetensors', `it is a safetensors file. ${GET_GGUF}`, safetensors),
    written('the old format', `it has the old GGML format. ${GET_GGUF}`, 'tjgg\x03\0\0\0'),
    written('gzip', 'it is compressed. Unpack it first.', Buffer.from([0x1f, 0x8b, 8, 0])),
    written('the answer of a server', answer, '{"error":"Invalid username or password."}'),
    written('a download that never began', /^its beginning is missing/, '', 3e9),
  ];
}
