import type { CodeMail } from './mail.ts';

/** Dutch, Swedish, Danish, Norwegian, Polish. */
export const northern: readonly CodeMail[] = [
  {
    name: 'nl: verificatiecode',
    subject: 'Je verificatiecode',
    text: 'Hallo Ada,\n\nje verificatiecode is 482913. De code is 15 minuten geldig.\n',
    code: '482913',
  },
  {
    name: 'nl: beveiligingscode, op een eigen regel',
    subject: 'Inloggen',
    html: '<p>Gebruik deze beveiligingscode om in te loggen</p><p>7 3 9 1 0 4</p><p>1012 AB Amsterdam</p>',
    code: '739104',
  },
  {
    name: 'nl: kortingscode en postcode',
    subject: 'Bestelling 884421',
    text: 'Bestelnummer 884421\nJe kortingscode: WINTER25\nPostcode 1012 AB\nBedrag: € 1200,00\n',
    code: null,
    codes: [],
  },
  {
    name: 'sv: engångskod',
    subject: 'Din engångskod',
    text: 'Hej Ada!\n\nDin engångskod är 305 518. Den gäller i 10 minuter.\n',
    code: '305518',
  },
  {
    name: 'sv: ange koden',
    subject: 'Logga in',
    html: '<p>Ange koden f&ouml;r att logga in:</p><p><b>550182</b></p><p>Best&auml;llningsnummer 884421</p>',
    code: '550182',
  },
  {
    name: 'sv: rabattkod',
    subject: 'Din rabattkod',
    text: 'Rabattkod: HOST2026\nOrdernummer 884421\nSumma 1 299,00 kr\n',
    code: null,
    codes: [],
  },
  {
    name: 'da: engangskode',
    subject: 'Din kode',
    text: 'Din engangskode er 7035.\n\nBrug den inden 10 minutter.\n',
    code: '7035',
  },
  {
    name: 'no: engangskode',
    subject: 'Logg inn',
    text: 'Engangskoden din: 66 01 42\n',
    code: '660142',
  },
  {
    name: 'pl: kod weryfikacyjny',
    subject: 'Twój kod weryfikacyjny',
    text: 'Cześć Ada,\n\nTwój kod weryfikacyjny to: 914770\nKod jest ważny przez 10 minut.\n',
    code: '914770',
  },
  {
    name: 'pl: kod, w bloku',
    subject: 'Logowanie',
    html: '<p>Wpisz poni&#380;szy kod, aby si&#281; zalogowa&#263;:</p><h1>194-027</h1><p>Zamówienie 884421, 00-950 Warszawa</p>',
    code: '194027',
  },
  {
    name: 'pl: kod rabatowy',
    subject: 'Faktura 20261',
    text: 'Numer faktury: 20261\nKod rabatowy: ZIMA2026\nKod pocztowy 00-950\nKwota: 1200 zł\n',
    code: null,
    codes: [],
  },
];
