import { describe, expect, test } from 'vitest';
import { parseInvoice } from '../../src/readers/invoice.ts';

const cii = (inside = '') => `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:ram" xmlns:udt="urn:udt">
 <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
 <rsm:ExchangedDocument><ram:ID>R-17${inside}</ram:ID><ram:IssueDateTime><udt:DateTimeString format="102">20240131</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>M&#252;ller &amp; Co</ram:Name></ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name> Buyer </ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount><ram:GrandTotalAmount>119.00</ram:GrandTotalAmount><ram:DuePayableAmount>19.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>`;

describe('an electronic invoice', () => {
  test('is read from Cross Industry Invoice', () => {
    expect(parseInvoice(cii(), 'factur-x.xml')).toEqual({
      name: 'factur-x.xml',
      profile: 'urn:cen.eu:en16931:2017',
      number: 'R-17',
      date: '2024-01-31',
      currency: 'EUR',
      seller: 'Müller & Co',
      buyer: 'Buyer',
      net: '100.00',
      tax: '19.00',
      total: '119.00',
      due: '19.00',
      xml: cii(),
    });
  });

  test('is read from ZUGFeRD 1', () => {
    const sums = 'SpecifiedTradeSettlementMonetarySummation';
    const xml = `<CrossIndustryDocument xmlns="urn:ferd"><HeaderExchangedDocument><ID>7</ID></HeaderExchangedDocument>
      <SpecifiedSupplyChainTradeTransaction><ApplicableSupplyChainTradeSettlement><${sums}>
      <GrandTotalAmount currencyID="EUR">5.10</GrandTotalAmount></${sums}></ApplicableSupplyChainTradeSettlement>
      </SpecifiedSupplyChainTradeTransaction></CrossIndustryDocument>`;
    expect(parseInvoice(xml, 'ZUGFeRD-invoice.xml')).toMatchObject({
      number: '7',
      total: '5.10',
      profile: '',
    });
  });

  test('is read from UBL', () => {
    const party = (name: string) => `<Party><PartyName><Name>${name}</Name></PartyName></Party>`;
    const xml = `<ubl:Invoice xmlns:ubl="urn:ubl"><ID>8</ID><IssueDate>2024-02-01</IssueDate>
      <AccountingSupplierParty>${party('S')}</AccountingSupplierParty><TaxTotal><TaxAmount>1</TaxAmount></TaxTotal>
      <LegalMonetaryTotal><TaxInclusiveAmount>9</TaxInclusiveAmount></LegalMonetaryTotal></ubl:Invoice>`;
    expect(parseInvoice(xml, 'a.xml')).toMatchObject({
      number: '8',
      date: '2024-02-01',
      seller: 'S',
      tax: '1',
      total: '9',
    });
  });

  test.each([
    ['another XML', '<a><ID>1</ID></a>'],
    ['an XML of the same name without an invoice in it', '<Invoice><x/></Invoice>'],
    ['a damaged XML', cii().slice(0, 400)],
    ['no XML', 'R-17'],
    ['nothing', ''],
    ['an XML with a document type', cii().replace('?>', '?><!DOCTYPE a [<!ENTITY e "x">]>')],
  ])('is not seen in %s', (_, xml) => {
    expect(parseInvoice(xml, 'a.xml')).toBeUndefined();
  });

  test('never holds what an entity of its own stands for', () => {
    const xml = cii('&e;').replace('?>', '?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>');
    expect(parseInvoice(xml, 'a.xml')).toBeUndefined();
    expect(parseInvoice(cii('&e;'), 'a.xml')?.number ?? '').not.toContain('root');
  });
});
