import { expect, test } from 'vitest';
import { parseUnknown, unknownOnTerminal } from '../../src/cli/ask-unknown.ts';
import { createOutput, type Screen } from '../../src/cli/output.ts';

const toolCall = { id: 'c', name: 'write_file', input: { path: 'a\u001b[2Jb.md', content: 'x' } };

async function ask(answer: string) {
  let shown = '';
  const screen: Screen = {
    isTTY: true,
    columns: 80,
    write: (text) => {
      shown += text;
    },
    on: () => {},
  };
  const output = createOutput({ stdout: screen, stderr: screen });
  const decide = unknownOnTerminal(output, async (question) => {
    shown += question;
    return answer;
  });
  return { decision: await decide({ agent: 'clerk', runId: 'r', toolCall, effect: 'write' }), shown };
}

test.each([
  ['r', 'run-again'],
  ['Run again', 'run-again'],
  ['s', 'skip'],
  ['skip ', 'skip'],
  ['c', 'check'],
  ['', 'check'],
  ['rs', 'check'],
  ['yes', 'check'],
])('takes %j for %s', async (answer, decision) => {
  expect(await ask(answer)).toMatchObject({ decision });
});

test('shows the call as it is, and nothing of it as anything else', async () => {
  const { shown } = await ask('');
  expect(shown).toContain('write_file, called by clerk');
  expect(shown).toContain('path: a\\x1b[2Jb.md');
  expect(shown).not.toContain('\u001b[2J');
});

test('takes a decision ahead, and no other word for one', () => {
  expect(parseUnknown('skip')).toBe('skip');
  expect(() => parseUnknown('check')).toThrow(/run-again or skip/);
});
