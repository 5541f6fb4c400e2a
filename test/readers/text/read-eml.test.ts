import { describe, expect, test } from 'vitest';
import { readEml } from '../../../src/readers/text/read-eml.ts';
import { docx } from '../office/zip-files.ts';
import { readAll } from './read-all.ts';

const HEAD =
  'From: Ann <ann@example.org>\r\nTo: Bo <bo@example.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n';

const part = (headers: string, body: string): string => `--x\r\n${headers}\r\n\r\n${body}\r\n`;
const mixed = (...parts: readonly string[]): string =>
  `${HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${parts.join('')}--x--\r\n`;
const file = (name: string, bytes: Uint8Array | string): string =>
  part(
    `Content-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"`,
    Buffer.from(bytes).toString('base64'),
  );
const TEXT = part('Content-Type: text/plain', 'See below.');

describe('readEml', () => {
  test('gives the headers as they stand, and the text', async () => {
    const { text, start } = await readAll(
      readEml,
      `${HEAD}Date: Tue, 1 Oct 2024 12:00:00 +0200\r\n\r\nHello.\r\n`,
    );
    expect(text).toBe(
      'From: Ann <ann@example.org>\nTo: Bo <bo@example.org>\nDate: Tue, 1 Oct 2024 12:00:00 +0200\nSubject: Grüße\n\nHello.',
    );
    expect(start?.metadata).toMatchObject({ title: 'Grüße', date: 'Tue, 1 Oct 2024 12:00:00 +0200' });
  });

  test('reads HTML as a page; a plain text that says something else follows', async () => {
    const both = (plain: string) =>
      mixed(
        part(
          'Content-Type: multipart/alternative; boundary=y',
          `--y\r\nContent-Type: text/plain\r\n\r\n${plain}\r\n--y\r\nContent-Type: text/html\r\n\r\n<p>Pay <b>5 euros</b>.\r\n--y--`,
        ),
      );
    expect((await readAll(readEml, both('Pay 5 euros.'))).text).toMatch(/Grüße\n\nPay 5 euros\.$/);
    expect((await readAll(readEml, both('Pay 500 dollars to Carl.'))).text).toMatch(
      /differs:\nPay 500 dollars to Carl\.$/,
    );
  });

  test('reads what is attached; pages are numbered on', async () => {
    const letter = docx('<w:p><w:r><w:t>A letter</w:t></w:r></w:p>');
    const mail = mixed(
      TEXT,
      file('a.txt', 'One'),
      file('letter.docx', letter),
      file('b.bin', '\x01\x02\x03\x04'),
    );
    const { pages, attachments, warnings } = await readAll(readEml, mail);
    expect(pages.map(({ number, label, text }) => [number, label, text])).toEqual([
      [1, undefined, expect.stringContaining('See below.')],
      [2, 'a.txt, page 1', 'One'],
      [3, 'letter.docx, page 1', 'A letter'],
    ]);
    expect(attachments.map(({ name, read }) => [name, read])).toEqual([
      ['a.txt', true],
      ['letter.docx', true],
      ['b.bin', false],
    ]);
    expect(warnings).toMatchObject([
      { code: 'attachment-not-read', sentence: expect.stringContaining('“b.bin”') },
    ]);
  });

  test('reads only the pages that are asked for', async () => {
    const mail = mixed(TEXT, file('a.txt', 'One'), file('b.txt', 'Two'));
    const { pages, attachments } = await readAll(readEml, mail, { pages: [[3, 3]] });
    expect(pages.map(({ number, text }) => [number, text])).toEqual([[3, 'Two']]);
    expect(attachments).toHaveLength(2);
    const first = await readAll(readEml, mail, { pages: [[1, 1]] });
    expect([first.pages.length, first.start?.pageCount]).toEqual([1, 3]);
  });

  test('opens a mail in a mail, but not one in that one', async () => {
    const nested = (inner: string, name: string) => mixed(TEXT, file(name, inner));
    const deep = nested(nested(nested('deepest', 'd.txt'), 'c.eml'), 'b.eml');
    const { pages, attachments, warnings } = await readAll(readEml, deep);
    expect(pages.map(({ label }) => label)).toEqual([undefined, 'b.eml, page 1', 'b.eml, c.eml, page 1']);
    expect(attachments.map(({ name, read }) => [name, read])).toEqual([
      ['b.eml/c.eml/d.txt', false],
      ['b.eml/c.eml', true],
      ['b.eml', true],
    ]);
    expect(warnings).toMatchObject([{ code: 'attachment-not-read' }]);
  });

  test('holds the limits over all attachments together', async () => {
    const mail = mixed(TEXT, file('a.txt', 'x'.repeat(60)), file('b.txt', 'y'.repeat(60)));
    const bytes = await readAll(readEml, mail, { limits: { zipBytes: 100 } });
    expect(bytes.attachments.map(({ read }) => read)).toEqual([true, false]);
    expect(bytes.warnings[0]?.sentence).toContain('larger than');
    const pages = await readAll(readEml, mail, { limits: { pages: 2 } });
    expect(pages.attachments.map(({ read }) => read)).toEqual([true, false]);
  });

  test('refuses what is no mail', async () => {
    expect((await readAll(readEml, 'garbage\n\nmore garbage')).refused?.code).toBe('damaged');
  });
});
