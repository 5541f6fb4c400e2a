import { expect, test } from 'vitest';
import { z } from 'zod';
import { createAnswerForm } from '../../src/agent/answer-form.ts';
import * as run from '../../src/agent/run-context.ts';
import { userMessage } from '../../src/messages.ts';
import { assistant } from '../helpers/conversations.ts';

const form = createAnswerForm(z.object({ total: z.number() }), { isDirect: false });
const context = (text: string, changed: Partial<run.RunContext> = {}): run.RunContext => ({
  ...run.startContext({ messages: [userMessage('Go.'), assistant(text)], maxSteps: 5 }),
  ...changed,
});
const waiting: run.AddedMessage[] = [{ from: 'user', message: userMessage('And?') }];

test.each<[string, run.RunContext, boolean]>([
  ['any text', context('Twelve.'), true],
  ['text that is not of the form', context('Twelve.', { form }), false],
  ['text of the form', context('{"total":12}', { form }), true],
  ['a fence around it', context('```json\n{"total":12}\n```', { form }), true],
  ['text while a message waits', context('Twelve.', { waiting }), false],
  ['text of the form while a message waits', context('{"total":12}', { form, waiting }), false],
])('knows whether %s is the answer', (_, given, is) => {
  expect(run.isAnswered(given)).toBe(is);
});

test('asks for the form twice, the second time with what was wrong, and then no more', () => {
  const first = { ...context('Twelve.', { form }) };
  expect(run.lacksForm(first) && !run.isOutOfForm(first)).toBe(true);
  const asked = { ...first, ...run.formRequest(first) };
  expect(asked.waiting.map(({ from }) => from)).toEqual(['program']);
  expect(JSON.stringify(asked.waiting)).not.toContain('does not fit');

  const second = context('{"total":"x"}', { form, formRequests: asked.formRequests });
  const again = { ...second, ...run.formRequest(second) };
  expect(JSON.stringify(again.waiting)).toContain('does not fit');
  expect(run.isOutOfForm(context('no', { form, formRequests: again.formRequests }))).toBe(true);
});

test('holds a message to the form where the program asked for it, and only then', () => {
  const asked = { ...context('Twelve.', { form }), ...run.formRequest(context('Twelve.', { form })) };
  const step = { ...asked, ...run.nextStep(asked) };
  expect(run.toModelInput(step)).toMatchObject({ isForming: true, step: 1 });
  expect(step.waiting).toEqual([]);
  expect(run.toModelInput({ ...step, ...run.nextStep(step) }).isForming).toBe(false);
  const direct = createAnswerForm(z.number(), { isDirect: true });
  expect(run.toModelInput(context('', { form: direct })).isForming).toBe(true);
  expect(run.toModelInput(context('')).isForming).toBe(false);
});

test('takes what waits into the next step, and tells which messages those are', () => {
  const before = context('One.', { waiting });
  const step = { ...before, ...run.nextStep(before) };
  expect(step.messages.at(-1)).toEqual(userMessage('And?'));
  expect(step.added).toEqual(waiting);
  expect({ ...step, ...run.nextStep(step) }.added).toEqual([]);
});

test('counts the steps of others, and keeps one for what is made of their results', () => {
  const given = context('', { step: 2, stepsOfOthers: 1, maxSteps: 5 });
  expect(run.toCallsToExecute(given).stepsLeft).toBe(1);
  const after = {
    ...given,
    ...run.withResults(given, { results: [], stepsOfOthers: 1, needsApproval: false }),
  };
  expect(run.isOutOfSteps(after)).toBe(false);
  expect(run.isOutOfSteps({ ...after, step: 3 })).toBe(true);
});
