/** What schemas call the facts of an invoice. A name that may be something else is not here. */
import type { Invoice, InvoiceLine } from '../../readers/document.ts';
import type { FieldType } from '../extraction.ts';
import { foldWords } from '../values/fold-words.ts';

export type Fact = Exclude<keyof Invoice, 'name' | 'profile' | 'typeCode' | 'xml' | 'lines'>;
export type LineFact = keyof InvoiceLine;

type Names<Key extends string> = readonly (readonly [Key, names: string, types: readonly FieldType[]])[];

const AMOUNT: readonly FieldType[] = ['amount'];
const NUMBER: readonly FieldType[] = ['amount', 'integer'];
const TEXT: readonly FieldType[] = ['text'];
const DATE: readonly FieldType[] = ['date'];
const CURRENCY: readonly FieldType[] = ['currency', 'choice'];

/** Names in lower case, without what stands between their words. */
const FACTS: Names<Fact> = [
  [
    'total',
    'total grandtotal totalgross grosstotal gross grossamount amountgross totalamount amounttotal invoicetotal totalinvoice invoiceamount totalinctax totalincltax totalincludingtax totalinclvat totalincvat totalincludingvat totalwithtax totalwithvat gesamtbetrag gesamt gesamtsumme gesamtbrutto bruttogesamt brutto bruttobetrag bruttosumme summebrutto rechnungsbetrag rechnungssumme endbetrag totalttc montantttc ttc totalebrutto totaleivainclusa importetotal totalfactura',
    AMOUNT,
  ],
  [
    'net',
    'net nettotal totalnet netamount amountnet netsum nettosumme netto nettobetrag nettogesamt gesamtnetto summenetto totalexcltax totalextax totalexcludingtax totalexclvat totalexvat totalexcludingvat totalwithouttax totalwithoutvat taxbasis taxableamount taxbasistotal totalht montantht imponibile baseimponible',
    AMOUNT,
  ],
  [
    'linesTotal',
    'subtotal subtotalamount zwischensumme soustotal linestotal linetotals positionssumme warenwert',
    AMOUNT,
  ],
  [
    'tax',
    'tax taxamount amounttax taxtotal totaltax taxsum salestax vat vatamount amountvat vattotal totalvat valueaddedtax mwst mwstbetrag mwstsumme mehrwertsteuer mehrwertsteuerbetrag ust ustbetrag umsatzsteuer umsatzsteuerbetrag steuer steuerbetrag steuersumme tva montanttva totaltva iva importeiva importoiva btw btwbedrag',
    AMOUNT,
  ],
  [
    'due',
    'due amountdue dueamount totaldue balancedue duetotal duepayable duepayableamount payable payableamount amountpayable amounttopay topay zahlbetrag zuzahlen zahlbetragbrutto offenerbetrag faelligerbetrag falligerbetrag netapayer',
    AMOUNT,
  ],
  [
    'date',
    'date invoicedate dateofinvoice issuedate dateofissue issuedon invoiceissuedate datum rechnungsdatum rechnungvom belegdatum ausstellungsdatum datefacture datedefacture fechafactura fechadefactura datafattura factuurdatum',
    DATE,
  ],
  [
    'dueDate',
    'duedate paymentduedate datedue dueon payableby paymentdue payby faelligkeit falligkeit faelligkeitsdatum falligkeitsdatum faelligam falligam zahlbarbis zahlungsziel dateecheance fechavencimiento vervaldatum',
    DATE,
  ],
  [
    'number',
    'number invoicenumber invoiceno invoicenr invoiceid numberofinvoice nummer rechnungsnummer rechnungsnr rechnungnr rechnungnummer belegnummer numerofacture numfacture facturenumero numerofactura numerofattura factuurnummer',
    TEXT,
  ],
  [
    'currency',
    'currency currencycode invoicecurrency waehrung wahrung waehrungscode wahrungscode devise moneda valuta',
    CURRENCY,
  ],
  [
    'seller',
    'seller sellername nameofseller vendor vendorname supplier suppliername verkaeufer verkaufer lieferant lieferantenname rechnungssteller rechnungsaussteller fournisseur vendeur proveedor fornitore leverancier',
    TEXT,
  ],
  [
    'buyer',
    'buyer buyername nameofbuyer customer customername kunde kundenname kaeufer kaufer rechnungsempfaenger rechnungsempfanger acheteur',
    TEXT,
  ],
];

const LINE_FACTS: Names<LineFact> = [
  [
    'description',
    'description itemdescription name itemname product productname article articlename item bezeichnung beschreibung artikel artikelbezeichnung artikelname produkt designation',
    TEXT,
  ],
  [
    'quantity',
    'quantity qty amountofunits menge anzahl stueckzahl stuckzahl quantite cantidad quantita aantal',
    NUMBER,
  ],
  ['unitCode', 'unitcode einheitencode', TEXT],
  [
    'unitPrice',
    'unitprice priceperunit netunitprice netprice unitnetprice einzelpreis nettoeinzelpreis einzelpreisnetto stueckpreis stuckpreis prixunitaire prixunitaireht preciounitario prezzounitario',
    AMOUNT,
  ],
  [
    'amount',
    'amount linetotal lineamount lineamountnet linenetamount netamount nettotal linesum total totalprice totalamount gesamtpreis positionsbetrag gesamtbetrag betrag nettobetrag zeilensumme montant montantht importe importo',
    AMOUNT,
  ],
  [
    'taxRate',
    'taxrate vatrate taxpercent vatpercent taxpercentage vatpercentage steuersatz mwstsatz ustsatz mehrwertsteuersatz umsatzsteuersatz tauxtva',
    NUMBER,
  ],
];

const LISTS =
  'items item lines lineitems invoicelines invoiceitems positions positionen rechnungspositionen posten artikel articles lignes articulos'.split(
    ' ',
  );
/** What a path may go through on its way to a fact of the whole invoice. */
const AROUND =
  'invoice rechnung facture document header head kopf kopfdaten invoicedata totals total summary amounts sums summe summen betraege betrage summary'.split(
    ' ',
  );
/** Below a party, what names it. */
const PARTY_NAMES = ['name', 'companyname', 'company', 'firma', 'nom', 'firmenname'];

export const factOf = (path: string, type: FieldType): Fact | undefined => {
  const names = path.split('.').map(plainName);
  const last = names.at(-1) ?? '';
  const around = names.slice(0, -1).filter((name) => !AROUND.includes(name));
  if (around.length === 0) return lookUp(FACTS, last, type);
  const party = around.length === 1 ? lookUp(FACTS, around[0] ?? '', 'text') : undefined;
  const isNamed = (party === 'seller' || party === 'buyer') && PARTY_NAMES.includes(last) && type === 'text';
  return isNamed ? party : undefined;
};

/** `path`: of a column, with the list's own before it. */
export function lineFactOf(path: string, listPath: string, type: FieldType): LineFact | undefined {
  if (!LISTS.includes(plainName(listPath.split('.').at(-1) ?? ''))) return undefined;
  return lookUp(LINE_FACTS, plainName(path.slice(listPath.length + 1)), type);
}

function lookUp<Key extends string>(table: Names<Key>, name: string, type: FieldType): Key | undefined {
  return table.find(([, names, types]) => types.includes(type) && names.split(' ').includes(name))?.[0];
}

const plainName = (name: string): string => foldWords(name).replaceAll(' ', '');
