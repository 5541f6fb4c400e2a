import { describe, expect, test } from 'vitest';
import { runAgent } from '../../src/agent/run-agent.ts';
import { findAgent, loadConfig } from '../../src/config.ts';
import { builtInTools } from '../../tools/index.ts';
import { createTestEngine } from '../helpers/engine.ts';
import { createTempProject } from '../helpers/temp-project.ts';

describe('the desk', () => {
  test('has every tool that reads, and remembers', async () => {
    const { folder } = await createTempProject();
    const { tools = [] } = findAgent(await loadConfig({ folder }), 'desk');
    const reading = builtInTools.filter(({ effect }) => effect === 'read').map(({ name }) => name);
    expect(tools.map(({ name }) => name).sort()).toEqual([...reading, 'remember'].sort());
  });

  test('has the bundled model find a value in a letter', async () => {
    const { folder, home, workspace } = await createTempProject({
      'letters/clinic.txt':
        'Letter\nPatient: Mira Stone\nDate: 2026-05-11\nMedication: Ramipril\nDose: 5 mg\n',
    });
    const agent = findAgent(await loadConfig({ folder }), 'desk');
    await using engine = await createTestEngine({ contextTokens: 8192 });
    const task = 'What is the dose in letters/clinic.txt?';
    const result = await runAgent({ agent, task, engine, workspace, home });
    expect(result).toMatchObject({ stopReason: 'done', text: 'The dose is 5 mg.' });
  });
});
