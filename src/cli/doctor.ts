import { totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig, type ModelConfig } from '../config.ts';
import { LlamaEngine } from '../engine/llama-engine.ts';
import { CARD_SAMPLING } from '../engine/sampling.ts';
import { SottoError } from '../errors.ts';
import { userMessage } from '../messages.ts';
import { render } from '../qwen/render.ts';
import { installedLanguages } from '../readers/ocr/languages.ts';
import { sealState } from '../seal/seal-state.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { type Command, EXIT } from './command.ts';
import { toTable } from './output.ts';

type Finding = { readonly check: string; readonly ok: boolean; readonly says: string };

const TRIAL_TOKENS = 32;

/** `sotto doctor [--model M]`: what holds on this machine, and what to do where something does not. */
export const command: Command = async (args, output) => {
  const options = {
    model: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const config = await loadConfig({
    ...(values.config && { configPath: values.config }),
    ...(values.model && { modelPath: values.model }),
  });
  const seal = sealState();
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const findings: Finding[] = [
    { check: 'node', ok: true, says: `Node ${process.versions.node} on ${process.platform} ${process.arch}` },
    {
      check: 'memory',
      ok: true,
      says: `${gigabytes(process.availableMemory())} of ${gigabytes(totalmem())} are free`,
    },
    { check: 'seal', ok: seal.mechanism !== 'none', says: `${seal.mechanism}: ${seal.sentence}` },
    await find('workspace', async () => {
      const { root, walk } = await openWorkspace(config.workspace);
      return `${root}, paths kept inside by ${walk === 'descriptors' ? 'open folders' : 'checks after opening'}`;
    }),
    await find('model', () => tryModel(config.model)),
    findLanguages(),
  ];
  if (values.json) for (const finding of findings) output.json(finding);
  else output.answer(toTable(findings.map(({ check, ok, says }) => [ok ? 'ok' : 'NOT OK', check, says])));
  return findings.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
};

async function find(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, says: await look() };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return { check, ok: false, says: error.message };
  }
}

/** The packages of languages that lie beside Sotto. */
function findLanguages(): Finding {
  const installed = installedLanguages();
  const another = LANGUAGES.find((language) => !installed.includes(language));
  const advice = another ? `; another one: npm install @tesseract.js-data/${another}` : '';
  return {
    check: 'ocr',
    ok: installed.length > 0,
    says: `languages of scans and pictures: ${installed.join(', ') || 'none'}${advice}`,
  };
}

const LANGUAGES = ['eng', 'deu', 'fra', 'spa', 'ita'];

/** Loads the model and lets it write a little. */
async function tryModel(model: ModelConfig): Promise<string> {
  await using engine = await LlamaEngine.create(model);
  const { usage } = await engine.generate({
    prompt: render({ messages: [userMessage('Hello')], thinking: false }),
    tools: [],
    thinking: false,
    maxTokens: TRIAL_TOKENS,
    sampling: { ...CARD_SAMPLING.answering, ...engine.model.sampling },
  });
  const { name, path, contextTokens } = engine.model;
  const speed = usage.tokensPerSecond > 0 ? `, ${usage.tokensPerSecond.toFixed(0)} tokens a second` : '';
  return `${name} (${path}) runs with a context of ${contextTokens} tokens${speed}`;
}
