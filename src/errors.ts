/**
 * Errors of the caller or of the environment. What a model may see is a tool result, and the end of a run is a
 * `stopReason`: neither is thrown.
 */

/** Base of all errors that Sotto throws. The message is one plain sentence: what happened, and what to do. */
export abstract class SottoError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** `agents.config.ts`, an agent or an option is not as it has to be. */
export class ConfigError extends SottoError {
  readonly code = 'CONFIG';
}

/** The model file cannot be used. */
export class ModelLoadError extends SottoError {
  readonly code = 'MODEL_LOAD';
  readonly path: string;
  constructor({ path, problem, cause }: { path: string; problem: string; cause?: unknown }) {
    super(`The model ${path} cannot be used: ${problem}`, { cause });
    this.path = path;
  }
}

/** The engine's process ended while it was needed. */
export class EngineCrashError extends SottoError {
  readonly code = 'ENGINE_CRASH';
  readonly exit: string;
  constructor({ exit, cause }: { exit: string; cause?: unknown }) {
    super(`The model's process ended unexpectedly (${exit}). What was done so far is kept in the journal.`, {
      cause,
    });
    this.exit = exit;
  }
}

/** The engine could not finish a message, and trying again in a new process would not help. */
export class GenerationError extends SottoError {
  readonly code = 'GENERATION';
  /** What happened, without an end mark. */
  readonly problem: string;
  constructor({ problem, cause }: { problem: string; cause?: unknown }) {
    super(
      `The model could not finish its message: ${problem}. What was done so far is kept in the journal.`,
      { cause },
    );
    this.problem = problem;
  }
}

/** The prompt alone does not fit the model's context. */
export class ContextOverflowError extends SottoError {
  readonly code = 'CONTEXT_OVERFLOW';
  readonly promptTokens: number;
  readonly contextTokens: number;
  constructor({ promptTokens, contextTokens }: { promptTokens: number; contextTokens: number }) {
    super(
      `The conversation has ${promptTokens} tokens and the model's context holds ${contextTokens}. ` +
        'Start a new thread, read less at a time, or raise model.contextTokens in agents.config.ts.',
    );
    this.promptTokens = promptTokens;
    this.contextTokens = contextTokens;
  }
}

/** A path leads out of the workspace, or to something in it that must not be touched. */
export class WorkspacePathError extends SottoError {
  readonly code = 'WORKSPACE_PATH';
  /** The path as it was asked for. */
  readonly path: string;
  constructor({ path, problem, cause }: { path: string; problem: string; cause?: unknown }) {
    super(`${JSON.stringify(path)} ${problem}`, { cause });
    this.path = path;
  }
}

/** The journal of a run is missing or cannot be read. */
export class JournalError extends SottoError {
  readonly code = 'JOURNAL';
  readonly path: string;
  constructor({ path, problem, cause }: { path: string; problem: string; cause?: unknown }) {
    super(`The journal ${path} ${problem}`, { cause });
    this.path = path;
  }
}

/** The ledger of an extraction job is missing, or cannot be read or written. */
export class JobError extends SottoError {
  readonly code = 'JOB';
  readonly path: string;
  constructor({ path, problem, cause }: { path: string; problem: string; cause?: unknown }) {
    super(`The job's file ${path} ${problem}`, { cause });
    this.path = path;
  }
}

/** Another process works with what only one may change at a time. */
export class LockError extends SottoError {
  readonly code = 'LOCK';
  /** Of the process that has it. */
  readonly pid: number;
  constructor({ what, pid }: { what: string; pid: number }) {
    const who = pid === process.pid ? 'this program' : `another program (process ${pid})`;
    super(`${what} is in use by ${who}. Nothing was changed. Wait until that has ended, or end it.`);
    this.pid = pid;
  }
}

/** What Sotto keeps cannot be read or written: a store, a list of a thread's runs. */
export class StoreError extends SottoError {
  readonly code = 'STORE';
  readonly path: string;
  constructor({ path, problem, cause }: { path: string; problem: string; cause?: unknown }) {
    super(`The file ${path} ${problem}`, { cause });
    this.path = path;
  }
}

/** The `.sotto` folder is encrypted and was not unlocked, its passphrase is wrong, or what is encrypted is damaged. */
export class VaultError extends SottoError {
  readonly code = 'VAULT';
}

/** What was thrown, in one line: its message without the stack and what follows. */
export const firstLine = (thrown: unknown, mostLetters?: number): string =>
  (String(thrown instanceof Error ? thrown.message : thrown).split('\n')[0] ?? '').slice(0, mostLetters);

/** Of what a reader's library says of its failure: it may quote the file. */
export const LETTERS_OF_FAILURE = 200;
