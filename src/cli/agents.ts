import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { type Command, EXIT } from './command.ts';
import { toTable } from './output.ts';

/** `sotto agents`: the agents of this project. */
export const command: Command = async (args, output) => {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { agents } = await loadConfig({ ...(values.config && { configPath: values.config }) });
  if (values.json) {
    for (const { name, description, tools = [], thinking = 'on' } of agents) {
      output.json({ name, description, tools: tools.map((tool) => tool.name), thinking });
    }
  } else output.answer(toTable(agents.map(({ name, description }) => [name, description])));
  return EXIT.done;
};
