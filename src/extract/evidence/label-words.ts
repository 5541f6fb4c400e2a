import { foldWords } from '../values/fold-words.ts';

/**
 * What words of labels mean, so that `Umsatzsteuer` on a page and `tax` in a schema are compared as one. Each row is a
 * meaning: its name, and the words that have it. Those with `*` are parts of compounds as well: `Steuerbetrag`. Other
 * words mean themselves. The languages are those of western Europe; a label in another one fits no field, and accuses none.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  net: 'net netto* untaxed subtotal subtotaal subtotale tussentotaal sottototale delsumma zwischensumme* warenwert* exclusive excl exkl exclusief ht base imponible imponibile grondslag taxable nett neto netta',
  tax: 'tax taxes vat gst hst pst mwst* ust umsatzsteuer* mehrwertsteuer* steuer* btw tva iva moms alv podatek taxe imposta impuesto duty cgst sgst igst',
  total:
    'total totals totaal totale totalt totalbetrag gesamt* summe* endbetrag brutto* bruto gross grand ttc sum toplam razem suma',
  due: 'due payable zahlbetrag* fallig* falligkeit* zahlbar* verval* echeance scadenza vencimiento vence vencimento forfallsdato forfaldsdato forfallodag owed outstanding balance offen zahlungsziel limite deadline spatestens',
  paid: 'paid bezahlt bezahlter paye payee pagado pagato pagata betaald deposit deposito acconto anticipo aanbetaling voorschot vorkasse prepaid anzahlung prepayment advance acompte',
  shipping:
    'shipping ship delivery freight postage versand* liefer* levering livraison spedizione envio fracht* porto shipped delivered verzending despatch dispatch',
  discount: 'discount discounts rabatt* skonto remise sconto descuento korting* rebate nachlass*',
  invoice: 'invoice rechnung* factuur* facture fattura factura faktura* faktur bill',
  order: 'order* bestell* bestel* auftrag* commande ordine pedido purchase po',
  customer:
    'customer client kunde* kunden* klant* cliente buyer recipient empfanger* destinataire destinatario ontvanger kaufer* acheteur comprador debitor',
  seller:
    'seller vendor supplier verkaufer* lieferant* fournisseur proveedor fornitore verkoper leverancier issuer merchant verkoopster aussteller rechnungssteller*',
  rate: 'rate satz* taux tasa aliquota percent percentage prozent percentuale pct',
  unit: 'unit einzel* stuk einheit* unitario unitaire unitprice stuckpreis each per',
  quantity:
    'quantity qty menge* anzahl* aantal quantite cantidad quantita hoeveelheid count units pieces stk pcs hours',
  price: 'price preis* prijs prix precio prezzo einzelpreis cost',
  date: 'date datum* fecha data dato tag day dated',
  number: 'number nummer* numero no nr num numer id code ref reference kenn* referenz*',
  amount: 'amount betrag* bedrag montant importe importo value wert* belop belob',
  name: 'name bezeichnung* naam nom nombre nome',
  description:
    'description beschreibung* omschrijving descripcion descrizione designation artikel item product service libelle position leistung',
  start: 'start begin beginning from von van ab since  checkin desde debut',
  end: 'end ending until bis to tot checkout hasta au fin expiry expires expiration ablauf*',
  forward: 'ubertrag* saldovortrag* riporto',
  account: 'account iban konto* kontonummer compte cuenta conto rekening*',
  bic: 'bic swift',
  phone: 'phone telephone telefon* tel fax telefax mobile mobil handy telefoon telefono telefone',
  birth: 'birth geburt* born dob naissance nacimiento nascita geboorte',
};

/** Words that tell little, since many labels have them. */
const GENERIC: ReadonlySet<string> = new Set([
  'date',
  'number',
  'amount',
  'name',
  'description',
  'value',
  'price',
]);
/** `Net total` is the net: what stands beside this word says more. */
const LESS: ReadonlySet<string> = new Set(['total', 'invoice', 'unit']);
const [GENERIC_WEIGHT, LESS_WEIGHT] = [0.3, 0.6];

export const weightOf = (meaning: string): number =>
  GENERIC.has(meaning) ? GENERIC_WEIGHT : LESS.has(meaning) ? LESS_WEIGHT : 1;

const WORDS = new Map<string, string>();
const PARTS: (readonly [part: string, meaning: string])[] = [];
for (const [meaning, words] of Object.entries(MEANINGS)) {
  for (const word of [meaning, ...words.split(' ')]) {
    WORDS.set(word.replace('*', ''), meaning);
    if (word.endsWith('*')) PARTS.push([word.slice(0, -1), meaning]);
  }
}

/** Words that only join others, in the same languages; of a description, what it asks for too. */
const STOP = new Set(
  'a an and are as at be by der die das den dem des de del della di el en et for fur het il in is it its la las le les los mit nach not of on one or oder that the und was what which with your you our ist im zum zur van voor aus given stated state written document iso yyyy mm dd format field all any has have this if'.split(
    ' ',
  ),
);

/** With the tax and without it: what is said of an amount, and not its name. */
const WITHOUT_TAX =
  /\b(?:excl\w*|exkl\w*|excluding|exclusief|without|ohne|zzgl|plus|hors|before|senza|sin|sans|zonder|untaxed)\b(?: (?:of|de|any|the))? (?:sales )?(?:tax\w*|vat|gst|mwst|ust|umsatzsteuer|mehrwertsteuer|steuer\w*|btw|tva|iva)\b/g;
