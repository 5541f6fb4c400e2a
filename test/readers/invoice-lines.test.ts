import { describe, expect, test } from 'vitest';
import { parseInvoice } from '../../src/readers/invoice.ts';

const line = (inside: string) =>
  `<ram:IncludedSupplyChainTradeLineItem>${inside}</ram:IncludedSupplyChainTradeLineItem>`;
const price = (amount: string, basis = '') =>
  `<ram:SpecifiedLineTradeAgreement><ram:GrossPriceProductTradePrice><ram:ChargeAmount>99</ram:ChargeAmount></ram:GrossPriceProductTradePrice>
   <ram:NetPriceProductTradePrice><ram:ChargeAmount>${amount}</ram:ChargeAmount>${basis}</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>`;
const settled = (amount: string) =>
  `<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${amount}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>`;
const product = (name: string) =>
  `<ram:SpecifiedTradeProduct><ram:Name>${name}</ram:Name></ram:SpecifiedTradeProduct>`;
const delivered = (quantity: string) =>
  `<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">${quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>`;
const terms = (day: string) =>
  `<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString>${day}</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>`;
const cii = (
  lines: string,
  inSettlement = '',
) => `<rsm:CrossIndustryInvoice xmlns:rsm="r" xmlns:ram="a" xmlns:udt="u">
  <rsm:ExchangedDocument><ram:ID>R-17</ram:ID><ram:TypeCode>381</ram:TypeCode></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>${lines}<ram:ApplicableHeaderTradeSettlement>${inSettlement}
    <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>80.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`;
const linesOf = (xml: string) => parseInvoice(xml, 'a.xml')?.lines;

describe('the lines of Cross Industry Invoice', () => {
  test('are read with their net price, and with what they have', () => {
    const chair = product('Chair') + price('40.00') + delivered('2.0000') + settled('80.00');
    expect(linesOf(cii(line(chair) + line(product('Lamp'))))).toEqual([
      {
        description: 'Chair',
        quantity: '2.0000',
        unitCode: 'C62',
        unitPrice: '40.00',
        amount: '80.00',
        taxRate: '19.00',
      },
      { description: 'Lamp' },
    ]);
  });

  test('have no price of one where it is of a hundred', () => {
    const basis = (of: string) => `<ram:BasisQuantity>${of}</ram:BasisQuantity>`;
    expect(linesOf(cii(line(product('Nut') + price('4.00', basis('100')))))).toEqual([
      { description: 'Nut' },
    ]);
    expect(linesOf(cii(line(product('Nut') + price('4.00', basis('1.0000')))))).toEqual([
      { description: 'Nut', unitPrice: '4.00' },
    ]);
  });

  test('are not those that group others, or that are only text', () => {
    const status = (code: string) =>
      `<ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>${code}</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>`;
    const xml = cii(
      line(status('GROUP') + product('All') + settled('80.00')) +
        line(status('DETAIL') + product('One') + settled('80.00')) +
        line('<ram:AssociatedDocumentLineDocument/>'),
    );
    expect(linesOf(xml)?.map(({ description }) => description)).toEqual(['One']);
  });

  test('come with the kind of the document, their total, and the day when it is due, if there is one', () => {
    expect(parseInvoice(cii('', terms('20260924')), 'a.xml')).toMatchObject({
      typeCode: '381',
      linesTotal: '80.00',
      dueDate: '2026-09-24',
    });
    const instalments = parseInvoice(cii('', terms('20260924') + terms('20261024')), 'a.xml');
    expect(instalments).toBeDefined();
    expect(instalments).not.toHaveProperty('dueDate');
    expect(instalments).not.toHaveProperty('lines');
  });
});

test('the lines of ZUGFeRD 1 are read by their older names', () => {
  const xml = `<CrossIndustryDocument><HeaderExchangedDocument><ID>7</ID></HeaderExchangedDocument><SpecifiedSupplyChainTradeTransaction>
    <IncludedSupplyChainTradeLineItem>
      <SpecifiedSupplyChainTradeAgreement><NetPriceProductTradePrice><ChargeAmount>40</ChargeAmount></NetPriceProductTradePrice></SpecifiedSupplyChainTradeAgreement>
      <SpecifiedSupplyChainTradeDelivery><BilledQuantity unitCode="C62">2</BilledQuantity></SpecifiedSupplyChainTradeDelivery>
      <SpecifiedSupplyChainTradeSettlement><ApplicableTradeTax><ApplicablePercent>19</ApplicablePercent></ApplicableTradeTax>
        <SpecifiedTradeSettlementMonetarySummation><LineTotalAmount>80</LineTotalAmount></SpecifiedTradeSettlementMonetarySummation></SpecifiedSupplyChainTradeSettlement>
      <SpecifiedTradeProduct><Name>Chair</Name></SpecifiedTradeProduct>
    </IncludedSupplyChainTradeLineItem></SpecifiedSupplyChainTradeTransaction></CrossIndustryDocument>`;
  expect(linesOf(xml)).toEqual([
    { description: 'Chair', quantity: '2', unitCode: 'C62', unitPrice: '40', amount: '80', taxRate: '19' },
  ]);
});

test('UBL has lines, a due date, and a tax in the currency of the invoice', () => {
  const xml = `<ubl:Invoice xmlns:ubl="urn:ubl"><ID>8</ID><DueDate>2026-09-24</DueDate><InvoiceTypeCode>380</InvoiceTypeCode>
    <DocumentCurrencyCode>EUR</DocumentCurrencyCode>
    <TaxTotal><TaxAmount currencyID="PLN">80</TaxAmount></TaxTotal><TaxTotal><TaxAmount currencyID="EUR">19</TaxAmount></TaxTotal>
    <LegalMonetaryTotal><LineExtensionAmount>100</LineExtensionAmount></LegalMonetaryTotal>
    <InvoiceLine><InvoicedQuantity unitCode="C62">2</InvoicedQuantity><LineExtensionAmount>80</LineExtensionAmount>
      <Item><Name>Chair</Name><ClassifiedTaxCategory><Percent>19</Percent></ClassifiedTaxCategory></Item>
      <Price><PriceAmount>40</PriceAmount></Price></InvoiceLine></ubl:Invoice>`;
  expect(parseInvoice(xml, 'a.xml')).toMatchObject({
    dueDate: '2026-09-24',
    typeCode: '380',
    tax: '19',
    linesTotal: '100',
    lines: [
      { description: 'Chair', quantity: '2', unitCode: 'C62', unitPrice: '40', amount: '80', taxRate: '19' },
    ],
  });
});
