/** Words that say what a number counts or measures, in the languages of `label-words.ts`: `60 pieces`, `3 Stück`. */
const WORDS =
  'piece pieces pce pces pcs pc stk stück stücke stueck unit units einheit einheiten each item items pezzi pezzo pieza piezas pièce pièces stuks peça peças szt st ' +
  'hour hours hr hrs h stunde stunden std heure heures ora ore hora horas uur uren godz ' +
  'day days d tag tage tagen jour jours giorno giorni día días dag dagen ' +
  'week weeks woche wochen semaine semaines settimane semanas weken ' +
  'month months monat monate monaten mois mese mesi mes meses maand maanden ' +
  'year years jahr jahre jahren an ans anno anni año años jaar jaren ' +
  'page pages seite seiten pagina pagine páginas blatt word words wort wörter mots ' +
  'mile miles km kms m cm mm m² m³ m2 m3 sqm qm ft kg kgs g gram grams gramm t tonne tonnes tonnen lb lbs oz l ltr litre litres liter liters litri ' +
  'kwh mwh wh kw gb mb tb box boxes karton kartons carton cartons pack packs packung packungen paket pakete bottle bottles flasche flaschen ' +
  'night nights nacht nächte nuits notti noches person persons personen people users seats licences licenses pallet pallets palette paletten pair pairs paar set sets';
const ANY = WORDS.split(' ')
  .toSorted((one, other) => other.length - one.length)
  .join('|');

const AHEAD = new RegExp(`^\\s*(?:${ANY})(?![\\p{L}\\p{N}])\\.?`, 'iu');
const ALONE = new RegExp(`^(?:${ANY})\\.?$`, 'iu');
const BEHIND_NUMBER = new RegExp(`(\\p{N}\\s*)(?:${ANY})(?![\\p{L}\\p{N}])\\.?`, 'giu');

/** Of the text behind a number: the rest of it, behind the number's unit. */
export const skipUnit = (text: string): string => text.replace(AHEAD, '');

/** Whether the text behind a number begins with its unit. */
export const beginsWithUnit = (text: string): boolean => AHEAD.test(text);

/** Whether a label names a unit and nothing else: the head `Pages`. */
export const isUnit = (label: string): boolean => ALONE.test(label.trim());

export const withoutUnits = (text: string): string => text.replace(BEHIND_NUMBER, '$1');
