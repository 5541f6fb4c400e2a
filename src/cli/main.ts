import { firstLine, SottoError } from '../errors.ts';
import { escapeLine } from '../terminal-text.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { endNow } from './interrupt.ts';
import { createOutput, showWarnings } from './output.ts';
import { takePassphraseFd } from './passphrase.ts';

const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  run: () => import('./run.ts'),
  resume: () => import('./resume.ts'),
  chat: () => import('./chat.ts'),
  agents: () => import('./agents.ts'),
  tools: () => import('./tools.ts'),
  threads: () => import('./threads.ts'),
  runs: () => import('./runs.ts'),
  memory: () => import('./memory.ts'),
  read: () => import('./read.ts'),
  extract: () => import('./extract.ts'),
  doctor: () => import('./doctor.ts'),
};

const output = createOutput(process);
showWarnings(output);

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
    const { command } = await load();
    return await command(takePassphraseFd(args), output);
  } catch (error) {
    if (isUsageError(error)) {
      const sentence = error.message.replace(/\.?$/, '.');
      output.note(escapeLine(`${sentence} \`sotto --help\` lists the commands and their options.`));
      return EXIT.usage;
    }
    output.note(
      escapeLine(error instanceof SottoError ? error.message : `Sotto failed: ${firstLine(error)}`),
    );
    return EXIT.failed;
  }
}

const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS'));

// The launcher was killed: this ends as if it had been, so that the same command goes on with its run.
process.once('disconnect', () => process.exit(EXIT.interrupted));
process.channel?.unref();

process.exitCode = await main(process.argv.slice(2));
if (process.exitCode === EXIT.interrupted) endNow(EXIT.interrupted);
