import type { RunEvent } from '../events.ts';
import { contentText, type ToolCall } from '../messages.ts';
import type { Output, Style } from './output.ts';

const SHOWN_CHARACTERS = 100;

/** Shows a run as it happens: steps, thoughts, calls and results. */
export function createProgress(output: Output): (event: RunEvent) => void {
  let channel: RunEvent['type'] | undefined;
  let endWait = () => {};
  const endLine = () => {
    if (channel) output.progress('\n');
    channel = undefined;
  };
  const line = (text: string, style: Style = 'plain') => {
    endLine();
    output.progress(`${text}\n`, style);
  };
  const stream = (type: 'thinking-delta' | 'text-delta', text: string) => {
    if (text === '') return;
    if (channel !== type) endLine();
    const indented = text.replaceAll('\n', '\n  ');
    output.progress(channel ? indented : `  ${indented}`, type === 'thinking-delta' ? 'dim' : 'plain');
    channel = type;
  };
  return (event) => {
    endWait();
    if (event.type === 'thinking-delta' || event.type === 'text-delta') stream(event.type, event.text);
    else if (event.type === 'step-start') line(`step ${event.step}`, 'bold');
    else if (event.type === 'step-end') {
      endLine();
      for (const toolCall of event.message.toolCalls) line(`  > ${showCall(toolCall)}`);
    } else if (event.type === 'tool-call-end') {
      line(`  < ${showText(contentText(event.result.content))}`, event.result.isError ? 'red' : 'dim');
    } else if (event.type === 'engine-restart') line(`  ${event.reason} A new one is started.`, 'red');
    else if (event.type === 'run-end') endLine();
    if (event.type === 'step-start') endWait = output.wait('reading');
    else if (event.type === 'tool-call-start') endWait = output.wait('working');
  };
}

/** A call in one line: `read_file path=invoices/a.txt`. */
export function showCall({ name, input }: ToolCall): string {
  const values = Object.entries(input).map(
    ([key, value]) => `${key}=${showText(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return [name, ...values].join(' ');
}

function showText(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' | ');
  if (line.length <= SHOWN_CHARACTERS) return line;
  return `${line.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}
