import { findFiles } from '../readers/find-files.ts';
import { checkLanguages } from './check-languages.ts';
import { type Command, EXIT } from './command.ts';
import { interruptible } from './interrupt.ts';
import { parseRequest } from './read/parse-request.ts';
import { createPasswords } from './read/passwords.ts';

/** `sotto read <file…|folder>`: needs no model and no config. */
export const command: Command = async (args, output) => {
  const request = parseRequest(args);
  await checkLanguages(request.languages);
  return interruptible(async (interrupted) => {
    const signal = AbortSignal.any([interrupted, output.closed]);
    const { passwordFile, evidence, paths } = request;
    try {
      const passwords = await createPasswords(
        { output, ...(passwordFile !== undefined && { passwordFile }) },
        signal,
      );
      const context = { request, output, passwords, signal };
      const [path = ''] = paths;
      if (evidence) return await (await import('./read/draw-file.ts')).drawFile(path, evidence, context);
      const found = await findFiles(paths, signal);
      if (found.hasFolder || found.files.length > 1)
        return await (await import('./read/read-many.ts')).readMany(found, context);
      return await (await import('./read/read-one.ts')).readOne(path, context);
    } catch (error) {
      // `| head` has seen what it wanted: that is no failure.
      if (output.closed.aborted && error === output.closed.reason) return EXIT.done;
      throw error;
    }
  });
};
