import type { Words } from './words.ts';

export const da: Words = {
  oneTime: `engangskode*, engangsadgangskode*, bekræftelseskode*, verifikationskode*, verificeringskode*, sikkerhedskode*,
    aktiveringskode*, loginkode*, login kode*, godkendelseskode*, kontrolkode*, gendannelseskode*, sms kode*,
    midlertidig kode, midlertidig adgangskode, nulstillingskode*`,
  maybe: `kode, koden, koder, pinkode*, adgangskode*`,
  nouns: `kode*`,
  otherKinds: `rabat, kampagne, streg, fejl, lande, gavekort, gavekorts, hente, afhentnings, booking, reservations, produkt,
    vare, kilde, kunde, qr, tilbuds, status, invitations, post, dør`,
  otherNames: `bestilling, ordre, faktura, beløb, pakke, *nummer, *nr, telefon, ring, ring til os, cvr, tlf, i alt`,
  elsewhere: `rabat, % rabat, næste køb, første køb, tilbud, gavekort, fri fragt, gratis fragt, kurv, kampagne*`,
  meeting: `møde id, deltag i mødet, konference id`,
  units: `minutter, minut, sekunder, timer, dage, dag, uger, måneder, år, point, gange, kr, kroner`,
  is: `er, lyder`,
  number: `nummer, nr, er, id`,
  enter: `indtast, brug`,
  purpose: `for at logge ind, for at bekræfte, for at fortsætte, til at logge ind`,
};
