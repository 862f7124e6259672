/**
 * The words that one-time codes stand beside, and those that tell that a number is something else, by language.
 *
 * Phrases are parted by commas; a blank stands for blanks or a hyphen, a star for any more letters. Words with accents
 * are found without them, too, since many mails are written so. Everything is in lower case.
 */
type Phrases = Readonly<Record<string, string>>;

/** Said of one-time codes only. */
const STRONG: Phrases = {
  english: `verification code*, verification pin, verification number, verification token, verify code, security code*,
    security pin, confirmation code*, confirmation pin, authentication code*, authentication token, authenticator code*,
    authorization code*, authorisation code*, auth code, login code*, login pin, login token, log in code*,
    sign in code*, signin code*, sign up code*, sign on code*, access code*, activation code*, activation pin,
    one time code*, one time pass*, one time pin, one time security code*, one time verification code*,
    one time login code*, single use code*, temporary code*, temporary login code, temporary pin, temporary passcode,
    two factor code*, two factor authentication code*, two step code*, two step verification code*, 2 step code*,
    2 step verification code*, 2fa code*, 2fa, mfa code*, mfa, reset code*, password reset code*, recovery code*,
    backup code*, validation code*, unlock code*, device code*, user code*, pairing code*, link code, passcode*,
    pass code*, pin code*, otp, otps, otp code*, totp`,
  german: `bestätigungscode*, bestätigungs code*, verifizierungscode*, verifikationscode*, prüfcode*,
    sicherheitscode*, sicherheits code, anmeldecode*, logincode*, einmalcode*, einmal code, einmalpasswort, einmal passwort,
    einmalkennwort, einmal pin, einmalpin, zugangscode*, zugriffscode*, freischaltcode*, freigabecode*,
    aktivierungscode*, authentifizierungscode*, mtan, sms tan, smstan, push tan, bestätigungspin`,
  french: `code* de vérification, code* de confirmation, code* de sécurité, code* de connexion, code* d'accès,
    code* d'authentification, code* d'activation, code* de validation, code* à usage unique, code* temporaire*,
    code* unique*, mot de passe à usage unique, mot de passe temporaire, code* secret*`,
  spanish: `código* de verificación, código* de seguridad, código* de confirmación, código* de acceso,
    código* de autenticación, código* de activación, código* de un solo uso, código* de uso único,
    código* de inicio de sesión, código* temporal*, código* único*, clave de un solo uso, clave de acceso,
    clave temporal, clave dinámica, contraseña de un solo uso, contraseña temporal`,
  portuguese: `código* de verificação, código* de segurança, código* de confirmação, código* de autenticação,
    código* de ativação, código* de uso único, código* temporário*, código* de login, senha de uso único,
    senha temporária, senha descartável, palavra passe de uso único`,
  italian: `codice di verifica, codici di verifica, codice di conferma, codice di sicurezza, codice di accesso,
    codice d'accesso, codice di autenticazione, codice di attivazione, codice monouso, codice temporaneo,
    codice usa e getta, codice otp, password monouso, password temporanea`,
  dutch: `verificatiecode*, beveiligingscode*, bevestigingscode*, inlogcode*, toegangscode*, activeringscode*,
    activatiecode*, authenticatiecode*, controlecode*, eenmalige code, eenmalig wachtwoord, eenmalige pincode,
    pincode*`,
  polish: `kod* weryfikacyjn*, kod* potwierdzając*, kod* bezpieczeństwa, kod* dostępu, kod* logowania,
    kod* aktywacyjn*, kod* autoryzacyjn*, kod* jednorazow*, jednorazow* kod*, jednorazow* hasł*, hasło jednorazowe`,
  nordic: `engångskod*, engångslösenord*, verifieringskod*, bekräftelsekod*, säkerhetskod*, inloggningskod*,
    aktiveringskod*, åtkomstkod*, engangskode*, engangsadgangskode*, engangspassord*, bekræftelseskode*,
    bekreftelseskode*, verifikationskode*, verifiseringskode*, sikkerhedskode*, sikkerhetskode*, aktiveringskode*,
    loginkode*, innloggingskode*, adgangskode*, pinkode*, pinkod*, vahvistuskoodi*, kertakäyttöi*, turvakoodi*`,
  turkish: `doğrulama kod*, onay kod*, güvenlik kod*, giriş kod*, aktivasyon kod*, erişim kod*,
    tek kullanımlık şifre*, tek kullanımlık parola*, tek kullanımlık kod*, tek seferlik şifre*, geçici şifre*`,
  russian: `код* подтверждения, код* безопасности, код* доступа, код* проверки, код* авторизации, код* активации,
    код* для входа, проверочн* код*, одноразов* код*, одноразов* парол*, временн* парол*, пин код*`,
  ukrainian: `код* підтвердження, код* безпеки, код* доступу, код* перевірки, код* авторизації, код* активації,
    код* для входу, одноразов* пароль*, перевірочн* код*`,
  japanese: `確認コード, 認証コード, 検証コード, 認証番号, 確認番号, 暗証番号, セキュリティコード, セキュリティ コード,
    ワンタイムパスワード, ワンタイム パスワード, ワンタイムコード, ログインコード, パスコード, 本人確認コード`,
  chinese: `验证码, 驗證碼, 校验码, 校驗碼, 确认码, 確認碼, 安全码, 安全碼, 动态码, 動態碼, 动态密码, 動態密碼,
    一次性密码, 一次性密碼, 登录码, 验证代码, 驗證代碼, 授权码`,
  korean: `인증번호, 인증 번호, 인증코드, 인증 코드, 확인코드, 확인 코드, 보안코드, 보안 코드, 일회용 비밀번호,
    일회용 코드, 일회용 암호, 로그인 코드`,
  arabic: `رمز التحقق, رمز التأكيد, رمز الأمان, رمز الدخول, رمز التفعيل, كود التحقق, كود التفعيل, كلمة مرور لمرة واحدة,
    رمز لمرة واحدة`,
  hindi: `सत्यापन कोड, पुष्टि कोड, सुरक्षा कोड, ओटीपी, वन टाइम पासवर्ड, वन-टाइम पासवर्ड`,
};

