import type { JsonValue } from '../messages.ts';

/** JSON as the chat template's `tojson` writes it (Python's `json.dumps`): `", "` and `": "`, no ASCII escapes. */
export function toTemplateJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(toTemplateJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${toTemplateJson(item)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return JSON.stringify(value);
}
