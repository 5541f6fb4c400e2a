/** A cell's value as text: numbers without the noise of their binary form, dates as ISO 8601. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Excel keeps 15 digits and stores 17, so that 0.3 may stand in the file as 0.30000000000000004. */
const numberText = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(15))) : '';

/** A day without a time, a time without a day (Excel counts it from the end of 1899), or both; without a zone, which
 * a sheet does not know. */
function dateText(value: Date): string {
  const rounded = new Date(Math.round(value.getTime() / 1000) * 1000);
  if (Number.isNaN(rounded.getTime())) return '';
  const [day = '', time = ''] = rounded
    .toISOString()
    .replace(/\.000Z$/, '')
    .split('T');
  if (rounded.getTime() < FIRST_DAY) return time;
  return time === '00:00:00' ? day : `${day}T${time}`;
}

/** Of days and their parts, as hours that go beyond a day: `30:00:00`. */
export function durationText(days: number): string {
  if (!Number.isFinite(days)) return '';
  const seconds = Math.round(Math.abs(days) * 86_400);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const sign = days < 0 && seconds > 0 ? '-' : '';
  return sign + parts.map((part) => String(part).padStart(2, '0')).join(':');
}

const FIRST_DAY = Date.UTC(1899, 11, 31);
