import type { Words } from './words.ts';

export const cs: Words = {
  oneTime: `ověřovací* kód*, bezpečnostní* kód*, potvrzovací* kód*, jednorázov* kód*, jednorázov* hesl*, přihlašovací* kód*,
    aktivační* kód*, autorizační* kód*, autentizační* kód*, dočasn* kód*, dočasn* hesl*, záložní* kód*, obnovovací* kód*,
    kód* pro ověření, kód* pro přihlášení, kód* k ověření, sms kód*, kontrolní* kód*, registrační* kód*, mtan`,
  maybe: `kód, kódu, kódem, kódy, přístupov* kód*, heslo`,
  otherNames: `slevov* kód*, promo kód*, čárov* kód*, kód* zásilky, kód* produktu, kód* zboží, kód* objednávky, kód*
    chyby, chybov* kód*, zdrojov* kód*, kód* země, kód* banky, dárkov* kód*, qr kód*, kód* pro vyzvednutí, výdejní*
    kód*, kód* rezervace, kód* zákazníka, stavov* kód*, objednávk*, faktur*, číslo, čísla, telefon*, infolinka, tel,
    částka, celkem, psč, ičo, dič, zásilk*, variabilní symbol, symbol, č, rezervac*, účet, účtu, kód* pokoje, kód*
    faktury, kód* barvy, kód* wifi, kód* wi fi, kód* brány, kód* dveří, kód* od dveří, kód* alarmu, kód* daně, kód*
    města, kód* obce, kód* měny, kód* jazyka, kód* letiště, kód* letu, kód* pobočky, kód* modelu, kód* šarže, kód*
    velikosti, kód* dodavatele, kód* zaměstnance, kód* prodejny, kód* stavu, kód* ukončení, kód* soutěže, kód*
    doporučení, kód* smlouvy, kód* předmětu, kód* swift, kód* poukazu, kód* regionu, poštovní* kód*`,
  elsewhere: `slev*, sleva, kupón*, kupon*, akce, doprava zdarma, košík*, voucher*, příští nákup, další nákup`,
  meeting: `id schůzky, id konference, připojit se ke schůzce`,
  units: `minut, minuty, minutu, sekund, hodin, hodiny, hodinu, dní, dny, týdnů, měsíců, let, bodů, kč, korun, krát`,
  is: `je, zní`,
  number: `číslo, č, je, id`,
  enter: `zadejte, použijte, zadej`,
  purpose: `pro přihlášení, pro potvrzení, pro ověření, pro dokončení`,
  not: `není, ne, místo`,
  past: `vypršel, již neplatí`,
};
