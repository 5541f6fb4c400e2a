/** A small invoice, and a scripted model that reads it honestly. */
import type { Engine, GenerateRequest } from '../../src/engine/engine.ts';
import type { JsonObject, JsonValue } from '../../src/messages.ts';
import type { Document, Page, ReportEntry } from '../../src/readers/document.ts';
import { createScriptedEngine, type Script } from '../../src/testing/scripted-engine.ts';
import { makePage } from '../helpers/page.ts';

export const amount: JsonObject = { type: 'number' };
export const text: JsonObject = { type: 'string' };
export const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    number: text,
    net: amount,
    tax: amount,
    total: amount,
    items: { type: 'array', items: { type: 'object', properties: { name: text, price: amount } } },
  },
  required: ['number', 'total'],
  'x-checks': ['total = net + tax'],
};

export const pageOf = (number: number, lines: readonly string[]): Page =>
  makePage(number, { text: lines.join('\n'), spans: lines.map((line) => ({ text: line })) });

export function documentOf(pages: readonly Page[], more: Partial<Document> = {}): Document {
  const entries = pages.map(({ number, via, warnings }): ReportEntry => {
    const sentence = warnings[0]?.sentence ?? 'Its text was read.';
    return { first: number, last: number, via, sentence };
  });
  return {
    kind: 'pdf',
    sha256: 'ab'.repeat(32),
    byteLength: 1,
    pageCount: pages.length,
    pages,
    outline: [],
    attachments: [],
    metadata: {},
    report: { pages: entries, limits: [], warnings: [] },
    ...more,
  };
}

export const INVOICE = ['Invoice number 2024-17', 'chairs 190.00', 'Net 190.00', 'Tax 36.10', 'Total 226.10'];

/** The text of a request, user messages and all. */
export const promptText = ({ prompt }: GenerateRequest): string =>
  prompt.map((part) => ('text' in part ? part.text : '')).join('');
/** What stands before the question that is asked last. */
export const asksForList = (request: GenerateRequest): boolean =>
  Object.keys((request.answer?.properties ?? {}) as JsonObject).includes('items');
export const passageOf = (request: GenerateRequest): string =>
  /<\|im_start\|>user\n([\s\S]*?)\[End of the text\]/.exec(promptText(request))?.[1] ?? '';

/** A model that gives every line `Label value` of the passage for its field, and each priced line as an item. */
export const honest: Script = (request) => {
  const passage = passageOf(request);
  if (asksForList(request)) {
    const items = passage
      .matchAll(/^(chairs|tables|lamps) (\S+)$/gm)
      .map(([quote, name = '', price = '']) => ({ quote, name, price }));
    return { text: JSON.stringify({ items: [...items] }) };
  }
  const claim = (pattern: RegExp): JsonValue => {
    const [quote, value = ''] = pattern.exec(passage) ?? [];
    return quote === undefined ? null : { quote, value };
  };
  const number = claim(/Invoice number (\S+)/);
  const [net, tax, total] = ['Net', 'Tax', 'Total'].map((label) => claim(new RegExp(`${label} (\\S+)`))) as [
    JsonValue,
    JsonValue,
    JsonValue,
  ];
  return { text: JSON.stringify({ number, net, tax, total }) };
};

type Setup = { readonly contextTokens?: number };

/** A token a word, where the size of the context matters. */
export function engineOf(script: Script, { contextTokens = 32_768 }: Setup = {}) {
  const scripted = createScriptedEngine(script);
  const forgotten: string[] = [];
  const words = (prompt: GenerateRequest['prompt']): number[] =>
    Array.from(
      prompt
        .map((part) => ('text' in part ? part.text : ''))
        .join('')
        .split(/\s+/),
      () => 1,
    );
  const engine: Engine = {
    ...scripted,
    model: { ...scripted.model, contextTokens },
    async generate(request, options) {
      const generation = await scripted.generate(request, options);
      const usage = { ...generation.usage, evaluatedTokens: 10, reusedTokens: 5, generatedTokens: 2 };
      return { ...generation, usage };
    },
    tokenize: async (prompt) => words(prompt),
    forget: async (session) => void forgotten.push(session),
  };
  return { engine, requests: scripted.requests, forgotten };
}

export const signal = new AbortController().signal;
