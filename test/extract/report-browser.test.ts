import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { writeReport } from '../../src/extract/report/write-report.ts';
import { found, invoiceRow, makeExtraction, makeRow, tempFolder } from './sample-extraction.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
if (!CHROMIUM) console.log('There is no chromium here: the tests that open the report in it are skipped.');

/** Opens the page without a network, and gives what the browser made of it. */
function browse(folder: string, url: string, more: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(
    CHROMIUM ?? '',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      '--disable-background-networking',
      '--no-first-run',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--virtual-time-budget=5000',
      ...more,
      url,
    ],
    { encoding: 'utf8', timeout: 100_000, maxBuffer: 200_000_000 },
  );
  if (status !== 0) throw new Error(`chromium ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout;
}

type Look = { width?: number; height?: number; more?: readonly string[]; keep?: string };

/** The pixels of the page as a browser draws it. */
async function shoot(folder: string, report: string, look: Look = {}) {
  const { width = 1280, height = 1400, more = [], keep } = look;
  const png = join(folder, `${keep ?? 'shot'}.png`);
  browse(folder, pathToFileURL(report).href, [
    `--window-size=${width},${height}`,
    `--screenshot=${png}`,
    ...more,
  ]);
  if (keep && process.env.SOTTO_SHOTS) await copyFile(png, join(process.env.SOTTO_SHOTS, `${keep}.png`));
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return { width: info.width, height: info.height, at };
}
type Shot = Awaited<ReturnType<typeof shoot>>;

const isNear = (pixel: readonly number[], colour: readonly number[]) =>
  colour.every((value, at) => Math.abs(value - (pixel[at] ?? 0)) <= 12);

const VERIFIED = [0x00, 0x72, 0xb2];
const UNVERIFIED = [0xd5, 0x5e, 0x00];

/** Boxes whose top and bottom edge are runs of that colour: the frames around values. */
function framesOf({ width, height, at }: Shot, colour: readonly number[]) {
  const runs: { x0: number; x1: number; y: number }[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isNear(at(x, y), colour)) continue;
      const x0 = x;
      while (x < width && isNear(at(x, y), colour)) x += 1;
      if (x - x0 > 15) runs.push({ x0, x1: x, y });
    }
  }
  // An edge is two pixels thick: its upper row counts.
  const tops = runs.filter(({ x0, x1, y }) => y > 0 && !isNear(at((x0 + x1) >> 1, y - 1), colour));
  return tops.flatMap((top) => {
    const bottom = tops.find(
      ({ x0, x1, y }) =>
        Math.abs(x0 - top.x0) < 3 && Math.abs(x1 - top.x1) < 3 && y > top.y + 8 && y < top.y + 80,
    );
    return bottom ? [{ x0: top.x0, x1: top.x1, y0: top.y, y1: bottom.y }] : [];
  });
}

function countOf({ width, height, at }: Shot, colour: readonly number[]): number {
  let count = 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) if (isNear(at(x, y), colour)) count += 1;
  return count;
}

function darkShare({ at }: Shot, { x0, x1, y0, y1 }: ReturnType<typeof framesOf>[number]): number {
  let [dark, all] = [0, 0];
  for (let y = y0 + 3; y < y1 - 2; y += 1) {
    for (let x = x0 + 3; x < x1 - 3; x += 1) {
      all += 1;
      if (at(x, y).every((part) => part < 110)) dark += 1;
    }
  }
  return dark / all;
}

async function sample(): Promise<{ folder: string; report: string }> {
  const folder = await tempFolder();
  const row = await invoiceRow(join(folder, 'energy.pdf'));
  const extraction = makeExtraction([row], {
    failures: [{ file: 'broken.pdf', problem: 'This file is cut off: its end is missing.' }],
    left: ['later.pdf'],
  });
  const report = join(folder, 'report.html');
  await writeReport(extraction, report);
  return { folder, report };
}

describe.skipIf(!CHROMIUM)('the report in a browser', { timeout: 200_000 }, () => {
  test('shows each value framed on a picture of its page, with its letters in the frame', async () => {
    const { folder, report } = await sample();
    const shot = await shoot(folder, report, { height: 2600, keep: 'report-1280' });
    const verified = framesOf(shot, VERIFIED);
    // Five fields, and two lines of two values.
    expect(verified).toHaveLength(9);
    for (const frame of verified) expect(darkShare(shot, frame)).toBeGreaterThan(0.02);
    expect(countOf(shot, UNVERIFIED)).toBeGreaterThan(100);
    const dark = await shoot(folder, report, {
      height: 2600,
      keep: 'report-dark',
      more: ['--blink-settings=preferredColorScheme=0'],
    });
    expect(framesOf(dark, VERIFIED)).toHaveLength(9);
    expect(Math.max(...dark.at(5, 5))).toBeLessThan(60);
  });

  test('fits a narrow window', async () => {
    const { folder, report } = await sample();
    const shot = await shoot(folder, report, { width: 500, height: 3200, keep: 'report-narrow' });
    const frames = framesOf(shot, VERIFIED);
    expect(frames.length).toBeGreaterThanOrEqual(5);
    for (const { x1 } of frames) expect(x1).toBeLessThan(500);
  });

  test('runs nothing and asks for nothing, whatever the documents say', async () => {
    const folder = await tempFolder();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hostile =
      `</style></title></svg></script><script>fetch('${origin}/script')</script><img src="${origin}/image" ` +
      `onerror="document.title='ran'"><style>@import url(${origin}/style);</style>"'\`><a href="javascript:1">x</a>\u202e`;
    const value = found(hostile, { quote: hostile, original: hostile, problem: hostile, page: 1 });
    const row = makeRow(join(folder, hostile.replaceAll('/', '_')), {
      values: { number: value, seller: { ...value, others: [value], status: 'unverified' } },
      lists: { items: [{ 'items.text': value, 'items.amount': value }] },
      checks: [{ check: hostile, holds: false, sentence: hostile }],
      pages: [{ first: 1, last: 1, via: 'none', isAsked: false, sentence: hostile }],
      notes: [hostile],
    });
    const report = join(folder, 'report.html');
    await writeReport(
      makeExtraction([row], {
        jobId: hostile,
        failures: [{ file: hostile, problem: hostile }],
        left: [hostile],
      }),
      report,
    );
    const dom = browse(folder, pathToFileURL(report).href, ['--dump-dom']);
    server.close();
    expect(asked).toEqual([]);
    expect(dom).toMatch(/<title>Values and their evidence<\/title>/);
    expect(dom).not.toMatch(/<(script|img|iframe|link|base|form|object)\b/i);
    expect(dom.match(/<style\b/gi)).toHaveLength(1);
    expect(dom).not.toMatch(/<[^>]+\s(on\w+|href="(?!#|data:image\/png;base64,))/i);
    expect(dom.split('\\u202e').length).toBeGreaterThan(10);
  });
});
