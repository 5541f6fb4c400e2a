import type { RunEvent } from '../events.ts';
import {
  answerOf,
  durationOf,
  endOfRun,
  type Fact,
  type OpenSpan,
  openCall,
  openRun,
  openStep,
  timeOf,
} from './gen-ai-spans.ts';
import { type Attribute, flag, type Span, text } from './otlp-span.ts';

export type RunSpans = {
  take(event: RunEvent): void;
  /** Ends what is still open as an error, where a run was left without its end. */
  end(endMs?: number, error?: string): void;
};

type Ending = { readonly attributes?: readonly Attribute[]; readonly error?: string | undefined };

/** Any other end is one that a trace is looked at for. */
const GOOD_ENDS: ReadonlySet<string> = new Set(['done', 'needsApproval']);

/** Turns the events of runs, one after the other, into spans. A sub-agent's lie below the call that began it. */
export function spansOfRun(write: (span: Span) => void, above?: OpenSpan): RunSpans {
  let run: { readonly span: OpenSpan; readonly start: Fact<'run-start'> } | undefined;
  let step: OpenSpan | undefined;
  const calls = new Map<string, OpenSpan>();
  /** Of the calls that the model asked for. */
  const names = new Map<string, string>();
  const children = new Map<string, RunSpans>();

  const close = (span: OpenSpan | undefined, endMs: number, { attributes = [], error }: Ending = {}) => {
    if (!span) return;
    const cause = error === undefined ? [] : [text('error.type', error)];
    const all = [...span.attributes, ...attributes, ...cause];
    write({ ...span, endMs, attributes: all, isError: error !== undefined });
  };
  const closeRun = (endMs: number, { error, attributes = [] }: Ending) => {
    for (const child of children.values()) child.end(endMs, error);
    for (const span of [...calls.values(), step]) close(span, endMs, { error: error ?? '_OTHER' });
    close(run?.span, endMs, { error, attributes });
    for (const open of [children, calls, names]) open.clear();
    step = undefined;
    run = undefined;
  };
  const end = (endMs = Date.now(), error = '_OTHER') => closeRun(endMs, { error });
  const mark = (attribute: Attribute) => {
    step &&= { ...step, attributes: [...step.attributes, attribute] };
  };
  const endStep = (event: Fact<'step-end'>) => {
    for (const { id, name } of event.message.toolCalls) names.set(id, name);
    close(step, timeOf(event), { attributes: answerOf(event) });
    step = undefined;
  };
  const endCall = (event: Fact<'tool-call-end'>, root: OpenSpan) => {
    const { toolCallId: id, isError } = event.result;
    const atMs = timeOf(event);
    const call = calls.get(id);
    calls.delete(id);
    if (call) close(call, atMs, { error: isError ? 'tool_error' : undefined });
    // A call that was refused, or could not be made, has no start.
    else close(openCall({ id, name: names.get(id) ?? '' }, atMs, root), atMs, { error: 'not_made' });
  };
  const childOf = (toolCallId: string, root: OpenSpan): RunSpans => {
    const child = children.get(toolCallId) ?? spansOfRun(write, calls.get(toolCallId) ?? root);
    children.set(toolCallId, child);
    return child;
  };
  const take = (event: RunEvent) => {
    const atMs = timeOf(event);
    if (event.type === 'run-start') {
      end();
      run = { span: openRun(event, atMs, above), start: event };
    }
    if (!run) return;
    const { span: root, start } = run;
    if (event.type === 'step-start') step = openStep(start, atMs, root);
    else if (event.type === 'state-restore') mark(text('sotto.state_restore.from', event.from));
    else if (event.type === 'engine-restart') mark(flag('sotto.engine_restart', true));
    else if (event.type === 'step-end') endStep(event);
    else if (event.type === 'tool-call-start')
      calls.set(event.toolCall.id, openCall(event.toolCall, atMs, root));
    else if (event.type === 'tool-call-end') endCall(event, root);
    else if (event.type === 'ask-end') {
      const asked = openStep(start, atMs - durationOf(event.usage), calls.get(event.toolCallId) ?? root);
      close(asked, atMs, { attributes: answerOf(event) });
    } else if (event.type === 'agent-event') childOf(event.toolCallId, root).take(event.event);
    else if (event.type === 'run-end') {
      const error = GOOD_ENDS.has(event.stopReason) ? undefined : event.stopReason;
      closeRun(atMs, { error, attributes: endOfRun(event) });
    }
  };
  return { take, end };
}
