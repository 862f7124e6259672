import type { CodeMail } from './mail.ts';

/** Japanese, Chinese, Korean. */
export const asian: readonly CodeMail[] = [
  {
    name: 'ja: 確認コード',
    subject: '【ショップ】確認コードのお知らせ',
    text: 'エイダ様\n\n確認コード：４８２９１３\n\n有効期限は10分間です。\n',
    code: '482913',
  },
  {
    name: 'ja: 認証コード, in a sentence',
    subject: 'ログイン',
    text: '認証コードは739104です。30分以内に入力してください。\n注文番号：884421\n2026年11月21日\n',
    code: '739104',
  },
  {
    name: 'ja: ワンタイムパスワード in a block',
    subject: 'ワンタイムパスワード',
    html: '<p>ワンタイムパスワードは以下のとおりです。</p><div>305 518</div><p>電話 03-1234-5678</p>',
    code: '305518',
  },
  {
    name: 'ja: クーポンコード, 郵便番号',
    subject: 'ご注文ありがとうございます',
    text: '注文番号：884421\nクーポンコード：482913\n郵便番号 100-0001\n合計 1200円\nhttps://shop.test/o/884421をご覧ください。\n',
    code: null,
    codes: [],
    links: ['https://shop.test/o/884421'],
  },
  {
    name: 'zh: 验证码',
    subject: '登录验证',
    text: '【商店】您的验证码是550182，10分钟内有效，请勿泄露给他人。\n',
    code: '550182',
  },
  {
    name: 'zh: 驗證碼, in front',
    subject: '商店',
    text: '660142（驗證碼），請於10分鐘內輸入。\n',
    code: '660142',
  },
  {
    name: 'zh: 验证码 below a heading',
    subject: '邮箱验证',
    html: '<p>您的验证码为：</p><p style="font-size:30px">9 1 4 7 7 0</p><p>订单号：884421</p>',
    code: '914770',
  },
  {
    name: 'zh: 订单和优惠码',
    subject: '订单确认',
    text: '订单号：884421\n优惠码：482913\n邮编 100000\n金额 1200元\n2026年11月21日\n',
    code: null,
    codes: [],
  },
  {
    name: 'ko: 인증번호',
    subject: '인증번호 안내',
    text: '안녕하세요.\n\n인증번호는 194027입니다. 10분 안에 입력해 주세요.\n',
    code: '194027',
  },
  {
    name: 'ko: 인증 코드 in a block',
    subject: '로그인',
    html: '<p>아래 인증 코드를 입력하세요</p><h1>407188</h1><p>주문번호 884421</p>',
    code: '407188',
  },
  {
    name: 'ko: 주문과 할인 코드',
    subject: '주문이 접수되었습니다',
    text: '주문번호: 884421\n할인 코드: 482913\n우편번호 04524\n금액 1200원\n전화 02-1234-5678\n',
    code: null,
    codes: [],
  },
];
