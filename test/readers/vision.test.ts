import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createVisionModel } from '../../src/engine/vision-model.ts';
import { GenerationError } from '../../src/errors.ts';
import { prepareForVision } from '../../src/readers/image/prepare-for-vision.ts';
import { writeRandomMmproj } from './random-mmproj.ts';

const PACKAGE = '@fugood/llama.node';
const MODEL = { path: join(import.meta.dirname, '../../models/tiny-qwen3.5.gguf'), width: 128 };
const isInstalled = (): boolean => {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
};
const installed = isInstalled();
if (!installed) console.log(`Skipped: a page is shown to a vision model, since ${PACKAGE} is not installed.`);

const projectorPath = join(mkdtempSync(join(tmpdir(), 'sotto-vision-')), 'mmproj.gguf');
const options = { modelPath: MODEL.path, projectorPath, contextTokens: 2048, answerTokens: 8 };

describe('a vision model', () => {
  test.runIf(installed)(
    'answers about a page, with a random projector, and again after an abort',
    async () => {
      writeRandomMmproj(projectorPath, MODEL.width);
      const page = await picture();
      const model = createVisionModel(options);
      const text = await model.read(page);
      expect(text).toMatch(/\S/);
      const controller = new AbortController();
      const aborted = model.read(page, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 0);
      await expect(aborted).rejects.toThrow('enough');
      expect(await model.read(page)).toMatch(/\S/);
      await model.end();
    },
  );

  test.runIf(!installed)('is refused with the package to install where that is missing', async () => {
    const model = createVisionModel(options);
    const answer = model.read(await picture());
    await expect(answer).rejects.toThrow(GenerationError);
    await expect(answer).rejects.toThrow(`npm install ${PACKAGE}`);
    await model.end();
  });
});

async function picture() {
  const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#abc' } })
    .png()
    .toBuffer();
  const prepared = await prepareForVision(bytes);
  if (!prepared.ok) throw new Error(prepared.problem.sentence);
  return { png: prepared.png, question: 'What is on this page?' };
}
