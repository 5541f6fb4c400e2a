/** The lines of an electronic invoice: what was sold, how much of it, and for how much. */
import type { Element } from '@xmldom/xmldom';
import type { InvoiceLine } from './document.ts';
import { childrenOf, find, text } from './invoice-xml.ts';

/** In order; texts between the lines, and lines that only group or explain others, left out. */
export function crossIndustryLines(trade: Element): readonly InvoiceLine[] {
  const items = childrenOf(trade).filter(({ localName }) => localName === 'IncludedSupplyChainTradeLineItem');
  return items.flatMap((item) => {
    const status = text(find(item, 'AssociatedDocumentLineDocument', 'LineStatusReasonCode'));
    if (status !== undefined && status !== 'DETAIL') return [];
    const agreement = find(item, /^Specified(Line|SupplyChain)TradeAgreement$/);
    const settlement = find(item, /^Specified(Line|SupplyChain)TradeSettlement$/);
    const price = find(agreement, 'NetPriceProductTradePrice');
    const quantity = find(item, /^Specified(Line|SupplyChain)TradeDelivery$/, 'BilledQuantity');
    const sums = find(settlement, /^SpecifiedTradeSettlement(Line)?MonetarySummation$/);
    const tax = find(settlement, 'ApplicableTradeTax');
    return toLine({
      description: text(find(item, 'SpecifiedTradeProduct', 'Name')),
      quantity: text(quantity),
      unitCode: quantity?.getAttribute('unitCode') ?? undefined,
      unitPrice: priceOfOne(price, 'ChargeAmount', 'BasisQuantity'),
      amount: text(find(sums, 'LineTotalAmount')),
      taxRate: text(find(tax, /^(RateApplicable|Applicable)Percent$/)),
    });
  });
}

export function ublLines(root: Element): readonly InvoiceLine[] {
  const items = childrenOf(root).filter(({ localName }) =>
    /^(Invoice|CreditNote)Line$/.test(localName ?? ''),
  );
  return items.flatMap((line) => {
    const item = find(line, 'Item');
    const quantity = find(line, /^(Invoiced|Credited)Quantity$/);
    return toLine({
      description: text(find(item, 'Name')),
      quantity: text(quantity),
      unitCode: quantity?.getAttribute('unitCode') ?? undefined,
      unitPrice: priceOfOne(find(line, 'Price'), 'PriceAmount', 'BaseQuantity'),
      amount: text(find(line, 'LineExtensionAmount')),
      taxRate: text(find(item, 'ClassifiedTaxCategory', 'Percent')),
    });
  });
}

/** Undefined where the price is of a hundred, or another number. */
function priceOfOne(price: Element | undefined, amount: string, basis: string): string | undefined {
  const quantity = text(find(price, basis));
  return quantity === undefined || Number(quantity) === 1 ? text(find(price, amount)) : undefined;
}

function toLine(facts: { readonly [Name in keyof InvoiceLine]: string | undefined }): readonly InvoiceLine[] {
  if (facts.description === undefined && facts.amount === undefined) return [];
  return [Object.fromEntries(Object.entries(facts).filter(([, value]) => value))];
}
