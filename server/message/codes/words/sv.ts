import type { Words } from './words.ts';

export const sv: Words = {
  oneTime: `engångskod*, engångslösenord*, verifieringskod*, verifikationskod*, bekräftelsekod*, säkerhetskod*,
    inloggningskod*, aktiveringskod*, autentiseringskod*, återställningskod*, kontrollkod*, sms kod*, tillfällig kod,
    tillfälligt lösenord, reservkoder, registreringskod*`,
  maybe: `kod, koden, koder, pinkod*, åtkomstkod*, lösenkod*, lösenord*`,
  nouns: `kod*`,
  otherKinds: `rabatt, kampanj, streck, fel, lands, gavekort, presentkorts, hämt, boknings, produkt, artikel, käll, kund, qr,
    värvnings, inbjudnings, dörr, port, klädnings, status, erbjudande, värde`,
  otherNames: `beställning, faktura, belopp, summa, totalt, sändning, paket, *nummer, *nr, telefon, ring, org, ocr, kund`,
  elsewhere: `rabatt, % rabatt, nästa köp, första köp, erbjudande*, presentkort, fri frakt, varukorg*, kampanj*`,
  meeting: `mötes id, anslut till mötet, konferens id`,
  units: `minuter, minut, sekunder, timmar, timme, dagar, dag, veckor, månader, år, poäng, gånger, kr, kronor`,
  is: `är, lyder`,
  number: `nummer, nr, är, id`,
  enter: `ange, använd, skriv in`,
  purpose: `för att logga in, för att bekräfta, för att verifiera, för att fortsätta`,
};