/** May be said of one-time codes; a price or an order is what stands behind them otherwise. */
const WEAK: Phrases = {
  latin: `code, codes, verification, pin, token, tan, código*, clave, senha, codice, kod, kodu, kodun, kodunuz, kodem, koden, kody,
    kode, koder, koodi, şifre, şifreniz, kodas, cod`,
  cyrillic: `код, кода, коду, кодом, пароль, пароля, паролем`,
  others: `コード, 代码, 代碼, 密码, 密碼, 코드, رمز, كود, कोड`,
};

/** Makes another sense of `code` when it stands in front of it, or is one word with it. */
const OTHER_CODES: Phrases = {
  english: `promo, promotion, promotional, discount, coupon, voucher, gift, gift card, savings, offer, deal, referral,
    invite, invitation, zip, postal, post, source, error, status, dress, country, area, dialing, dialling, dial, qr,
    bar, product, item, article, order, booking, reservation, tracking, shipping, tax, sort, swift, branch, exit,
    response, http, color, colour, reward, loyalty, partner, affiliate, campaign, currency, language, morse, building,
    vendor, supplier, customer, client, member, course, return, reason, model, department, cost, airport, billing, machine`,
  german: `gutschein, rabatt, aktions, vorteils, post, quell, fehler, länder, landes, strich, buchungs, bestell, kunden,
    artikel, sendungs, einladungs, farb, geschenk`,
  dutch: `kortings, actie, bron, fout, lands, streepjes, cadeau, klant`,
  nordic: `rabatt, rabat, kampanj, kampagne, kampanje, streck, streg, fel, fejl, feil, lande, gavekort`,
  turkish: `indirim, kampanya, posta, hata, kupon, promosyon, ürün, sipariş, kaynak, takip, hediye, ülke, alan`,
  japanese: `クーポン, プロモ, プロモーション, 割引, エラー, バー, 国, 商品, カラー, 招待, ソース, ギフト`,
  korean: `쿠폰, 할인, 프로모션, 오류, 에러, 국가, 바, 상품, 초대, 추천`,
  hindi: `कूपन, प्रोमो, छूट, डिस्काउंट, एरर`,
};

