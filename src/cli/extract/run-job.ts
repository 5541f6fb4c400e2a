import type { Engine } from '../../engine/engine.ts';
import { extract } from '../../extract/extract.ts';
import type { ExtractEvent, Extraction } from '../../extract/extraction.ts';
import { sealState } from '../../seal/seal-state.ts';
import { escapeLine } from '../../terminal-text.ts';
import { EXIT } from '../command.ts';
import { interruptible, SAME_SIGNAL_MS } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { countValues } from './count-values.ts';
import { createJobProgress, type JobProgress } from './job-progress.ts';
import type { PreparedJob } from './prepare-job.ts';
import { summarySentence } from './show-summary.ts';
import { writeOutputs } from './write-outputs.ts';

type JobContext = { readonly output: Output; readonly isForPrograms: boolean };

const FINISHING = 'Finishing what is in hand; Ctrl-C again stops at once.';
const HOW_TO_GO_ON = 'Go on with: sotto extract --resume';

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
  return interruptible(async (signal) => {
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
      const written = await writeOutputs(extraction, job.note, { output, signal });
      if (isForPrograms) output.json({ type: 'job-end', ...toEnd(extraction), written });
      else tell(extraction, { job, output, written, known: shown.known() });
      return exitCodeFor(extraction, job);
    } catch (error) {
      shown.end();
      if (signal.aborted && error === signal.reason)
        output.note(`Stopped at once. The documents that were done are kept. ${HOW_TO_GO_ON}`);
      throw error;
    }
  }, takeInterrupt);
}

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
    ...(watch && { watch: {} }),
    ...(move && { move }),
  });
}

const withSeal = (event: ExtractEvent): object =>
  event.type === 'job-start' ? { ...event, seal: sealState().mechanism } : event;

const toEnd = ({ jobId, rows, failures, left }: Extraction): object => ({
  jobId,
  done: rows.length,
  failed: failures.length,
  left: left.length,
  values: countValues(rows),
});

/** A watched folder has no end of its own: Ctrl-C is how it is told that it is enough. */
function exitCodeFor({ failures, left }: Extraction, { note }: PreparedJob): number {
  if (left.length > 0 && !note.watch) return EXIT.interrupted;
  return failures.length > 0 ? EXIT.failed : EXIT.done;
}

type Told = {
  readonly job: PreparedJob;
  readonly output: Output;
  readonly written: readonly string[];
  readonly known: number;
};

function tell(extraction: Extraction, { job, output, written, known }: Told): void {
  const { rows, failures, left, jobId } = extraction;
  output.note(summarySentence(extraction, known));
  if (written.length > 0) output.note(`Written: ${written.map(escapeLine).join(', ')}`);
  const { unverified } = countValues(rows);
  if (left.length > 0) output.note(HOW_TO_GO_ON);
  else if (failures.length > 0) output.note('The same command again tries what failed once more.', 'dim');
  if (unverified > 0) output.note(`Look at what is unverified: sotto extract review ${jobId}`);
  if (!job.config.isBundledModel) return;
  output.note(
    'This is the small model that comes with Sotto: it shows how the command works, and finds next to nothing.',
  );
  output.note('For real work take a Qwen 3.5 of your own: sotto extract … --model FILE.gguf', 'dim');
}
