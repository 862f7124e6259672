import type { CodeMail } from './mail.ts';

/** Turkish, Russian, Ukrainian, Arabic, Hindi. */
export const eastern: readonly CodeMail[] = [
  {
    name: 'tr: doğrulama kodu',
    subject: 'Doğrulama kodunuz',
    text: 'Merhaba Ada,\n\nDoğrulama kodunuz: 482913\nBu kod 10 dakika geçerlidir.\n',
    code: '482913',
  },
  {
    name: 'tr: tek kullanımlık şifre, büyük harflerle',
    subject: 'GİRİŞ',
    html: '<p>TEK KULLANIMLIK ŞİFRENİZ</p><p>739 104</p><p>Sipariş 884421, tutar 1.299,00 TL</p>',
    code: '739104',
  },
  {
    name: 'tr: indirim kodu',
    subject: 'Size özel indirim',
    text: 'İndirim kodu: YAZ2026\nSipariş no: 884421\nPosta kodu 34000\n',
    code: null,
    codes: [],
  },
  {
    name: 'ru: код подтверждения',
    subject: 'Код подтверждения',
    text: 'Здравствуйте!\n\nВаш код подтверждения: 305518\nНикому его не сообщайте. Действует 10 минут.\n',
    code: '305518',
  },
  {
    name: 'ru: одноразовый пароль',
    subject: 'Вход',
    html: '<p>Одноразовый пароль для входа</p><p><b>70 35 11</b></p><p>© 2026 Магазин, 101000 Москва</p>',
    code: '703511',
  },
  {
    name: 'ru: код перед словом',
    subject: 'Магазин',
    text: '550182 — ваш код для входа в Магазин.\n',
    code: '550182',
  },
  {
    name: 'ru: заказ и промокод',
    subject: 'Заказ 884421',
    text: 'Номер заказа: 884421\nПромокод 482913\nПочтовый индекс 101000\nСумма: 1200 ₽\nТелефон: 8 800 555 01 00\n',
    code: null,
    codes: [],
  },
  {
    name: 'uk: код',
    subject: 'Код підтвердження',
    text: 'Вітаємо!\n\nВаш код підтвердження — 660142. Він діє 10 хвилин.\n',
    code: '660142',
  },
  {
    name: 'uk: замовлення',
    subject: 'Замовлення 884421',
    text: 'Замовлення № 884421\nПоштовий індекс 01001\nСума 1200 грн\n',
    code: null,
    codes: [],
  },
  {
    name: 'ar: رمز التحقق, Arabic-Indic digits',
    subject: 'رمز التحقق',
    text: 'مرحبا آدا،\n\nرمز التحقق الخاص بك هو ٤٨٢٩١٣\nصالح لمدة ١٠ دقائق.\n',
    code: '482913',
  },
  {
    name: 'ar: HTML, right to left',
    subject: 'تسجيل الدخول',
    html: '<div dir="rtl"><p>أدخل هذا الرمز لتسجيل الدخول:</p><p>\u200f739104\u200e</p><p>رقم الطلب 884421</p></div>',
    code: '739104',
  },
  {
    name: 'ar: الطلب',
    subject: 'تأكيد الطلب',
    text: 'رقم الطلب: 884421\nرمز الخصم: 482913\nالرمز البريدي 11511\n',
    code: null,
    codes: [],
  },
  {
    name: 'hi: OTP',
    subject: 'आपका OTP',
    text: 'नमस्ते,\n\nआपका OTP 305518 है। यह 10 मिनट तक मान्य है।\n',
    code: '305518',
  },
  {
    name: 'hi: सत्यापन कोड, Devanagari digits',
    subject: 'लॉगिन',
    text: 'आपका सत्यापन कोड है: ५५०१८२\nऑर्डर 884421\n',
    code: '550182',
  },
];
