/**
 * Electronic invoices: Cross Industry Invoice, as Factur-X, XRechnung and all versions of ZUGFeRD write it, and UBL.
 * Elements are found by their local names, since each version has namespaces of its own.
 */
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { Invoice } from './document.ts';

/** In characters; the largest that are known have a tenth of it. */
const MOST_CHARACTERS = 5_000_000;

/** `undefined` where the XML is no invoice, or is not well-formed. `name`: of the file that it came from. */
export function parseInvoice(xml: string, name: string): Invoice | undefined {
  if (xml.length > MOST_CHARACTERS || !LOOKS_LIKE_ONE.test(xml)) return undefined;
  const root = parseRoot(xml.replace(DECLARATION, ''));
  const facts = root && (crossIndustry(root) ?? ubl(root));
  if (!facts) return undefined;
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
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

type Facts = Partial<Omit<Invoice, 'name' | 'xml'>>;

function crossIndustry(root: Element): Facts | undefined {
  const context = find(root, /ExchangedDocumentContext$/);
  const header = find(root, /ExchangedDocument$/);
  const trade = find(root, /SupplyChainTradeTransaction$/);
  if (!header || !trade) return undefined;
  const agreement = find(trade, /^Applicable(Header|SupplyChain)TradeAgreement$/);
  const settlement = find(trade, /^Applicable(Header|SupplyChain)TradeSettlement$/);
  const sums = find(settlement, /^SpecifiedTradeSettlement(Header)?MonetarySummation$/);
  const date = find(header, 'IssueDateTime');
  const currency = text(find(settlement, 'InvoiceCurrencyCode'));
  return {
    profile: text(find(context, 'GuidelineSpecifiedDocumentContextParameter', 'ID')) ?? '',
    number: text(find(header, 'ID')),
    date: toDate(text(find(date, 'DateTimeString') ?? date)),
    currency,
    seller: text(find(agreement, 'SellerTradeParty', 'Name')),
    buyer: text(find(agreement, 'BuyerTradeParty', 'Name')),
    net: text(find(sums, 'TaxBasisTotalAmount')),
    tax: text(inCurrency(sums, 'TaxTotalAmount', currency)),
    total: text(find(sums, 'GrandTotalAmount')),
    due: text(find(sums, 'DuePayableAmount')),
  } as Facts;
}

function ubl(root: Element): Facts | undefined {
  const sums = find(root, 'LegalMonetaryTotal');
  if (!sums || !/^(Invoice|CreditNote)$/.test(root.localName ?? '')) return undefined;
  const party = (role: string) => {
    const found = find(root, role, 'Party');
    return text(find(found, 'PartyLegalEntity', 'RegistrationName') ?? find(found, 'PartyName', 'Name'));
  };
  return {
    profile: text(find(root, 'CustomizationID')) ?? '',
    number: text(find(root, 'ID')),
    date: toDate(text(find(root, 'IssueDate'))),
    currency: text(find(root, 'DocumentCurrencyCode')),
    seller: party('AccountingSupplierParty'),
    buyer: party('AccountingCustomerParty'),
    net: text(find(sums, 'TaxExclusiveAmount')),
    tax: text(find(root, 'TaxTotal', 'TaxAmount')),
    total: text(find(sums, 'TaxInclusiveAmount')),
    due: text(find(sums, 'PayableAmount')),
  } as Facts;
}

/** The first child of the first child, and so on, of these local names. */
function find(parent: Element | undefined, ...path: readonly (string | RegExp)[]): Element | undefined {
  return path.reduce<Element | undefined>(
    (element, name) =>
      childrenOf(element).find(({ localName }) =>
        typeof name === 'string' ? localName === name : name.test(localName ?? ''),
      ),
    parent,
  );
}

/** The tax may be told in a second currency too. */
function inCurrency(
  sums: Element | undefined,
  name: string,
  currency: string | undefined,
): Element | undefined {
  const all = childrenOf(sums).filter(({ localName }) => localName === name);
  return all.find((amount) => amount.getAttribute('currencyID') === currency) ?? all[0];
}

function childrenOf(parent: Element | undefined): readonly Element[] {
  return [...(parent?.childNodes ?? [])].filter(
    (node): node is Element => node.nodeType === node.ELEMENT_NODE,
  );
}

const text = (element: Element | undefined): string | undefined => element?.textContent?.trim() || undefined;

/** `20240131`, with or without a time after it, as 2024-01-31. */
const toDate = (value: string | undefined): string | undefined =>
  value?.replace(/^(\d{4})-?(\d\d)-?(\d\d).*$/s, '$1-$2-$3');
