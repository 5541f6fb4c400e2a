import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { Thinking } from '../qwen/thinking.ts';
import type { Document } from '../readers/document.ts';
import { accountPages } from './ask/account-pages.ts';
import { answerGroups } from './ask/answer-groups.ts';
import { type Asking, askPassage, NO_ROOM, type PassageAnswer } from './ask/ask-passage.ts';
import { noteDocument } from './ask/note-document.ts';
import { type Passage, passagesOf } from './ask/passages.ts';
import { extractInstructions } from './ask/prompt.ts';
import { shareContext } from './ask/share-context.ts';
import { indexDocument } from './evidence/document-index.ts';
import type { Extracted, FieldPlan, TokenCounts } from './extraction.ts';
import { applyChecks } from './rows/apply-checks.ts';
import { applyInvoice } from './rows/apply-invoice.ts';
import { verifyAnswers } from './rows/verify-answers.ts';
import { conventionsOf } from './values/conventions.ts';

export type ExtractDocumentOptions = {
  readonly plan: FieldPlan;
  readonly engine: Engine;
  /** The user's own, beside ours. They stand in the system turn. */
  readonly instructions?: string;
  /** Default: `off`. */
  readonly thinking?: Thinking;
  readonly signal: AbortSignal;
  /** Before each passage; 1-based. */
  readonly onPassage?: (passage: number, passageCount: number) => void;
};

/**
 * The values of a schema, out of one document that was read. Rejects with the signal's reason, with `ConfigError` where
 * the model's context has no room for a document, and with `EngineCrashError` where the model's process died twice.
 */
export async function extractDocument(
  document: Document,
  options: ExtractDocumentOptions,
): Promise<Extracted> {
  const { plan, signal } = options;
  signal.throwIfAborted();
  const { passages, answers, usage } = await askDocument(document, options);
  const context = { index: indexDocument(document), conventions: conventionsOf(document) };
  const said = verifyAnswers(answers, plan, context);
  const stated = applyInvoice(said, plan, { document, context: { ...context, siblings: plan.fields } });
  const { values, lists, checks } = applyChecks(stated, plan);
  return {
    sha256: document.sha256,
    pageCount: document.pageCount,
    values,
    lists,
    checks,
    pages: accountPages(document, askedPages(passages, answers)),
    notes: [...noteDocument(document, { plan, values, answers }), ...stated.notes],
    usage,
  };
}

type Answered = {
  readonly passages: readonly Passage[];
  readonly answers: readonly PassageAnswer[];
  readonly usage: TokenCounts;
};

/** All passages, one after the other, under one session: the system turn is evaluated for the first of them alone. */
async function askDocument(document: Document, options: ExtractDocumentOptions): Promise<Answered> {
  const { plan, engine, instructions: own, thinking = 'off', signal, onPassage } = options;
  let usage: TokenCounts = { evaluatedTokens: 0, reusedTokens: 0, generatedTokens: 0 };
  const groups = answerGroups(plan);
  if (document.pages.every(({ via }) => via === 'none') || groups.length === 0) {
    return { passages: [], answers: [], usage };
  }
  const instructions = extractInstructions(plan, own);
  const { roomTokens, ...limits } = await shareContext(engine, groups, { instructions, thinking });
  const measure = async (text: string) => (await engine.tokenize([{ text, trusted: false }])).length;
  const passages = await passagesOf(document, { roomTokens, measure });
  const session = `extract-${randomUUID()}`;
  const onUsage: Asking['onUsage'] = (one) => {
    usage = {
      evaluatedTokens: usage.evaluatedTokens + one.evaluatedTokens,
      reusedTokens: usage.reusedTokens + one.reusedTokens,
      generatedTokens: usage.generatedTokens + one.generatedTokens,
    };
  };
  const asking = { engine, document, instructions, session, ...limits, signal, onUsage };
  const answers: PassageAnswer[] = [];
  try {
    for (const [at, passage] of passages.entries()) {
      signal.throwIfAborted();
      onPassage?.(at + 1, passages.length);
      answers.push(...(await askPassage(passage, groups, asking)));
    }
  } finally {
    await engine.forget(session);
  }
  return { passages, answers, usage };
}

/** The pages that a model was given whole, for every field. */
function askedPages(passages: readonly Passage[], answers: readonly PassageAnswer[]): ReadonlySet<number> {
  const pagesOf = (some: readonly Passage[]) =>
    new Set(some.flatMap(({ lines }) => lines.map(({ page }) => page)));
  const refused = answers.flatMap((answer) =>
    'problem' in answer && answer.problem === NO_ROOM ? [answer.passage] : [],
  );
  return pagesOf(passages).difference(pagesOf(refused));
}
