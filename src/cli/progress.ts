import type { RunEvent } from '../events.ts';
import { eventLines } from './event-lines.ts';
import type { Output, Style } from './output.ts';

export type ProgressOptions = {
  /** Whether a thought is streamed; otherwise one line says that there was one. Default: it is. */
  readonly isThoughtShown?: () => boolean;
};

/** Shows a run as it happens: steps, thoughts, calls and results. */
export function createProgress(
  output: Output,
  { isThoughtShown = () => true }: ProgressOptions = {},
): (event: RunEvent) => void {
  let channel: RunEvent['type'] | undefined;
  let status = '';
  let endWait: (() => void) | undefined;
  let openCalls = 0;
  const thought = createFoldedThought();
  const wait = (what: string) => {
    status = what;
    endWait ??= output.wait(() => status);
  };
  const stopWait = () => {
    endWait?.();
    endWait = undefined;
  };
  const line = (text: string, style: Style) => {
    stopWait();
    channel = undefined;
    output.note(text, style);
  };
  const stream = (type: 'thinking-delta' | 'text-delta', text: string) => {
    if (text === '') return;
    stopWait();
    if (channel !== type) output.endLine();
    const isThought = type === 'thinking-delta';
    // Without colour nothing else tells it from the answer.
    const start = isThought && output.isPlain ? '  (thought) ' : '  ';
    const indented = text.replaceAll('\n', '\n  ');
    output.progress(channel === type ? indented : start + indented, isThought ? 'dim' : 'plain');
    channel = type;
  };
  return (event) => {
    if (event.type === 'thinking-delta' && !isThoughtShown()) return wait(thought.add(event.text));
    if (event.type === 'prompt-delta') {
      if (endWait) wait(`reading ${count(event.evaluatedTokens)} of ${count(event.newTokens)} tokens,`);
      return;
    }
    if (event.type === 'tool-delta') {
      if (output.isPlain) line(`  ${event.text}`, 'dim');
      else if (endWait) wait(`${event.text},`);
      return;
    }
    const folded = thought.end();
    if (folded) line(`  ${folded}`, 'dim');
    if (event.type === 'thinking-delta' || event.type === 'text-delta') return stream(event.type, event.text);
    for (const { text, style } of eventLines(event, output.columns)) line(text, style);
    if (event.type === 'step-start') wait('reading');
    else if (event.type === 'tool-call-start') openCalls += 1;
    else if (event.type === 'tool-call-end') openCalls -= 1;
    else if (event.type === 'step-end' || event.type === 'run-end') {
      stopWait();
      output.endLine();
      channel = undefined;
      openCalls = 0;
    }
    if (openCalls > 0) wait(event.type === 'agent-event' ? `${event.agent} works,` : 'working');
  };
}

const count = (tokens: number): string => tokens.toLocaleString('en');

/** Counts what is thought and not shown. */
function createFoldedThought() {
  let words = '';
  let startedAt = 0;
  const length = () => `${count(words.split(/\s+/).filter(Boolean).length)} words`;
  return {
    add(text: string): string {
      if (words === '') startedAt = performance.now();
      words += text;
      return `thinking, ${length()},`;
    },
    /** One line about the thought, where there was one. */
    end(): string | undefined {
      if (words.trim() === '') return undefined;
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const said = `(thought for ${seconds} s, ${length()})`;
      words = '';
      return said;
    },
  };
}
