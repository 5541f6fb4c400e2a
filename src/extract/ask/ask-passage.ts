import type { Engine, GenerateRequest, Generation } from '../../engine/engine.ts';
import { toSampling } from '../../engine/to-sampling.ts';
import { ContextOverflowError, EngineCrashError } from '../../errors.ts';
import type { FinishReason, Usage } from '../../events.ts';
import { type AssistantMessage, type Message, userMessage } from '../../messages.ts';
import { render } from '../../qwen/render.ts';
import type { Document } from '../../readers/document.ts';
import type { AnswerGroup } from './answer-groups.ts';
import { halvePassage, type Passage, passageText } from './passages.ts';
import { passageMessage, questionFor } from './prompt.ts';
import { type Claims, readClaims } from './read-claims.ts';

export type Asking = {
  readonly engine: Engine;
  readonly document: Document;
  /** The system turn. */
  readonly instructions: string;
  /** Whose state of the model it is. */
  readonly session: string;
  /** Of a message, its thought included. */
  readonly maxTokens: number;
  /** Most tokens of a thought; 0 for none at all. */
  readonly thinkingTokens: number;
  readonly signal: AbortSignal;
  /** Hears of every message that was generated. */
  readonly onUsage: (usage: Usage) => void;
};

/** What a model said of a passage, or why it said nothing that can be used: words that go on after "the model's answer". */
export type PassageAnswer = { readonly group: AnswerGroup; readonly passage: Passage } & (
  | { readonly claims: Claims }
  | { readonly problem: string }
);

/** After so many halvings a message that does not come to its end is given up. */
const MOST_HALVINGS = 3;
/** A document gives the same answer whenever it is asked, as far as the machine allows. */
const SEED = 1;

const CUT_OFF: Readonly<Record<Exclude<FinishReason, 'stop'>, string>> = {
  maxTokens: 'did not come to its end',
  contextFull: 'did not come to its end',
  repetition: 'repeated itself',
  strayToken: 'broke off',
};
/** Said of a text that a model could not be given. */
export const NO_ROOM = 'had no room beside the text';
const NOT_JSON = 'was not in the form that was asked for';

/** Asks for all groups, one after the other in one conversation, so that the passage is evaluated once. A group whose
 * answer does not come to its end, or has no room, is asked of both halves of the passage. */
export async function askPassage(
  passage: Passage,
  groups: readonly AnswerGroup[],
  asking: Asking,
  halvings = 0,
): Promise<readonly PassageAnswer[]> {
  const answers: PassageAnswer[] = [];
  const again: AnswerGroup[] = [];
  const halves = halvePassage(passage);
  let history: readonly Message[] = [];
  for (const group of groups) {
    let asked = await askGroup(passage, group, history, asking);
    if (asked.problem === NO_ROOM && history.length > 0) {
      asked = await askGroup(passage, group, [], asking);
    }
    if (asked.problem === undefined) {
      answers.push({ group, passage, claims: asked.claims });
      history = asked.messages;
    } else if (halves && (halvings < MOST_HALVINGS || asked.problem === NO_ROOM)) again.push(group);
    else answers.push({ group, passage, problem: asked.problem });
  }
  if (!halves || again.length === 0) return answers;
  for (const half of halves) answers.push(...(await askPassage(half, again, asking, halvings + 1)));
  return answers;
}

type Asked =
  | { readonly problem?: undefined; readonly claims: Claims; readonly messages: readonly Message[] }
  | { readonly problem: string };

async function askGroup(
  passage: Passage,
  group: AnswerGroup,
  history: readonly Message[],
  asking: Asking,
): Promise<Asked> {
  const { engine, document, instructions, thinkingTokens } = asking;
  const text =
    history.length > 0 ? questionFor(group) : passageMessage(passageText(passage, document), group);
  const messages = [...history, userMessage(text)];
  const thinking = thinkingTokens > 0;
  const model = engine.model.fingerprint;
  const prompt = render({ instructions, messages, thinking, model });
  const generation = await generate(toRequest(prompt, group, asking), asking);
  if (!generation) return { problem: NO_ROOM };
  if (generation.finish !== 'stop') return { problem: CUT_OFF[generation.finish] };
  const claims = readClaims(generation.text, group);
  if (!claims) return { problem: NOT_JSON };
  const { tokens } = generation;
  const answer: AssistantMessage = {
    role: 'assistant',
    thinking: generation.thinking,
    text: generation.text,
    toolCalls: [],
    ...(tokens.length > 0 && { generated: { model, thinking, tokens } }),
  };
  return { claims, messages: [...messages, answer] };
}

function toRequest(
  prompt: GenerateRequest['prompt'],
  { schema }: AnswerGroup,
  { engine, session, maxTokens, thinkingTokens }: Asking,
): GenerateRequest {
  const thinking = thinkingTokens > 0;
  // What is copied must not be varied, and words that come again are no fault: the card's set for answers would do both.
  const exact = { seed: SEED, ...(!thinking && { temperature: 0, presencePenalty: 0 }) };
  return {
    prompt,
    session,
    answer: schema,
    tools: [],
    thinking,
    ...(thinking && { thinkingBudget: thinkingTokens }),
    maxTokens,
    leaveTokens: maxTokens,
    sampling: { ...toSampling(thinking, exact), ...engine.model.sampling },
  };
}

/** Nothing where the context has no room. An engine whose process dies is tried once more, in a new one. */
async function generate(
  request: GenerateRequest,
  { engine, signal, onUsage }: Asking,
): Promise<Generation | undefined> {
  const once = () => engine.generate(request, { signal });
  try {
    const generation = await once().catch((error: unknown) => {
      if (error instanceof EngineCrashError) return once();
      throw error;
    });
    onUsage(generation.usage);
    return generation;
  } catch (error) {
    if (error instanceof ContextOverflowError) return undefined;
    throw error;
  }
}
