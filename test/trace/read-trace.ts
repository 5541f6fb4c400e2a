import { readFile } from 'node:fs/promises';

export type ReadSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
  /** Of each attribute the one value that it has, whatever its type. */
  readonly values: Readonly<Record<string, unknown>>;
};

type Line = {
  readonly resourceSpans: readonly [
    { readonly scopeSpans: readonly [{ readonly spans: readonly (ReadSpan & Attributed)[] }] },
  ];
};
type Attributed = {
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
};

/** The spans of a trace file, as they were written. */
export async function readTrace(path: string): Promise<readonly ReadSpan[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ resourceSpans: [{ scopeSpans }] }) => scopeSpans[0].spans)
    .map((span) => ({
      ...span,
      values: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }));
}

/** The spans as a tree of names: `run(step, call(run(step)))`, in the order of their ends. */
export function toTree(spans: readonly ReadSpan[], parentSpanId?: string): string {
  return spans
    .filter((span) => span.parentSpanId === parentSpanId)
    .map((span) => {
      const below = toTree(spans, span.spanId);
      return below === '' ? span.name : `${span.name}(${below})`;
    })
    .join(', ');
}
