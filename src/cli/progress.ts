import type { RunEvent } from '../events.ts';
import { contentText, type ToolCall } from '../messages.ts';
import type { Output } from './output.ts';

const SHOWN_VALUE = 100;

/** Shows a run as it happens: steps, thoughts, calls and results. */
export function createProgress(output: Output): (event: RunEvent) => void {
  let inLine = false;
  const line = (text: string, style: 'dim' | 'bold' | 'red' | 'plain' = 'plain') => {
    if (inLine) output.progress('\n');
    inLine = false;
    output.progress(`${text}\n`, style);
  };
  return (event) => {
    if (event.type === 'step-start') line(`step ${event.step}`, 'bold');
    else if (event.type === 'thinking-delta' || event.type === 'text-delta') {
      output.progress(
        inLine ? event.text : `  ${event.text.trimStart()}`,
        event.type === 'thinking-delta' ? 'dim' : 'plain',
      );
      inLine = true;
    } else if (event.type === 'tool-call-start') line(`  > ${showCall(event.toolCall)}`);
    else if (event.type === 'tool-call-end') {
      line(`  < ${showText(contentText(event.result.content))}`, event.result.isError ? 'red' : 'dim');
    } else if (event.type === 'engine-restart') line(`  ${event.reason} A new one is started.`, 'red');
    else if (event.type === 'step-end' && inLine) line('');
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
  return line.length > SHOWN_VALUE ? `${line.slice(0, SHOWN_VALUE)}… (${text.length} characters)` : line;
}
