import { z } from 'zod';
import { defineTool } from '../src/tool/define-tool.ts';

/** The moment of the call, where the program runs. */
export const now = defineTool({
  name: 'now',
  description: 'Tell the date, the weekday and the time.',
  input: z.object({}),
  effect: 'read',
  run: () => describeMoment(new Date()),
});

/** Default of `timeZone`: that of the system. */
export function describeMoment(moment: Date, timeZone?: string): string {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const date = `${of('year')}-${of('month')}-${of('day')}`;
  const time = `${of('hour')}:${of('minute')}:${of('second')}`;
  const offset = of('timeZoneName').replace('GMT', '') || '+00:00';
  return [
    `Date: ${date}, ${of('weekday')}`,
    `Time: ${time}`,
    `Time zone: ${zone}`,
    `ISO 8601: ${date}T${time}${offset}`,
  ].join('\n');
}
