/** A text that looks as if it were full of codes. */
export interface WorstText {
  readonly name: string;
  readonly text: string;
}

const KINDS: Readonly<Record<string, (n: number) => string>> = {
  'a log': (n) => `2026-03-12 08:${10 + (n % 50)}:01 job ${48120 + n} fetched ${1024 + n} rows, code ${200100 + n}\n`,
  'an invoice': (n) => `${n}  Kettle ${88213 + n}   2 x ${39 + n}.99 EUR   ${number(n)}  total ${number(n + 1)}\n`,
  'words with numbers': (n) => `word${n * 17} `,
  'Chinese with numbers': (n) => `订单号${number(n)}，验证码说明${number(n + 1)}，金额元。`,
  'full-width digits': () => '確認コードは４８２９１３です。',
  'Thai codes': (n) => `รหัสยืนยันของคุณคือ ${number(n)} `,
  'Arabic-Indic digits': () => 'رمز التحقق ٤٨٢٩١٣ ',
  'a hex dump': (n) => `${scattered(n).toString(16).toUpperCase().padStart(8, '0')} `,
  'one digit': () => '7',
  'digits with spaces': () => '7 ',
  base64: (n) => Buffer.from(`${scattered(n) * scattered(n + 1)}`).toString('base64'),
  URLs: (n) => `https://x.test/a/${number(n)}?code=${n}&t=1 `,
  addresses: (n) => `ada${n}@example.test `,
  'codes one after the other': (n) => `code ${number(n)} `,
  'verification codes': (n) => `verification code ${number(n)}. `,
  'a number on each line': (n) => `${number(n)}\n`,
  'a code below each heading': (n) => `Code:\n${number(n)}\n`,
  'enter and verify': (n) => `enter ${number(n)} to verify `,
  'words with hyphens': () => 'amber-falcon-slim-glad ',
  'the beginning of many phrases': () => 'kod kod kod kod kod1234 ',
  'accents apart from their letters': () => 'e\u0301\u0302',
  'not the code': (n) => `not ${number(n)} `,
  'codes that have expired': (n) => `code ${number(n)} has expired `,
  'not any more, in many languages': (n) =>
    `${number(n)} ist ungültig, не ${number(n + 1)} истёк, ne pas ${number(n + 2)} expiré `,
  'the beginning of many phrases with accents': () => 'mã số código de verificação mật khẩu 1234 ',
  'the beginning of many Russian phrases': (n) => `код код код для ${number(n)} `,
  'the beginning of many Chinese phrases': (n) => `验证动态验证码登录验${number(n)}`,
  'the beginning of many Hebrew phrases': (n) => `קוד קוד קוד ${number(n)} `,
  'marks for right to left': (n) => `\u202bקוד\u200f \u2067${number(n)}\u2069 `,
  'a word beside a number on each line': (n) => `${number(n)} ${n % 2 ? 'kettle' : 'teapot'}\n`,
  'prose with codes': (n) =>
    `The quick brown fox jumps over the lazy dog. Your code is ${number(n)}, so that you can sign in to the shop. `,
  prose: () => 'The quick brown fox jumps over the lazy dog and orders a kettle. ',
};

export function texts(size: number): readonly WorstText[] {
  return Object.entries(KINDS).map(([name, piece]) => {
    let text = '';
    for (let n = 0; text.length < size; n++) text += piece(n);
    return { name, text: text.slice(0, size) };
  });
}

function number(n: number): number {
  return 100_000 + (scattered(n) % 900_000);
}

/** Pseudorandom, and the same in each run. */
function scattered(n: number): number {
  return Math.imul(n + 1, 2_654_435_761) >>> 0;
}
