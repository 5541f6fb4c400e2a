/** A job whose model answers by the text: the same for the program that is killed and for the test that goes on. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../../src/engine/engine.ts';
import { extract } from '../../src/extract/extract.ts';
import type { ExtractEvent } from '../../src/extract/extraction.ts';
import { createScriptedEngine } from '../../src/testing/scripted-engine.ts';

const SCHEMA = {
  type: 'object',
  properties: { number: { type: 'string' }, total: { type: 'number' } },
  required: ['number'],
} as const;

/** Text of a document that the model can answer of. */
export const letter = (number: number): string =>
  `Invoice number: INV-${number}\n\nThank you for your order.\nInvoice total: ${number}.50\n`;

/** Every document that is asked stands in `asked.log` as a line. */
export function scriptedEngine(folder: string, mostDelayMs = 0): Engine {
  const engine = createScriptedEngine(({ prompt }) => {
    const text = prompt.map((segment) => ('text' in segment ? segment.text : '')).join('');
    const number = text.match(/INV-\d+/g)?.at(-1) ?? '';
    const total = text.match(/(?<=total[:,] ?)\d+\.50/g)?.at(-1) ?? '';
    appendFileSync(join(folder, 'asked.log'), `${number}\n`);
    const claim = (value: string) => ({ quote: value, value });
    return { text: JSON.stringify({ number: claim(number), total: claim(total) }) };
  });
  return {
    ...engine,
    async generate(request, options) {
      if (mostDelayMs > 0) await setTimeout(Math.random() * mostDelayMs);
      return engine.generate(request, options);
    },
  };
}

type Options = {
  readonly folder: string;
  readonly engine: Engine;
  readonly move?: boolean;
  readonly onEvent?: (event: ExtractEvent) => void;
};

/** The job of `FOLDER/inbox`, kept in `FOLDER/.sotto`. */
export const runJobOf = ({ folder, engine, move = false, onEvent }: Options) =>
  extract({
    files: [join(folder, 'inbox')],
    schema: SCHEMA,
    engine,
    home: join(folder, '.sotto'),
    parallel: 2,
    ...(move && { move: { done: 'done', failed: 'failed' } }),
    ...(onEvent && { onEvent }),
  });
