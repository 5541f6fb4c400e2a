/**
 * What pdf.js has to say of a file it writes to the console of the thread. Here it is kept and never printed: the words
 * of a document do not belong on a terminal.
 */

/** A file of faults has millions of them. */
const MOST_WARNINGS = 200;
/** `OpenJPEG` decodes pictures for pdf.js. */
const OF_PDFJS = /^(Warning|OpenJPEG): /;

export type Warnings = {
  readonly seen: ReadonlySet<string>;
  /** Those since it was last called, each once. */
  take(): readonly string[];
  stop(): void;
};

const collectors = new Set<{ readonly seen: Set<string>; readonly fresh: Set<string> }>();
let isInstalled = false;

/**
 * Collects from now until `stop`. pdf.js does not tell which document a warning is about: where several are open at once,
 * each gets the warnings of all.
 */
export function collectWarnings(): Warnings {
  install();
  const collector = { seen: new Set<string>(), fresh: new Set<string>() };
  collectors.add(collector);
  return {
    seen: collector.seen,
    take: () => {
      const taken = [...collector.fresh];
      collector.fresh.clear();
      return taken;
    },
    stop: () => collectors.delete(collector),
  };
}

/** Stays: pdf.js may warn after a document was closed. */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { warn } = console;
  console.warn = (...values: readonly unknown[]) => {
    const [message] = values;
    if (typeof message !== 'string' || !OF_PDFJS.test(message)) return warn.apply(console, [...values]);
    for (const { seen, fresh } of collectors) {
      if (seen.size < MOST_WARNINGS) seen.add(message);
      if (fresh.size < MOST_WARNINGS) fresh.add(message);
    }
  };
}
