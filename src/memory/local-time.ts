/** A time for people, of this machine's zone: `2026-11-21 16:43:04`. Nothing where it is none. */
export function localTime(time: Date | string | number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toLocaleString('sv-SE');
}