const WITH_TAX =
  /\b(?:incl\w*|inkl\w*|including|inclusief|with|mit|met|after|avec|con)\b(?: (?:of|de|all|the|\d+))? (?:sales )?(?:tax\w*|vat|gst|mwst|ust|umsatzsteuer|mehrwertsteuer|steuer\w*|btw|tva|iva)\b/g;

/** The same behind the name of the tax: `IVA incluida`. */
const TAX_WITHIN =
  /(?<=\w )(?:sales )?(?:tax\w*|vat|gst|mwst|ust|umsatzsteuer|mehrwertsteuer|steuer\w*|btw|tva|iva)\b(?: \d+)* (?:incl\w*|inkl\w*|inclus\w*|compris\w*|inbegr\w*|enthalten)\b/g;
/** `plus VAT` says of what is before it that it is the net, of what is behind it that it is the tax. */
const PLUS_TAX = /^(?:plus|zzgl|zuzuglich) (?=(?:\d+ )*\p{L})/u;

/** `Total after discount` is a total still; `Less discount` is one. */
const WITHOUT_PARTS =
  /(?<=\w )(?:after|less|minus|nach|abzuglich|apres|dopo|na|incl\w*|inkl\w*|with|mit|avec)(?: \p{L}+)? (?:deposits?|(?:pre)?payments?|anzahlung\w*|acomptes?|acconto|discounts?|rabatt\w*|skonto|remises?|sconto|korting|shipping|delivery|freight|postage|versand\w*|livraison|porto)\b/gu;

const PHRASES: readonly (readonly [phrase: RegExp, meaning: string])[] = [
  // Parted as `invoiceDate` is.
  [/\bmw st\b/g, 'mwst'],
  [
    /\b(?:(?:brought|carried|balance) forward|(?:previous|opening|last) (?:balance|statement|invoice)|saldo (?:vortrag|anterior|precedente)|solde (?:anterieur|precedent)|vorig saldo|report a nouveau|vorheriger saldo|alter saldo)\b/g,
    'forward',
  ],
  [/\b(?:sub|sous|sotto) (?=total)/g, 'sub'],
  [/\btotal parcial\b/g, 'subtotal'],
  [/\brechnungs(?:betrag|summe)\b/g, 'invoice total'],
  [/\bzu zahlen\b|\bte betalen\b|\ba payer\b|\ba pagar\b|\bda pagare\b/g, 'due'],
  [
    /\b(?:bill(?:ed|ing)?|invoiced?|sold|ship(?:ped)?|deliver(?:ed)?) to\b|\b(?:rechnung|lieferung) an\b|\b(?:facture|facturar|vendu|livre) a\b|\b(?:billing|delivery|shipping) address\b|\badresse de (?:facturation|livraison)\b|\bspett(?:abile|le)?\b|\bfactuur aan\b|\b(?:rechnungs|liefer)(?:empfanger|adresse|anschrift)\b|\bfactuuradres\b/g,
    'customer',
  ],
  [/\b(?:sold by|remit to|issued by|emis par|emitida por|verkauft durch)\b/g, 'seller'],
];

/** What is to be paid, in words that look like the net. */
const NET_TO_PAY = /\bnet\w* (?:a|te|to|zu) (?:payer|pagar|pagare|betalen|pay|zahlen)\b/g;

/** Words of paying before a date: `Please pay by`, `zu zahlen bis`, `à payer avant le`; but not by a card. */
const PAY_BEFORE =
  /\b(?:pay|payment|paid|settle|zahl\w*|bezahl\w*|uberweis\w*|begleich\w*|payer|paiement|regler|reglement|pagar|pago|pagare|pagamento|betal\w*|voldoen)\b(?: (?:is|us|sie|bitte|wird|erbeten|the|invoice|la|le|de|den|die|spatestens|later|no|not|than|due|facture|factura|fattura)){0,4} (?:by|before|until|till|within|bis|vor|innerhalb|avant|antes|entro|prima|voor|binnen|senast|inden|innen)\b(?! (?:card|credit|debit|direct|bank|cash|cheque|check|transfer|paypal|visa|mastercard)\b)/g;

/** What a label, a name or a description says, each meaning once. `invoiceDate` and `invoice_date` are two words. */
export function meaningsOf(text: string): ReadonlySet<string> {
  const phrases = PHRASES.reduce(
    (rest, [phrase, meaning]) => rest.replace(phrase, meaning),
    foldWords(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
      .replace(NET_TO_PAY, 'total due')
      .replace(WITHOUT_PARTS, ''),
  );
  const words = phrases
    .replace(PAY_BEFORE, '$& due')
    .replace(PLUS_TAX, 'net ')
    .replace(WITHOUT_TAX, 'net')
    .replace(WITH_TAX, 'total')
    .replace(TAX_WITHIN, 'total')
    .split(' ');
  return new Set(
    words
      .filter((word) => word.length > 1 && !STOP.has(word) && !/^\p{N}+$/u.test(word))
      .flatMap(meaningsOfWord),
  );
}

function meaningsOfWord(word: string): readonly string[] {
  const known = WORDS.get(word) ?? (word.endsWith('s') ? WORDS.get(word.slice(0, -1)) : undefined);
  if (known !== undefined) return [known];
  const parts = PARTS.filter(([part]) => part.length >= SHORTEST_PART && word.includes(part)).map(
    ([, meaning]) => meaning,
  );
  return parts.length > 0 ? [...new Set(parts)] : [word];
}

const SHORTEST_PART = 4;
