import type { Words } from './words.ts';

export const nb: Words = {
  oneTime: `engangskode*, engangspassord*, bekreftelseskode*, verifiseringskode*, verifikasjonskode*, sikkerhetskode*,
    aktiveringskode*, innloggingskode*, påloggingskode*, autentiseringskode*, gjenopprettingskode*, kontrollkode*,
    sms kode*, midlertidig kode, midlertidig passord`,
  maybe: `kode, koden, koder, pinkode*, tilgangskode*, passord`,
  nouns: `kode*`,
  otherKinds: `rabatt, kampanje, strek, feil, lande, lands, gavekort, hente, booking, bestillings, produkt, vare,
    kilde, kunde, qr, tilbuds, status, invitasjons, sporings, verve, dør, rom, wifi, wi fi, faktura, farge, alarm,
    port, garasje, parkerings, bom, nøkkelboks, modell, størrelses, materiale, batch, fly, flyplass, leverandør,
    butikk, ansatt, prosjekt, retur, svar, konkurranse, medlems, bonus, region, kommune, bransje, toll, skatte,
    resept, reservedels, valuta, språk, område, post, reservasjons, lås, ramme, stasjons, garanti`,
  otherNames: `bestilling, ordre, faktura, beløp, sending, pakke, *nummer, *nr, telefon, ring, totalt, tlf`,
  elsewhere: `rabatt, % rabatt, neste kjøp, første kjøp, tilbud, gavekort, fri frakt, gratis frakt, handlekurv*, kampanje*`,
  meeting: `møte id, bli med i møtet, konferanse id`,
  units: `minutter, minutt, sekunder, timer, dager, dag, uker, måneder, år, poeng, ganger, kr, kroner`,
  is: `er, lyder`,
  number: `nummer, nr, er, id`,
  enter: `skriv inn, bruk, tast inn`,
  purpose: `for å logge inn, for å bekrefte, for å fortsette`,
  not: `ikke, i stedet for`,
  past: `er utløpt, gjelder ikke lenger`,
};
