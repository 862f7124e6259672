import type { Words } from './words.ts';

export const fi: Words = {
  oneTime: `vahvistuskoodi*, kertakäyttöi*, kertakäyttökoodi*, kertakäyttösalasana*, turvakoodi*, todennuskoodi*,
    kirjautumiskoodi*, varmistuskoodi*, aktivointikoodi*, tunnistuskoodi*, palautuskoodi*, varakoodi*, väliaikainen koodi`,
  maybe: `koodi, koodin, koodia, koodilla, koodisi, koodit, pääsykoodi*, tunnusluku*, salasana*, pin koodi*`,
  nouns: `koodi*`,
  otherKinds: `alennus, tarjous, viiva, virhe, maa, lahja, kampanja, kuponki, nouto, tuote, varaus, lähde, asiakas, etu, posti,
    qr, suosittelu, seuranta, tila, ovi, suunta`,
  otherNames: `tilaus*, *numero, *numerosi, lasku, laskun, puhelin, asiakaspalvelu, summa, yhteensä, viite, postinumero, maksu,
    y tunnus, lähetys*, paketti*, puh`,
  elsewhere: `alennus*, tarjous*, kuponki, seuraavaan ostokseen, ilmainen toimitus, lahjakortti, ostoskori*, kampanja*`,
  meeting: `kokouksen tunnus, kokoustunnus, liity kokoukseen`,
  units: `minuuttia, minuutin, minuutissa, minuutti, sekuntia, tuntia, tunnin, päivää, viikkoa, kuukautta, vuotta,
    pistettä, euroa`,
  is: `on, on seuraava`,
  number: `numero, nro, on, id`,
  enter: `syötä, käytä, anna`,
  purpose: `kirjautuaksesi, vahvistaaksesi, jatkaaksesi`,
};