/** Other senses of `code` that say so behind it, or in a word of its own. */
const OTHER_PHRASES: Phrases = {
  english: `code of conduct, code review, code base, code block, code freeze`,
  french: `code* promo*, code postal, code* barre*, code source, code d'erreur, code erreur, code* de réduction,
    code* de remise, code pays, code client, code avantage, code* cadeau*, code de parrainage, code de suivi,
    code de conduite, code article`,
  spanish: `código* promocional*, código* postal*, código* de descuento, código* de barras, código* de error,
    código fuente, código* de seguimiento, código de cliente, código de país, código* qr, código* de cupón,
    código de pedido, código de reserva, código de regalo`,
  portuguese: `código* de desconto, código de rastreio, código de rastreamento, código de erro, código fonte,
    código do cliente, código do pedido, código de cupom, código do produto`,
  italian: `codice sconto, codice promo*, codice postale, codice fiscale, codice a barre, codice sorgente,
    codice errore, codice di errore, codice cliente, codice ordine, codice prodotto, codice articolo,
    codice di tracciamento, codice prenotazione, codice coupon`,
  polish: `kod* rabatow*, kod* promocyjn*, kod* pocztow*, kod* kreskow*, kod* błędu, kod* źródłow*, kod* kuponu`,
  cyrillic: `промокод*, код* товара, код* ошибки, код* страны, код* города, код* заказа, код* купона, код* скидки,
    исходн* код*, штрихкод*, штрих код*, qr код*, код* товару, код* помилки, код* країни, код* замовлення`,
  chinese: `优惠码, 優惠碼, 优惠代码, 折扣码, 折扣碼, 二维码, 二維碼, 邀请码, 邮编, 邮政编码, 错误代码`,
  arabic: `رمز الخصم, كود الخصم, رمز القسيمة, الرمز البريدي, رمز المنتج, رمز الخطأ, رمز الدولة, رمز الطلب`,
};

/** Things that have a number. */
const NUMBERED: Phrases = {
  english: `order*, invoice*, ticket*, case, customer*, account*, reference, ref, tracking, shipment, parcel, package,
    booking, reservation, transaction, receipt, bill, policy, contract, membership, member, flight, phone, telephone,
    tel, mobile, call, fax, zip, po box, total, subtotal, amount, sum, price, balance, serial, model, version,
    build, room, gate, seat, train, street, suite, floor, copyright, ending, ending in, ends in, ending with, last four, card,
    item, article, sku, isbn, iban, vat, issue, port, page, year, payment, id, case id, user id, extension`,
  german: `*nummer, *nr, bestellung, auftrag, rechnung, vorgang, ticket, telefon, konto, betrag, summe, gesamt,
    plz, version, endet auf, endend auf`,
  french: `commande, facture, dossier, téléphone, tél, montant, compte, colis, numéro, réservation, se terminant par`,
  spanish: `pedido, factura, teléfono, importe, cuenta, envío, número, reserva, terminada en, que termina en`,
  portuguese: `fatura, encomenda, telefone, valor, conta, final, nota fiscal`,
  italian: `ordine, fattura, telefono, importo, conto, spedizione, numero, prenotazione, cap`,
  dutch: `bestelling, factuur, telefoon, bedrag, rekening, zending, klant`,
  polish: `zamówieni*, faktur*, telefon*, kwota, numer, paczk*, konto`,
  nordic: `beställning, bestilling, ordre, faktura, belopp, beløb, sändning, pakke`,
  turkish: `sipariş*, fatura*, telefon, tutar, müşteri no, numarası`,
  cyrillic: `заказ*, счет*, счёт*, телефон*, сумма, номер*, посылк*, замовленн*, рахун*, сума, накладн*, договор*`,
  japanese: `注文番号, 請求書番号, 会員番号, 電話番号, 電話, 郵便番号, お客様番号, 追跡番号, 伝票番号, 金額, 合計`,
  chinese: `订单, 訂單, 订单号, 訂單編號, 发票, 發票, 单号, 電話, 电话, 金额, 金額, 尾号, 尾號, 运单`,
  korean: `주문번호, 주문 번호, 주문, 송장번호, 송장, 전화, 우편번호, 금액, 고객번호`,
  arabic: `رقم الطلب, الطلب, فاتورة, الفاتورة, هاتف, الهاتف, المبلغ`,
  hindi: `ऑर्डर, चालान, फ़ोन, फोन, राशि`,
};

export const words = {
  strong: phrases(STRONG),
  weak: phrases(WEAK),
  other: [...phrases(OTHER_PHRASES), ...phrases(NUMBERED)],
  otherCodes: phrases(OTHER_CODES),
};

function phrases(byLanguage: Phrases): readonly string[] {
  return Object.values(byLanguage).flatMap((list) =>
    list.split(',').map((phrase) => phrase.trim().replace(/\s+/g, ' ')),
  );
}
