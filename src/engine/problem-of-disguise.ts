/** Says what a file is that does not begin as a GGUF does, and what to do, from its first bytes (one character each). */
export function problemOfDisguise(beginning: string): string {
  return DISGUISES.find(({ is }) => is(beginning))?.problem ?? `it is not a GGUF file. ${GET_GGUF}`;
}

const GET_GGUF = 'Download the GGUF version of the model.';

type Disguise = { readonly is: (beginning: string) => boolean; readonly problem: string };

const startsWith =
  (...marks: readonly string[]) =>
  (beginning: string) =>
    marks.some((mark) => beginning.startsWith(mark));

/** What is known to be found under the name of a model. */
const DISGUISES: readonly Disguise[] = [
  { is: (beginning) => beginning === '', problem: 'it is empty. Download it again.' },
  {
    is: (beginning) => /^\s*<(!doctype|html|head|\?xml)/i.test(beginning),
    problem: 'it is a web page. Download the file itself, not the page that shows it.',
  },
  {
    is: startsWith('version https://git-lfs'),
    problem: 'it only points to the model (Git LFS). Run "git lfs pull" in its folder.',
  },
  {
    is: startsWith('PK\x03\x04', '\x80\x02', '\x80\x04'),
    problem: `it is a zip archive or a PyTorch file. ${GET_GGUF}`,
  },
  { is: (beginning) => beginning.slice(8, 10) === '{"', problem: `it is a safetensors file. ${GET_GGUF}` },
  {
    is: startsWith('lmgg', 'fmgg', 'tjgg', 'algg', 'ggml', 'ggmf', 'ggjt'),
    problem: `it has the old GGML format. ${GET_GGUF}`,
  },
  {
    is: startsWith('\x1f\x8b', '7z\xbc\xaf', '\x28\xb5\x2f\xfd', '\xfd7zXZ'),
    problem: 'it is compressed. Unpack it first.',
  },
  {
    is: (beginning) => /^\s*[{[]/.test(beginning),
    problem: 'it is a text, perhaps what the server answered instead of the file. Download it again.',
  },
  {
    is: startsWith('\0'.repeat(16)),
    problem: 'its beginning is missing: the download did not finish. Download it again.',
  },
];
