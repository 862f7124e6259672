import type { Words } from './words.ts';

export const pl: Words = {
  oneTime: `kod* weryfikacyjn*, kod* potwierdzając*, kod* bezpieczeństwa, kod* logowania, kod* do logowania,
    kod* aktywacyjn*, kod* autoryzacyjn*, kod* jednorazow*, kod* weryfikacji, kod* uwierzytelniając*, kod* zapasow*,
    kod* sms, kod* potwierdzenia, kod* odzyskiwania, kod* rejestracyjn*, jednorazow* kod*, jednorazow* hasł*,
    hasł* jednorazow*, hasł* tymczasow*`,
  maybe: `kod, kodu, kodem, kody, kodzie, kod* dostępu, hasło`,
  otherNames: `kod* rabatow*, kod* promocyjn*, kod* pocztow*, kod* kreskow*, kod* błędu, kod* źródłow*, kod* kuponu,
    kod* odbioru, kod* qr, kod* produktu, kod* kraju, kod* klienta, kod* zamówienia, kod* polecając*, kod* rezerwacji,
    kod* zaproszenia, kod* statusu, kod* swift, kod* podarunkow*, zamówieni*, faktur*, telefon*, zadzwoń, kwot*,
    numer*, nr, paczk*, konto, rachunek, rachunku, nip, regon, krs, paczkomat, kod* pokoju, kod* wifi, kod* wi fi,
    kod* do wifi, kod* do bramy, kod* do drzwi, kod* do furtki, kod* domofonu, kod* alarmu, kod* faktury, kod* koloru,
    kod* modelu, kod* partii, kod* lotu, kod* iata, kod* dostawcy, kod* sklepu, kod* pracownika, kod* podatkow*, kod*
    pkd, kod* cn, kod* taryf*, kod* wyjścia, kod* powrotu, kod* odpowiedzi, kod* konkurs*, kod* lojalnościow*, kod*
    regionu, kod* gminy, kod* miasta, kod* kierunkow*, kod* parkingow*, kod* garażu, kod* rozmiaru, kod* materiału,
    kod* recepty, kod* umowy, kod* oddziału, kod* banku, kod* waluty, kod* języka, kod* śledzenia, kod* przesyłki,
    kod* znajomego, kod* voucher*, kod* karn*, kod* zamka, kod* stacji, kod* ramy`,
  elsewhere: `zniżk*, promocj*, rabat*, kupon*, kolejne zakupy, pierwsze zakupy, taniej, darmowa dostawa, koszyk*`,
  meeting: `identyfikator spotkania, id spotkania, dołącz do spotkania`,
  units: `minut, minuty, minutę, sekund, sekundy, godzin, godziny, godzinę, dni, dzień, tygodni, miesięcy, lat, punktów,
    zł, złotych, razy`,
  is: `to, jest, brzmi`,
  number: `numer, nr, to, id`,
  enter: `wpisz, użyj, wprowadź, podaj`,
  purpose: `aby się zalogować, aby zalogować, aby potwierdzić, aby kontynuować, żeby`,
  not: `nie, to nie, zamiast`,
  past: `wygasł, stracił ważność`,
};
