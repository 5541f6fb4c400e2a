import { parseArgs } from 'node:util';
import { toolsOf } from '../agent/agent-tool.ts';
import { findAgent, loadConfig } from '../config.ts';
import { type Command, EXIT } from './command.ts';
import { toTable } from './output.ts';

/** `sotto tools [agent]`: the built-in tools, or those of an agent. */
export const command: Command = async (args, output) => {
  const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const config = await loadConfig({ ...(values.config && { configPath: values.config }) });
  const tools =
    positionals[0] === undefined ? config.builtInTools : toolsOf(findAgent(config, positionals[0]));
  if (values.json) {
    for (const { name, description, effect, parameters } of tools)
      output.json({ name, description, effect, parameters });
  } else output.answer(toTable(tools.map(({ name, effect, description }) => [name, effect, description])));
  return EXIT.done;
};
