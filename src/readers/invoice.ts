/**
 * Electronic invoices: Cross Industry Invoice, as Factur-X, XRechnung and all versions of ZUGFeRD write it, and UBL.
 * Elements are found by their local names, since each version has namespaces of its own.
 */
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { Invoice } from './document.ts';
import { crossIndustryLines, ublLines } from './invoice-lines.ts';
import { childrenOf, find, inCurrency, text, toDate } from './invoice-xml.ts';

/** In characters; the largest that are known have a tenth of it. */
const MOST_CHARACTERS = 5_000_000;

/** `undefined` where the XML is no invoice, or is not well-formed. `name`: of the file that it came from. */
export function parseInvoice(xml: string, name: string): Invoice | undefined {
  if (xml.length > MOST_CHARACTERS || !LOOKS_LIKE_ONE.test(xml)) return undefined;
  const root = parseRoot(xml.replace(DECLARATION, ''));
  const facts = root && (crossIndustry(root) ?? ubl(root));
  if (!facts) return undefined;
  const known: Partial<Invoice> = Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && value.length > 0),
  );
  return { name, profile: '', ...known, xml };
}

/** By its byte order mark, or else as UTF-8, or as Latin-1 where it is not. What an XML says of itself may be wrong. */
export function decodeXml(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** It names the encoding, which is no longer of interest, and may name one that does not exist. */
const DECLARATION = /^\uFEFF?\s*(<\?xml\s[^>]*\?>)?\s*/;

const LOOKS_LIKE_ONE = /<(?:[\w.-]+:)?(?:CrossIndustry(?:Invoice|Document)|Invoice|CreditNote)[\s>]/;

/** A document type may define entities that grow without end, or that are files of others: no invoice has one. */
function parseRoot(xml: string): Element | undefined {
  if (/<!DOCTYPE/i.test(xml)) return undefined;
  try {
    const parser = new DOMParser({ onError: () => undefined, locator: false });
    return parser.parseFromString(xml, 'text/xml').documentElement ?? undefined;
  } catch {
    return undefined;
  }
}

type Facts = { readonly [Name in keyof Omit<Invoice, 'name' | 'xml'>]?: Invoice[Name] | undefined };

function crossIndustry(root: Element): Facts | undefined {
  const context = find(root, /ExchangedDocumentContext$/);
  const header = find(root, /ExchangedDocument$/);
  const trade = find(root, /SupplyChainTradeTransaction$/);
  if (!header || !trade) return undefined;
  const agreement = find(trade, /^Applicable(Header|SupplyChain)TradeAgreement$/);
  const settlement = find(trade, /^Applicable(Header|SupplyChain)TradeSettlement$/);
  const sums = find(settlement, /^SpecifiedTradeSettlement(Header)?MonetarySummation$/);
  const currency = text(find(settlement, 'InvoiceCurrencyCode'));
  return {
    profile: text(find(context, 'GuidelineSpecifiedDocumentContextParameter', 'ID')) ?? '',
    typeCode: text(find(header, 'TypeCode')),
    number: text(find(header, 'ID')),
    date: dateIn(find(header, 'IssueDateTime')),
    dueDate: dueDate(settlement),
    currency,
    seller: text(find(agreement, 'SellerTradeParty', 'Name')),
    buyer: text(find(agreement, 'BuyerTradeParty', 'Name')),
    linesTotal: text(find(sums, 'LineTotalAmount')),
    net: text(find(sums, 'TaxBasisTotalAmount')),
    tax: text(inCurrency(sums, 'TaxTotalAmount', currency)),
    total: text(find(sums, 'GrandTotalAmount')),
    due: text(find(sums, 'DuePayableAmount')),
    lines: crossIndustryLines(trade),
  };
}

const dateIn = (element: Element | undefined): string | undefined =>
  toDate(text(find(element, 'DateTimeString') ?? element));

/** Undefined where there are several, of instalments. */
function dueDate(settlement: Element | undefined): string | undefined {
  const terms = childrenOf(settlement).filter(({ localName }) => localName === 'SpecifiedTradePaymentTerms');
  const dates = terms.flatMap((each) => dateIn(find(each, 'DueDateDateTime')) ?? []);
  return new Set(dates).size === 1 ? dates[0] : undefined;
}

function ubl(root: Element): Facts | undefined {
  const sums = find(root, 'LegalMonetaryTotal');
  if (!sums || !/^(Invoice|CreditNote)$/.test(root.localName ?? '')) return undefined;
  const currency = text(find(root, 'DocumentCurrencyCode'));
  const party = (role: string) => {
    const found = find(root, role, 'Party');
    return text(find(found, 'PartyLegalEntity', 'RegistrationName') ?? find(found, 'PartyName', 'Name'));
  };
  return {
    profile: text(find(root, 'CustomizationID')) ?? '',
    typeCode: text(find(root, /^(Invoice|CreditNote)TypeCode$/)),
    number: text(find(root, 'ID')),
    date: toDate(text(find(root, 'IssueDate'))),
    dueDate: toDate(text(find(root, 'DueDate') ?? find(root, 'PaymentMeans', 'PaymentDueDate'))),
    currency,
    seller: party('AccountingSupplierParty'),
    buyer: party('AccountingCustomerParty'),
    linesTotal: text(find(sums, 'LineExtensionAmount')),
    net: text(find(sums, 'TaxExclusiveAmount')),
    tax: text(ublTax(root, currency)),
    total: text(find(sums, 'TaxInclusiveAmount')),
    due: text(find(sums, 'PayableAmount')),
    lines: ublLines(root),
  };
}

/** There may be a total in the currency of the books too. */
function ublTax(root: Element, currency: string | undefined): Element | undefined {
  const totals = childrenOf(root).filter(({ localName }) => localName === 'TaxTotal');
  const amounts = totals.flatMap((total) => find(total, 'TaxAmount') ?? []);
  return amounts.find((amount) => amount.getAttribute('currencyID') === currency) ?? amounts[0];
}
