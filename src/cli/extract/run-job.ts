import type { Engine } from '../../engine/engine.ts';
import { extract } from '../../extract/extract.ts';
import type { ExtractEvent, Extraction } from '../../extract/extraction.ts';
import { sealState } from '../../seal/seal-state.ts';
import { EXIT } from '../command.ts';
import { interruptible, SAME_SIGNAL_MS } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { createJobProgress, type JobProgress } from './job-progress.ts';
import type { PreparedJob } from './prepare-job.ts';
import { HOW_TO_GO_ON, tell, toEnd } from './tell-end.ts';
import { writeOutputs } from './write-outputs.ts';

type JobContext = { readonly output: Output; readonly isForPrograms: boolean };

const FINISHING = 'Finishing what is in hand; Ctrl-C again stops at once.';
const NOTHING_TO_READ =
  'There is no document to read: nothing was written, and what lies there stays as it is. Look whether the folder is the right one, and there.';

/** Who watches ends it by Ctrl-C, and a service by SIGTERM: the table is written then. */
const ENDS_OF_WATCH = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the job and writes its table: also where a first Ctrl-C ended it before all documents were done. */
export function runJob(job: PreparedJob, { output, isForPrograms }: JobContext): Promise<number> {
  const finish = new AbortController();
  let progress: JobProgress | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  const takeInterrupt = () => {
    if (!progress) return false;
    if (finish.signal.aborted) return performance.now() - asked < SAME_SIGNAL_MS;
    asked = performance.now();
    finish.abort(new Error('interrupted'));
    progress.say(FINISHING);
    return true;
  };
  return interruptible(
    async (signal) => {
      const { LlamaEngine } = await import('../../engine/llama-engine.ts');
      const endWait = output.wait('loading the model');
      const { parallel } = job.note;
      const model = { ...job.config.model, ...(parallel !== undefined && { parallel }) };
      await using engine = await LlamaEngine.create(model, { signal }).finally(endWait);
      const shown = createJobProgress(output);
      progress = shown;
      try {
        const extraction = await work({ job, engine, signal, finish: finish.signal }, shown, (event) =>
          isForPrograms ? output.json(withSeal(event)) : shown.onEvent(event),
        );
        shown.end();
        // From here on the table is written: whoever cannot wait for that ends the program at once.
        progress = undefined;
        const { home } = job.config;
        // A folder without documents is most often the wrong one, or a disk that is not there: no reason to empty a table.
        const written = isEmpty(extraction)
          ? []
          : await writeOutputs(extraction, job.note, { home, output, signal });
        if (isForPrograms) output.json({ type: 'job-end', ...toEnd(extraction), written });
        if (isEmpty(extraction)) output.note(NOTHING_TO_READ);
        else if (!isForPrograms) tell(extraction, { job, output, written, counts: shown.counts() });
        return exitCodeFor(extraction, job);
      } catch (error) {
        shown.end();
        if (signal.aborted && error === signal.reason)
          output.note(`Stopped at once. The documents that were done are kept. ${HOW_TO_GO_ON}`);
        throw error;
      }
    },
    takeInterrupt,
    job.note.watch ? ENDS_OF_WATCH : undefined,
  );
}

const isEmpty = ({ rows, failures, left }: Extraction): boolean =>
  rows.length + failures.length + left.length === 0;

type Work = {
  readonly job: PreparedJob;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly finish: AbortSignal;
};

function work(
  { job, engine, signal, finish }: Work,
  { say }: JobProgress,
  onEvent: (event: ExtractEvent) => void,
): Promise<Extraction> {
  const { config, paths, schema, instructions, thinking, languages, leaveOut, note } = job;
  const { parallel = config.model.parallel, watch, move } = note;
  if (watch) say('Watching for new files; Ctrl-C ends it.', 'dim');
  const onTable = async (table: Extraction): Promise<void> => {
    await writeOutputs(table, note, { home: config.home, signal });
  };
  return extract({
    files: paths,
    schema,
    engine,
    home: config.home,
    leaveOut,
    note,
    signal,
    finish,
    onEvent,
    ...(instructions !== undefined && { instructions }),
    ...(thinking !== undefined && { thinking }),
    ...(languages && { languages }),
    ...(parallel !== undefined && { parallel }),
    ...(watch && { watch: { onTable } }),
    ...(move && { move }),
  });
}

const withSeal = (event: ExtractEvent): object =>
  event.type === 'job-start' ? { ...event, seal: sealState().mechanism } : event;

/** A watched folder has no end of its own: Ctrl-C is how it is told that it is enough. */
function exitCodeFor(extraction: Extraction, { note }: PreparedJob): number {
  const { failures, left } = extraction;
  if (isEmpty(extraction)) return note.watch ? EXIT.done : EXIT.failed;
  if (left.length > 0 && !note.watch) return EXIT.interrupted;
  return failures.length > 0 ? EXIT.failed : EXIT.done;
}
