import type { Words } from './words.ts';

export const nl: Words = {
  oneTime: `verificatiecode*, verificatie code, beveiligingscode*, bevestigingscode*, inlogcode*, activeringscode*,
    activatiecode*, authenticatiecode*, controlecode*, herstelcode*, aanmeldcode*, autorisatiecode*, registratiecode*,
    tancode*, sms code, eenmalige code*, eenmalig wachtwoord, eenmalige pincode, eenmalige inlogcode, tijdelijke code,
    tijdelijk wachtwoord, reservecodes`,
  maybe: `code, codes, pincode*, toegangscode*, wachtwoord`,
  nouns: `code*`,
  otherKinds: `kortings, actie, bron, fout, lands, streepjes, cadeau, klant, ophaal, afhaal, post, product, artikel,
    status, voucher, waardebon, kleur, boekings, reserverings, bar, qr, vergader, uitnodigings, deelname, track, volg`,
  otherNames: `bestelling, factuur, telefoon, bedrag, rekening, zending, klant, *nummer, totaal, kvk, pakket, pakje, postbus,
    track & trace, bel ons, bel`,
  elsewhere: `korting, % korting, volgende bestelling, eerste bestelling, winkelwagen, cadeaubon, waardebon, actie, gratis verzending`,
  meeting: `vergadering id, vergaderings id, vergader id, deelnemen aan de vergadering, conferentie id`,
  units: `minuten, minuut, seconden, uur, uren, dagen, dag, weken, maanden, jaar, punten, keer, euro`,
  is: `is, luidt, zijn`,
  number: `nummer, nr, is, id`,
  enter: `gebruik, vul, voer, typ`,
  purpose: `in om, om in te loggen, om te bevestigen, om verder te gaan`,
};
