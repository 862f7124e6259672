/** Directly before a number: it is a price, a phone number, a reference, or a part of something longer. */
const BEFORE = new RegExp(
  [
    '\\ufffc$|[+#@/\\\\%&$€£¥₹₽₺₩₴฿₫₪]\\s?$', // signs
    "\\d[.,:'/]\\s?$",
    '(?<![a-z])(?:eur|usd|gbp|chf|jpy|cny|inr|pln|sek|nok|dkk|try|rub|uah|brl|cad|aud|rs|kr|tl|nis)\\.?\\s?$',
    '(?:[*•·●]{3,}|x{3,})\\s?-?\\s?$|[•●]\\s?$', // all but the last digits of a card
    '(?:©|\\(c\\)|copyright)\\s?$',
    '(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\\.?,?\\s?(?:\\d\\d?(?:st|nd|rd|th)?,?\\s)?$',
    '(?<![a-z])(?:no|nr|n°)\\.?\\s?$',
    '(?<![a-z])v(?:ersion)?\\.?\\s?$',
  ].join('|'),
  'i',
);

const UNITS = `minutes?|mins?|minuten?|minuter|minutter|minut[eoiay]s?|minuty|dakika|seconds?|secs?|sekund\\p{L}*|secondes?|
  segundos?|secondi|saniye|hours?|hrs?|stunden?|heures?|horas?|ore|uur|uren|godzin\\p{L}*|timmar|timer|saat|days?|tagen?|
  jours?|d[ií]as?|dias?|giorni|dagen|dagar|dage|dni|gün|weeks?|wochen?|months?|years?|jahren?|мин\\p{L}*|час\\p{L}*|
  сек\\p{L}*|дн\\p{L}*|хв\\p{L}*|год\\p{L}*|kg|km|gb|mb|kb|px|points?|punkte|miles|users|people|items?|words|lines?|credits|
  times|followers|eur|usd|gbp|chf|jpy|cny|inr|pln|zł|sek|nok|dkk|kr|try|tl|rub|руб\\p{L}*|грн|uah|brl|euros?|dollars?`;

/** Directly behind a number: it is a part of something longer, or so many of something. */
const AFTER = new RegExp(
  `^[.,:]\\d|^\\s?[/@%°\\\\€$£¥₹₽₺₩₴×]|^\\s?(?:${UNITS.replace(/\s+/g, '')})(?!\\p{L})` +
    '|^\\s?(?:円|元|원|分|秒|時|时|小时|小時|年|月|日|天|点|件|個|个|名|년|월|일(?!회)|분|시간|초|دقيقة|دقائق|ساعة|ثانية|मिनट|घंटे|रुपये)',
  'iu',
);

/** A shop speaks of its own codes. */
const PROMOTION = new RegExp(
  '% ?off|(?<![a-z])off(?![a-z])|promo|coupon|voucher|discount|checkout|rabatt|gutschein|aktionscode|descuento|desconto' +
    '|sconto|réduction|remise|korting|zniżk|promocj|indirim|kampanya|rabat(?![a-z])|скидк|знижк|промо|クーポン|割引|优惠|優惠|折扣|할인|쿠폰|خصم|छूट|कूपन' +
    '|% ?(?:rabatt|de réduction|korting|sconto)|free shipping|save \\d|(?<![a-z])sale(?![a-z])',
  'i',
);

/**
 * Whether the chars beside it tell that it is no code, whatever else is said.
 * @param before the text before it on its line, as far as it matters
 */
export function isRefused(before: string, after: string): boolean {
  return BEFORE.test(before.slice(-24)) || AFTER.test(after.slice(0, 24));
}

export function isPromotion(text: string): boolean {
  return PROMOTION.test(text);
}
