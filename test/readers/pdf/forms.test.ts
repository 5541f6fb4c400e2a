import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { pagesOf, partsOf, rawPdf } from './made-pdf.ts';

async function formPdf({ label = '' } = {}): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 300]);
  if (label) page.drawText(label, { x: 20, y: 253, size: 12 });
  const form = pdf.getForm();
  const name = form.createTextField('name');
  name.setText('Ada Lovelace');
  name.addToPage(page, { x: 120, y: 245, width: 150, height: 24 });
  const member = form.createCheckBox('member');
  member.addToPage(page, { x: 120, y: 200, width: 16, height: 16 });
  member.check();
  const guest = form.createCheckBox('guest');
  guest.addToPage(page, { x: 160, y: 200, width: 16, height: 16 });
  const country = form.createDropdown('country');
  country.setOptions(['France', 'Spain']);
  country.select('Spain');
  country.addToPage(page, { x: 120, y: 150, width: 150, height: 24 });
  return pdf.save();
}

describe('a form', () => {
  test('gives the values of its fields', async () => {
    const [page] = await pagesOf(await formPdf());
    const values = Object.fromEntries((page?.fields ?? []).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ name: 'Ada Lovelace', guest: '', country: 'Spain' });
    expect(values.member).not.toBe('');
    expect(page?.fields.find(({ name }) => name === 'name')?.box?.map(Math.round)).toEqual([
      120, 31, 271, 56,
    ]);
  });

  test('has its values in the text, in their place', async () => {
    const [page] = await pagesOf(await formPdf({ label: 'Name' }));
    expect(page?.text.replace(/ +/g, ' ')).toBe('Name Ada Lovelace\n[x] [ ]\nSpain');
    expect(page?.via).toBe('text');
  });

  test('shows the boxes that are not ticked, and a question without an answer', async () => {
    const pdf = await PDFDocument.create();
    const page = pdf.addPage([400, 300]);
    ['Pregnant', 'Allergic'].forEach((question, row) => {
      const y = 250 - 40 * row;
      const group = pdf.getForm().createRadioGroup(question);
      ['yes', 'no'].forEach((answer, column) => {
        const x = 120 + 60 * column;
        group.addOptionToPage(answer, page, { x, y, width: 12, height: 12 });
        page.drawText(answer, { x: x + 18, y: y + 2, size: 11 });
      });
      if (row === 0) group.select('no');
      page.drawText(`${question}:`, { x: 20, y: y + 2, size: 11 });
    });
    const [read] = await pagesOf(await pdf.save());
    expect(read?.text.replace(/ +/g, ' ')).toBe('Pregnant: [ ] yes [x] no\nAllergic: [ ] yes [ ] no');
    const values = read?.fields.map(({ name, value }) => [name, value === '']);
    expect(values).toEqual([
      ['Pregnant', false],
      ['Allergic', true],
    ]);
  });

  test('is read as a form where it holds nothing else', async () => {
    const [page] = await pagesOf(await formPdf());
    expect(page).toMatchObject({ via: 'form', text: 'Ada Lovelace\n[x]  [ ]\nSpain' });
  });

  test('does not say twice what stands in the page too', async () => {
    const pdf = await PDFDocument.load(await formPdf());
    pdf.getPage(0).drawText('Ada Lovelace', { x: 160, y: 252, size: 12 });
    const [page] = await pagesOf(await pdf.save());
    expect(page?.text.match(/Ada/g)).toHaveLength(1);
  });
});

describe('annotations', () => {
  const annotated = async (entries: Record<string, unknown>) => {
    const pdf = await PDFDocument.create();
    const page = pdf.addPage([400, 300]);
    page.drawText('The text', { x: 20, y: 250, size: 12 });
    const note = pdf.context.obj({ Type: 'Annot', Rect: [50, 100, 200, 120], ...entries } as never);
    page.node.set(PDFName.of('Annots'), pdf.context.obj([pdf.context.register(note)]));
    return pdf.save();
  };

  // pdf.js draws its own icon of 22 points at the top left of a note.
  test('a note is a field', async () => {
    const bytes = await annotated({
      Subtype: 'Text',
      Contents: PDFString.of('Check this'),
      T: PDFString.of('Ada'),
    });
    const [page] = await pagesOf(bytes);
    expect(page?.fields).toEqual([{ name: 'Ada', value: 'Check this', box: [50, 180, 72, 202] }]);
    expect(page?.text).toBe('The text');
  });

  test('text that is typed on the page stands in its text', async () => {
    const bytes = await annotated({
      Subtype: 'FreeText',
      Contents: PDFString.of('typed on'),
      DA: PDFString.of('/Helv 12 Tf'),
    });
    const [page] = await pagesOf(bytes);
    expect(page?.text).toBe('The text\ntyped on');
  });

  test('what is hidden is left out', async () => {
    const bytes = await annotated({ Subtype: 'Text', Contents: PDFString.of('Nobody sees this'), F: 2 });
    expect(JSON.stringify(await pagesOf(bytes))).not.toContain('Nobody');
  });

  test('a file that is attached to a place is listed', async () => {
    const pdf = await PDFDocument.create();
    const page = pdf.addPage();
    const content = pdf.context.register(pdf.context.stream('12345', { Type: 'EmbeddedFile' }));
    const file = pdf.context.obj({ Type: 'Filespec', F: PDFString.of('pinned.txt'), EF: { F: content } });
    const pin = pdf.context.obj({
      Type: 'Annot',
      Subtype: 'FileAttachment',
      Rect: [0, 0, 9, 9],
      FS: pdf.context.register(file),
    });
    page.node.set(PDFName.of('Annots'), pdf.context.obj([pdf.context.register(pin)]));
    expect(await partsOf(await pdf.save())).toContainEqual({
      type: 'attachment',
      attachment: { name: 'pinned.txt', byteLength: 5, read: false },
    });
  });
});

test('enableXfa: a form of Adobe LiveCycle is read, and not its page that says Please wait', async () => {
  const bytes = rawPdf([
    '<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    { data: 'BT /F1 20 Tf 20 100 Td (Please wait...) Tj ET' },
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    { data: XFA },
  ]);
  const [page] = await pagesOf(bytes);
  expect(page).toMatchObject({ via: 'form', text: 'Guten Tag\nBerlin', fields: [{ value: 'Berlin' }] });
  expect(page?.warnings.map(({ code }) => code)).toEqual(['dynamic-form']);
});

const XFA = `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">
<subform name="form1" layout="tb"><pageSet><pageArea><contentArea x="10pt" y="10pt" w="500pt" h="700pt"/>
<medium stock="default" short="600pt" long="800pt"/></pageArea></pageSet>
<subform layout="tb" w="500pt"><draw name="greeting" w="200pt" h="20pt"><value><text>Guten Tag</text></value></draw>
<field name="city" w="200pt" h="20pt"><ui><textEdit/></ui><value><text>Berlin</text></value></field></subform>
</subform></template></xdp:xdp>`;
