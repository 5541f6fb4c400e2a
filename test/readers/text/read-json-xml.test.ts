import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../../src/readers/text/read-json.ts';
import { readText } from '../../../src/readers/text/read-text.ts';
import { readXml } from '../../../src/readers/text/read-xml.ts';
import { readAll } from './read-all.ts';

describe('readText', () => {
  test('gives the text as it stands, with line feeds', async () => {
    const { pages, warnings } = await readAll(readText, '# A\r\n\r\nb\tc\0\rd');
    expect(pages).toMatchObject([
      { number: 1, text: '# A\n\nb\tc\0\nd', spans: [{ text: '# A' }, { text: 'b\tc\0\nd' }] },
    ]);
    expect(warnings).toEqual([]);
  });

  test('says that white space is blank', async () => {
    expect((await readAll(readText, ' \n')).pages).toMatchObject([
      { via: 'none', warnings: [{ code: 'blank' }] },
    ]);
  });
});

describe('readJson', () => {
  test('gives the text as it stands', async () => {
    const { text, warnings } = await readAll(readJson, '{"a": [1, 1e400, "\\u0000"]}');
    expect(text).toBe('{"a": [1, 1e400, "\\u0000"]}');
    expect(warnings).toEqual([]);
  });

  test('shows broken JSON, and says where it is broken', async () => {
    const { text, warnings } = await readAll(readJson, '{\n"a": 1,\n}');
    expect(text).toBe('{\n"a": 1,\n}');
    expect(warnings).toMatchObject([{ code: 'recovered', sentence: expect.stringContaining('(line 3)') }]);
  });

  const suite = path.join(
    process.env.SOTTO_CORPORA ?? path.resolve(import.meta.dirname, '../../../../shared/corpora'),
    'json/JSONTestSuite',
  );
  const files = fs.existsSync(suite) ? fs.globSync('**/{y,n}_*.json', { cwd: suite }) : [];
  test.skipIf(files.length === 0)(
    'agrees with JSONTestSuite (skipped where the corpora are absent)',
    async () => {
      const wrong: string[] = [];
      for (const file of files) {
        const { warnings } = await readAll(readJson, fs.readFileSync(path.join(suite, file)));
        const isValid = !warnings.some(({ code }) => code === 'recovered');
        if (isValid !== path.basename(file).startsWith('y_')) wrong.push(file);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('readXml', () => {
  test('shows entities as they stand, whether of this file or of another', async () => {
    const xml =
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY f SYSTEM "file:///etc/passwd">]><a>&b;&f;</a>';
    expect((await readAll(readXml, xml)).text).toBe(xml);
  });

  test('reads the encoding that it declares', async () => {
    const xml = Buffer.from('<?xml version="1.0" encoding="ISO-8859-15"?><a>\xa4</a>', 'latin1');
    expect((await readAll(readXml, xml)).text).toContain('<a>€</a>');
  });

  test('reads an electronic invoice', async () => {
    const xml =
      '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:c="c"><c:ID>R-7</c:ID><c:LegalMonetaryTotal/></Invoice>';
    const { invoice } = await readAll(readXml, xml, { name: 'invoice.xml' });
    expect(invoice).toMatchObject({ name: 'invoice.xml', number: 'R-7' });
  });
});
