import type { Words } from './words.ts';

export const tr: Words = {
  oneTime: `doğrulama kod*, onay kod*, güvenlik kod*, giriş kod*, aktivasyon kod*, tek kullanımlık şifre*,
    tek kullanımlık parola*, tek kullanımlık kod*, tek seferlik şifre*, tek seferlik kod*, tek seferlik parola*,
    geçici şifre*, geçici kod*, etkinleştirme kod*, kimlik doğrulama kod*, sıfırlama kod*, kurtarma kod*, yedek kod*,
    sms kod*, otp kod*, doğrulama şifre*`,
  maybe: `kod, kodu, kodun, kodunuz, kodunuzu, kodları, şifre, şifreniz, parola, parolanız, erişim kod*`,
  nouns: `kod*`,
  otherKinds: `indirim, kampanya, posta, hata, kupon, promosyon, ürün, sipariş, kaynak, takip, hediye, ülke, alan, kargo,
    referans, davet, barkod, rezervasyon, teslimat, teslim, kare, qr, durum, müşteri, banka, stok, bölge`,
  otherNames: `sipariş*, fatura*, telefon, tel, tutar*, müşteri no, numarası, numaranız, no, toplam, takip no, iban, kargo,
    toplantı kimliği`,
  elsewhere: `indirim*, kampanya*, kupon*, promosyon, sepet*, ilk alışveriş*, ücretsiz kargo, hediye çeki, hediye kart*`,
  meeting: `toplantı kimliği, toplantıya katıl, toplantı id, konferans kimliği`,
  units: `dakika, dakikadır, saniye, saat, gün, hafta, ay, yıl, puan, kez, tl, lira`,
  is: `şudur`,
  number: `numarası, no, id`,
  enter: `girin, kullanın`,
  purpose: `kodunu girin, ile giriş`,
};
