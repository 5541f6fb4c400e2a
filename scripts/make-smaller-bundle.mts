/** A FHIR bundle cut down to a size that a small model can read. */

type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };
export type Bundle = { readonly entry: readonly { readonly resource: Resource }[] };

/** Of each kind so many: the newest. */
const KEPT: Readonly<Record<string, number>> = {
  Patient: 1,
  AllergyIntolerance: 3,
  Condition: 3,
  MedicationRequest: 3,
  Observation: 6,
};
const KEPT_FIELDS = [
  'resourceType',
  'name',
  'gender',
  'birthDate',
  'telecom',
  'clinicalStatus',
  'status',
  'criticality',
  'code',
  'medicationCodeableConcept',
  'valueQuantity',
  'component',
  'onsetDateTime',
  'effectiveDateTime',
  'authoredOn',
  'recordedDate',
];

/** The newest resources of a few kinds, with the fields that a reader asks about. */
export function makeSmaller({ entry }: Bundle): object {
  const resources = entry.map(({ resource }) => resource);
  const kept = Object.entries(KEPT).flatMap(([type, count]) =>
    resources
      .filter((resource) => resource.resourceType === type && isOfUse(resource))
      .toSorted((a, b) => dateOf(b).localeCompare(dateOf(a)))
      .slice(0, count),
  );
  return {
    resourceType: 'Bundle',
    type: 'collection',
    meta: { source: 'https://github.com/smart-on-fhir/generated-sample-data (Apache-2.0), made smaller' },
    entry: kept.map((resource) => ({
      resource: Object.fromEntries(
        KEPT_FIELDS.flatMap((key) => (key in resource ? [[key, plain(resource[key])]] : [])),
      ),
    })),
  };
}

const dateOf = (resource: Resource): string =>
  String(
    resource.effectiveDateTime ??
      resource.onsetDateTime ??
      resource.authoredOn ??
      resource.recordedDate ??
      '',
  );

/** Values that a reader asks about, not the answers to questionnaires. */
const isOfUse = (resource: Resource): boolean =>
  resource.resourceType !== 'Observation' || 'valueQuantity' in resource || 'component' in resource;

/** Without the addresses of code systems; dates without the time; two decimals. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return Math.round(value * 100) / 100;
  if (typeof value === 'string') return value.replace(/T\d\d:\d\d:.*$/, '');
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => key !== 'system' && key !== 'extension');
  const { coding, text } = value as {
    readonly coding?: readonly { readonly code?: string }[];
    readonly text?: string;
  };
  if (coding && text) return { coding: [{ code: coding[0]?.code }], text };
  return Object.fromEntries(fields.map(([key, inner]) => [key, plain(inner)]));
}
