import type { Dropped, RunEvent } from '../events.ts';
import { contentText, type ToolCall } from '../messages.ts';
import { plural, type Style } from './output.ts';
import { keepStart } from './read/text-width.ts';

export type EventLine = { readonly text: string; readonly style: Style };

/** What of a call or a result is shown where nothing says how much room there is. */
const SHOWN_COLUMNS = 100;
const NESTED = '    ';

/** The lines that an event is shown by, no longer than so many columns where they could be shorter. Deltas have none. */
export function eventLines(event: RunEvent, columns = SHOWN_COLUMNS): readonly EventLine[] {
  const room = columns - 4;
  if (event.type === 'step-start') return [line(`step ${event.step}`, 'bold')];
  if (event.type === 'step-end')
    return event.message.toolCalls.map((call) => line(`  > ${showCall(call, room)}`));
  if (event.type === 'tool-call-end') {
    const { content, isError } = event.result;
    return [line(`  < ${showText(contentText(content), room)}`, isError ? 'red' : 'dim')];
  }
  if (event.type === 'user-message') {
    const said = keepStart(oneLine(contentText(event.message.content)), room - 14);
    return [line(event.from === 'user' ? `  (read now: ${said})` : `  (the program asks: ${said})`, 'dim')];
  }
  if (event.type === 'agent-event') return nestedLines(event, columns);
  return sentenceOf(event).map((text) => line(`  ${text}`, event.type === 'engine-restart' ? 'red' : 'dim'));
}

const line = (text: string, style: Style = 'plain'): EventLine => ({ text, style });

/** What a sub-agent does, set in: its words only where they go with a call, since its answer is the result of its own. */
function nestedLines(
  { agent, event }: Extract<RunEvent, { readonly type: 'agent-event' }>,
  columns: number,
): readonly EventLine[] {
  const room = columns - NESTED.length;
  const said =
    event.type === 'step-end' && event.message.toolCalls.length > 0 && event.message.text
      ? [line(`  ${keepStart(oneLine(event.message.text), room - 2)}`)]
      : [];
  const ended = event.type === 'run-end' && event.reason ? [line(`  ${agent}: ${event.reason}`, 'red')] : [];
  const lines =
    event.type === 'step-start'
      ? [line(`${agent}, step ${event.step}`, 'dim')]
      : [...said, ...eventLines(event, room), ...ended];
  return lines.map(({ text, style }) => line(NESTED + text, style));
}

function sentenceOf(event: RunEvent): readonly string[] {
  if (event.type === 'run-resume') return ['(the run goes on from here)'];
  if (event.type === 'step-abort')
    return ['(stopped in this step: what was written of it is kept, and is no part of the thread)'];
  if (event.type === 'engine-restart') return [`${event.reason} A new one is started.`];
  if (event.type === 'context-compact') {
    if (event.dropped.length === 0) return ['(the answer that the run failed with is written again)'];
    const left = event.dropped.map(describeDropped).join(', ');
    return [`(the context was full: left out ${left}; the thread keeps it)`];
  }
  if (event.type === 'state-restore' && event.problem !== undefined) {
    const again = `${plural(event.newTokens, 'token')} ${event.newTokens === 1 ? 'is' : 'are'} read again`;
    return [`(the saved state was not used, ${again}: ${event.problem})`];
  }
  if (event.type === 'state-save' && event.problem !== undefined) {
    return [`(the model's state was not saved: ${event.problem})`];
  }
  return [];
}

function describeDropped(dropped: Dropped): string {
  if (dropped.type === 'turns') return plural(dropped.turns, 'turn');
  const characters = plural(dropped.characters, 'character');
  if (dropped.type === 'thinking')
    return `the thought of ${plural(dropped.messages, 'message')} (${characters})`;
  return `a result of ${dropped.name} (${characters})`;
}

/** A call in one line: `read_file path=invoices/a.txt`. */
export function showCall({ name, input }: ToolCall, columns = SHOWN_COLUMNS): string {
  const values = Object.entries(input).map(
    ([key, value]) => `${key}=${showText(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const whole = [name, ...values].join(' ');
  return columns < SHOWN_COLUMNS ? keepStart(whole, columns) : whole;
}

function showText(text: string, columns = SHOWN_COLUMNS): string {
  const shown = oneLine(text);
  if (shown.length <= columns) return shown;
  const length = `… (${text.length} characters)`;
  return `${shown.slice(0, Math.min(SHOWN_COLUMNS, columns - length.length))}${length}`;
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' | ');
