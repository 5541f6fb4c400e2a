import { expect, test } from 'vitest';
import { describeMoment, now } from '../../tools/now.ts';
import { callTool, workspaceWith } from './call-tool.ts';

const MOMENT = new Date('2026-07-01T23:30:05Z');

test.each([
  ['UTC', '2026-07-01, Wednesday', '23:30:05', '+00:00'],
  ['Europe/Berlin', '2026-07-02, Thursday', '01:30:05', '+02:00'],
  ['Asia/Kolkata', '2026-07-02, Thursday', '05:00:05', '+05:30'],
  ['America/New_York', '2026-07-01, Wednesday', '19:30:05', '-04:00'],
])('a moment in %s', (zone, day, time, offset) => {
  expect(describeMoment(MOMENT, zone)).toBe(
    `Date: ${day}\nTime: ${time}\nTime zone: ${zone}\nISO 8601: ${day.slice(0, 10)}T${time}${offset}`,
  );
});

test('midnight is 00:00', () => {
  expect(describeMoment(new Date('2026-01-01T00:00:00Z'), 'UTC')).toContain('T00:00:00+00:00');
});

test('now gives the moment of the call, to the second', async () => {
  const before = Math.floor(Date.now() / 1000);
  const text = String(await callTool(now, {}, await workspaceWith({})));
  const told = Date.parse(/ISO 8601: (.*)$/.exec(text)?.[1] ?? '') / 1000;
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now() / 1000);
});
