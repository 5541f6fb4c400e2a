/**
 * Whether the description of a field fits the fact of an invoice that its name is known for. One that is empty does;
 * another one has to speak of the fact, and of nothing else that has such a name.
 */
import type { Fact, LineFact } from './invoice-names.ts';

const words = (source: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu');

const TAX_NAMES =
  'tax(?:es)?|vat|gst|mwst|mehrwertsteuer\\p{L}*|ust|umsatzsteuer\\p{L}*|steuern?|tva|iva|btw|taxes';
const NET = 'net|netto\\p{L}*|nett|excl\\p{L}*|without|before|ohne|exkl\\p{L}*|hors|ht|zzgl\\p{L}*|sin|senza';
const GROSS = 'gross|brutto\\p{L}*|incl\\p{L}*|inkl\\p{L}*|ttc|einschl\\p{L}*';
const RATE = 'rates?|percent|percentage|%|prozent|satz|\\p{L}+satz|taux';
const PARTY_FACTS =
  'address\\p{L}*|anschrift|adresse|contact|ansprechpartner\\p{L}*|person|e-?mail|phone|telefon\\p{L}*|fax|website|url|number|nummer|no|nr|id|identifier|code|iban|bic|bank\\p{L}*|country|land|city|stadt|logo|sign\\p{L}*|tax|vat|register\\p{L}*|reference';
const OTHER_DAYS =
  'deliver\\p{L}*|lief\\p{L}*|order\\p{L}*|bestell\\p{L}*|contract\\p{L}*|vertrag\\p{L}*|birth|print\\p{L}*|ship\\p{L}*|versand\\p{L}*|period|zeitraum|start|begin\\p{L}*|end|ende|expir\\p{L}*|valid\\p{L}*|gültig\\p{L}*|discount|skonto|reminder|mahn\\p{L}*|previous|last|offer|quote|angebot\\p{L}*|booking|travel|visit|meeting|letter|mail';
/** Amounts that stand on invoices, and are none of their sums. */
const OTHER_AMOUNTS =
  'discount\\p{L}*|rabatt\\p{L}*|skonto|remise|rebate|shipping|freight|versand\\p{L}*|fracht\\p{L}*|porto|postage|deposit|prepaid|already|anzahlung\\p{L}*|previous|vorherig\\p{L}*|last|carried|übertrag|saldo|account|konto\\p{L}*|weight|gewicht|kg|hours?|stunden|pages?|tip|fees?|gebühr\\p{L}*|insurance|refund\\p{L}*|budget|estimate\\p{L}*|year|month\\p{L}*|jahr\\p{L}*|monat\\p{L}*|average|interest|zinsen|penalty|order|customer number|commission|volume|quantity|number of|how many|anzahl|count';

/** A sum with the tax, or without it, is no tax. */
const BESIDE_TAX = new RegExp(
  `(?:${NET}|${GROSS}|with|plus|after|mit|nach|avec|con|inbegriffen)\\.?\\s+(?:(?:of|any|all|the|value|added|sales|der|die|das|gesetzliche\\p{L}*|la|el)\\s+)*(?:${TAX_NAMES})(?![\\p{L}\\p{N}])|(?<![\\p{L}\\p{N}])(?:${TAX_NAMES})\\s+(?:(?:is|are)\\s+)?(?:${GROSS}|excl\\p{L}*)`,
  'giu',
);
const TAX = words(TAX_NAMES);

type Known = Fact | LineFact;
type Speech = { readonly of: RegExp; readonly not: RegExp };

/** `of`: a word that speaks of the fact. `not`: one that makes something else of its name. */
const SPEECH: Readonly<Record<Known, Speech>> = {
  total: {
    of: words(
      'totals?|grand|gross|sum|amount|\\p{L}*gesamt\\p{L}*|brutto\\p{L}*|\\p{L}*summe|\\p{L}*betrag|ttc|montant|importe|importo|totale',
    ),
    not: words(`${NET}|sub-?total|zwischensumme|items?|lines?|${OTHER_AMOUNTS}`),
  },
  net: {
    of: words(`${NET}|taxable|basis|imponible|imponibile`),
    not: words(`${GROSS}|due|payable|to pay|zahl\\p{L}*|payer|lines?|items?|${OTHER_AMOUNTS}`),
  },
  linesTotal: {
    of: words('sub-?total|zwischensumme|sous-total|lines?|items?|positionen|positionssumme|waren\\p{L}*'),
    not: words(`${GROSS}|${OTHER_AMOUNTS}`),
  },
  tax: {
    of: TAX,
    not: words(
      `${RATE}|\\d+\\s*%|id|identification|numbers?|nummer|code|income|property|withh\\p{L}*|import|duty|customs|zoll|tourist|reduced|ermäßigt\\p{L}*|base|basis|${NET}|${GROSS}|${OTHER_AMOUNTS}`,
    ),
  },
  due: {
    of: words(
      'due|owed|owing|pay|paid|payable|zahl\\p{L}*|offen\\p{L}*|outstanding|balance|fällig\\p{L}*|payer',
    ),
    not: words(`date|datum|days?|tage|when|until|items?|lines?|${OTHER_AMOUNTS}`),
  },
  date: {
    of: words(
      'date|dated|datum|rechnungsdatum|belegdatum|day|issued?|issuing|written|ausgestellt|fecha|data|invoice|rechnung',
    ),
    not: words(
      `due|fällig\\p{L}*|payments?|pay|paid|zahl\\p{L}*|received?|receipt|service|leistung\\p{L}*|${OTHER_DAYS}`,
    ),
  },
  dueDate: {
    of: words(
      'due|pay|paid|payable|payment|zahl\\p{L}*|fällig\\p{L}*|deadline|échéance|vencimiento|scadenza',
    ),
    not: words(OTHER_DAYS),
  },
  number: {
    of: words(
      'invoices?|\\p{L}*rechnung\\p{L}*|beleg\\p{L}*|bill|credit note|gutschrift\\p{L}*|facture|factura|fattura|factuur',
    ),
    not: words(
      'iban|bic|swift|bank\\p{L}*|order|purchase|bestell\\p{L}*|customer|client|kunden\\p{L}*|delivery|lief\\p{L}*|tax|vat|steuer\\p{L}*|ust\\p{L}*|phone|telefon\\p{L}*|fax|mobile|contract|vertrag\\p{L}*|account|konto\\p{L}*|how many|count|anzahl|number of (?:items|pages|lines|positions|invoices)|pages?|items?|articles?|serial|registration|register\\p{L}*|handelsregister\\p{L}*|tracking|transaction|project|projekt\\p{L}*|vendor|supplier|seller|post\\p{L}*|zip|meter|policy|ticket|case|previous|original',
    ),
  },
  currency: {
    of: words('currenc(?:y|ies)|währung\\p{L}*|iso|code|devise|moneda|valuta|eur|euro'),
    not: words('account|konto\\p{L}*|bank\\p{L}*|foreign|exchange|country|books?|local|home'),
  },
  seller: {
    of: words(
      'sell\\p{L}*|vendor|suppl\\p{L}*|issu\\p{L}*|sends?|sender|sent|who|company|firm|business|name|from|lieferant\\p{L}*|verkäufer\\p{L}*|\\p{L}*steller\\p{L}*|firma|unternehmen|fournisseur|vendeur|proveedor|fornitore',
    ),
    not: words(`${PARTY_FACTS}|buyer|customer|kunde|recipient|empfänger`),
  },
  buyer: {
    of: words(
      'buy\\p{L}*|customer|client|recipient|billed|who|whom|company|firm|name|to|kunde\\p{L}*|käufer\\p{L}*|\\p{L}*empfänger\\p{L}*|firma|unternehmen|acheteur',
    ),
    not: words(`${PARTY_FACTS}|seller|vendor|supplier`),
  },
  description: {
    of: words(
      'descri\\p{L}*|names?|items?|products?|articles?|what|goods|services?|sold|title|bezeichnung|beschreibung|artikel\\p{L}*|produkt\\p{L}*|leistung\\p{L}*|waren?|désignation',
    ),
    not: words(
      'numbers?|nummer|artikelnummer|code|sku|ean|gtin|unit|category|colou?r|size|price|remarks?|notes?',
    ),
  },
  quantity: {
    of: words(
      'quantity|qty|how (?:many|much)|count|number of|units?|pieces|menge|anzahl|stück\\p{L}*|quantité',
    ),
    not: words(
      'per|packs?|packages|weight|gewicht|ordered|bestellt\\p{L}*|backorder\\p{L}*|returned|price|amount of money',
    ),
  },
  unitCode: { of: words('code|einheit\\p{L}*|unit'), not: words('price|preis|product|article|business') },
  unitPrice: {
    of: words('prices?|\\p{L}*preis\\p{L}*|prix|precio|prezzo|costs?'),
    not: words(`${GROSS}|discount\\p{L}*|rabatt\\p{L}*|list|listenpreis|total|whole|line|previous|shipping`),
  },
  amount: {
    of: words(
      'amount|totals?|sum|price|costs?|lines?|net|\\p{L}*betrag|\\p{L}*summe|\\p{L}*preis|gesamt\\p{L}*|montant|importe',
    ),
    not: words(`${GROSS}|units?|each|piece|menge|unit price|einzelpreis|${OTHER_AMOUNTS}`),
  },
  taxRate: { of: words(`${RATE}|tax|vat`), not: words('amount|betrag|discount|rabatt|commission') },
};

const SUMS: readonly Known[] = ['total', 'net', 'linesTotal', 'due', 'unitPrice', 'amount'];

/** Whether the description, which is not empty, is of this fact. */
export function isDescriptionOf(fact: Known, description: string): boolean {
  const { of, not } = SPEECH[fact];
  if (!SUMS.includes(fact)) return of.test(description) && !not.test(description);
  // A sum may have the tax in it, and is not the tax.
  return of.test(description) && !not.test(description) && !TAX.test(description.replace(BESIDE_TAX, ' '));
}

const TO_PAY = words('due|outstanding|payable|to pay|to be paid|offen\\p{L}*|zahl\\p{L}*|fällig\\p{L}*');
/** A total "to pay" is what is due. */
export const isToPay = (description: string): boolean => TO_PAY.test(description);

/** A list whose description says that its lines are not those of the invoice. */
export const isOfOtherLines = (description: string): boolean => OTHER_LINES.test(description);
const OTHER_LINES = words(
  'discounts?|rabatte?|payments?|zahlungen|returns?|returned|retouren|taxes|tax rates?|previous|deliver(?:y|ies) notes?|lieferschein\\p{L}*|orders?|bestellung\\p{L}*|attachments?|offers?|quotes?|angebot\\p{L}*|articles? of the contract|reminders?',
);
