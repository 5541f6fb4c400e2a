/**
 * A span as a line of an OTLP JSON file, which collectors and trace viewers read:
 * https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 *
 * Written by hand: the official serializer brings eight packages and 19 MB, of which a run would need what stands here.
 */

export type Attribute = { readonly key: string; readonly value: AttributeValue };
type AttributeValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AttributeValue[] } };

export type Span = {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Default: it is the root of its trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** `client`: what it asks works in another process. */
  readonly kind: 'internal' | 'client';
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: readonly Attribute[];
  readonly isError: boolean;
};

const KINDS = { internal: 1, client: 3 } as const;
const STATUS_OF_ERROR = { code: 2 };

export const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
export const flag = (key: string, value: boolean): Attribute => ({ key, value: { boolValue: value } });
export const texts = (key: string, values: readonly string[]): Attribute => ({
  key,
  value: { arrayValue: { values: values.map((value) => ({ stringValue: value })) } },
});
/** Whole numbers of 64 bits are strings in this format. */
export const whole = (key: string, value: number): Attribute => ({
  key,
  value: { intValue: String(Math.round(value)) },
});
export const decimal = (key: string, value: number): Attribute => ({ key, value: { doubleValue: value } });

/** With its line end. */
export function toOtlpLine({ kind, startMs, endMs, isError, ...span }: Span): string {
  const { attributes, ...named } = span;
  const written = {
    ...named,
    kind: KINDS[kind],
    startTimeUnixNano: toNanoseconds(startMs),
    endTimeUnixNano: toNanoseconds(Math.max(startMs, endMs)),
    attributes,
    status: isError ? STATUS_OF_ERROR : {},
  };
  const resource = { attributes: [text('service.name', 'sotto')] };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'sotto' }, spans: [written] }] }] })}\n`;
}

const toNanoseconds = (ms: number): string => `${Math.round(ms)}000000`;
