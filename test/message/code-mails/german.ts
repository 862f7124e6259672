import type { CodeMail } from './mail.ts';

export const german: readonly CodeMail[] = [
  {
    name: 'Bestätigungscode',
    subject: 'Ihr Bestätigungscode',
    text: 'Guten Tag,\n\nIhr Bestätigungscode lautet: 482913\n\nEr ist 10 Minuten gültig.\n',
    code: '482913',
  },
  {
    name: 'TAN für eine Überweisung',
    subject: 'Ihre TAN',
    text: 'Die TAN für Ihre Überweisung über 1.299,00 EUR an Konto 884421 vom 21.11.2026, 10:30 Uhr lautet 730 158.\n',
    code: '730158',
  },
  {
    name: 'Einmalpasswort ohne Umlaute im Text',
    subject: 'Anmeldung',
    html: '<p>Ihr Einmalpasswort:</p><p><b>9102-7733</b></p><p>Gueltig bis 21.11.2026</p>',
    code: '91027733',
  },
  {
    name: 'der Code steht vor dem Wort',
    subject: '558201 ist dein Anmeldecode',
    text: '558201 ist dein Anmeldecode für Laden.\n',
    code: '558201',
  },
  {
    name: 'als Entities',
    subject: 'Bestätigen Sie Ihre Adresse',
    html: '<p>Geben Sie diesen Best&auml;tigungscode ein:</p><p>337 204</p><p>Musterstra&szlig;e 12, 10115 Berlin</p>',
    code: '337204',
  },
  {
    name: 'Bestellung: keine Nummer ist ein Code',
    subject: 'Ihre Bestellung 884421',
    text: 'Bestellnummer 884421\nKundennummer: 55012\nRechnungsnr. 202614\nSumme: 1.299,00 €\nLieferung am 24.11.2026 nach 10115 Berlin\nTelefon 030 884421\n',
    code: null,
    codes: [],
  },
  {
    name: 'Gutscheincode',
    subject: 'Ihr Gutschein',
    text: 'Ihr Gutscheincode: HERBST2026\nRabattcode 482913, gültig bis 31.12.2026\nMit dem Code K7X2QP erhalten Sie 20 % Rabatt.\n',
    code: null,
    codes: [],
  },
  {
    name: 'Fehlercode und Postleitzahl',
    subject: 'Störung',
    text: 'Fehlercode 50013. PLZ 10115. Vorgangsnummer 771230. Ländercode +49.\n',
    code: null,
    codes: [],
  },
];
