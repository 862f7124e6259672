import type { CodeMail } from './mail.ts';

export const english: readonly CodeMail[] = [
  {
    name: 'text: behind the words',
    subject: 'Your Shop verification code',
    text: 'Hello Ada,\n\nYour verification code is 482913. It expires in 10 minutes.\n\nThe Shop team\n© 2026 Shop Inc.\n',
    code: '482913',
  },
  {
    name: 'subject alone, in front of the words',
    subject: '482 913 is your Shop code',
    text: 'Hello Ada,\n\nsomeone is signing in to your account. If that was not you, change your password.\n',
    code: '482913',
  },
  {
    name: 'HTML: a code in a block of its own, with a footer full of numbers',
    subject: 'Confirm your email address',
    html: `<html><head><style>.c { color: #123456; width: 600px }</style></head><body>
      <div style="display:none">Use this code to confirm your address</div>
      <h1>Confirm your email</h1>
      <p>Enter this code in the window where you signed up:</p>
      <div class="c" style="font-size: 32px">739 104</div>
      <p>The code is valid for 15 minutes.</p>
      <p>Shop Inc., 1209 Orange Street, Wilmington, DE 19801 &middot; &copy; 2024&ndash;2026</p>
      <p><a href="https://shop.test/help">Help</a> | <a href="https://shop.test/unsubscribe?u=884421">Unsubscribe</a></p>
    </body></html>`,
    code: '739104',
    links: ['https://shop.test/help', 'https://shop.test/unsubscribe?u=884421'],
  },
  {
    name: 'text and HTML agree',
    subject: 'Sign in to Ledger',
    text: 'Your sign-in code:\n\n    194 027\n\nNever share it with anyone.\n',
    html: '<p>Your sign-in code:</p><p><strong>194 027</strong></p><p>Never share it with anyone.</p>',
    code: '194027',
  },
  {
    name: 'each digit in a cell of its own',
    subject: 'Your security code',
    html: `<p>Your security code</p><table><tr>
      <td>4</td><td>8</td><td>2</td><td>9</td><td>1</td><td>3</td></tr></table><p>Valid for 10 minutes</p>`,
    code: '482913',
  },
  {
    name: 'each digit in a span of its own',
    subject: 'Log in',
    html: '<p>Your login code</p><p><span>7</span> <span>0</span> <span>3</span> <span>5</span></p>',
    code: '7035',
  },
  {
    name: 'each digit in a block of its own',
    subject: 'Log in',
    html: '<h2>One-time code</h2><div><div>5</div><div>5</div><div>0</div><div>1</div><div>8</div><div>2</div></div>',
    code: '550182',
  },
  {
    name: 'digits written apart in the text',
    subject: 'Your PIN',
    text: 'Your PIN: 4 8 2 9\n\nIt works once.\n',
    code: '4829',
  },
  {
    name: 'a prefix with a hyphen belongs to the code',
    subject: 'G-482913 is your verification code',
    text: 'G-482913 is your verification code.\n',
    code: 'G-482913',
  },
  {
    name: 'a device code: the hyphen groups',
    subject: 'Connect your TV',
    text: 'Go to https://tv.test/device and enter the code WDJB-MJHT to connect your TV.\n',
    code: 'WDJBMJHT',
    links: ['https://tv.test/device'],
  },
  {
    name: 'letters and digits',
    subject: 'Finish signing in',
    text: 'Copy this one-time code into the app\n\nK7X2QP\n\nIt can be used once within 30 minutes.\n',
    code: 'K7X2QP',
  },
  {
    name: 'small letters and digits right behind the words',
    subject: 'Login token',
    text: 'Your login token is: k7x2qp9\n',
    code: 'k7x2qp9',
  },
  {
    name: 'an authenticator mail with hyphens',
    subject: 'Two-factor authentication',
    text: 'Your two-factor code is 12-34-56\n',
    code: '123456',
  },
  {
    name: 'a code beside an order: the order is not it',
    subject: 'Confirm order 20261 with a code',
    text: 'To confirm your order #771230 of $1200.00, enter the verification code 305518.\nOrder number: 771230\nPhone: +1 415 555 0100\n',
    code: '305518',
  },
  {
    name: 'a code for the account',
    subject: 'Password reset',
    text: 'Your code to reset the password of your Shop account is 660142.\nIf you have not asked for it, ignore this mail.\n',
    code: '660142',
  },
  {
    name: 'the phone number that is verified is not it',
    subject: 'Verify your phone number',
    text: 'Use this code to verify your phone number (+44 20 7946 0018): 914770\n',
    code: '914770',
  },
  {
    name: 'a year that is a code, since it is said to be',
    subject: 'Your PIN',
    text: 'Your PIN is 2026.\n',
    code: '2026',
  },
  {
    name: 'eight digits with a date around',
    subject: 'Bank: authorise your payment',
    text: 'On 21/11/2026 at 10:30 you asked to pay 1,299.00 EUR to Shop Ltd.\nOTP: 40718826\nCard ending in 4242.\n',
    code: '40718826',
  },
  {
    name: 'markdown bold',
    subject: 'Welcome aboard',
    text: 'Your activation code: **8841**\n\nSee you soon.\n',
    code: '8841',
  },
  {
    name: 'a table with labels',
    subject: 'New sign-in from Chrome',
    html: `<table><tr><td>Time</td><td>21 November 2026, 14:02</td></tr>
      <tr><td>IP address</td><td>192.168.110.24</td></tr><tr><td>Ticket</td><td>884421</td></tr>
      <tr><td>Access code</td><td><b>583920</b></td></tr></table>`,
    code: '583920',
  },
  {
    name: 'entities and invisible chars in the code',
    subject: 'Sign in',
    html: '<p>Passcode:&nbsp;<b>48&#8203;29&#x200b;13</b></p>',
    code: '482913',
  },
  {
    name: 'a non-breaking hyphen',
    subject: 'Sign in',
    text: 'Your security code: 482\u2011913',
    code: '482913',
  },
  {
    name: 'the words in the subject, the number alone in the text',
    subject: 'Your one-time password',
    text: 'Hi Ada,\n\nplease type this in to go on:\n\n552901\n\nBest,\nLedger\n',
    code: '552901',
  },
  {
    name: 'the number alone, the words below',
    subject: 'Shop',
    html: '<h1>902114</h1><p>This is your confirmation code. Do not share it.</p>',
    code: '902114',
  },
  {
    name: 'a magic link beside the code: what is in its URL is not it',
    subject: 'Sign in to Notes',
    text: 'Click to sign in: https://notes.test/login?code=111222&t=20261121\n\nOr enter this login code: 334455\n',
    code: '334455',
    links: ['https://notes.test/login?code=111222&t=20261121'],
  },
  {
    name: 'no word for the code but what it is for',
    subject: 'Verify your email',
    html: '<p>Enter <b>208 664</b> to verify your address.</p><p>More than 5000 shops use Ledger.</p>',
    code: '208664',
  },
  {
    name: 'behind a customer, an amount and the end of a card number',
    subject: 'Payment authorisation',
    text: 'Dear customer 111222, the OTP for your payment of INR 5000.00 on card ending 1234 is 827364. Valid for 5 mins.\n',
    code: '827364',
    codes: ['827364'],
  },
  {
    name: 'a mail for a phone, with its origin',
    subject: '',
    text: 'Your code is 827364.\n\n@shop.test #827364\n',
    code: '827364',
  },
  {
    name: 'two codes, and nothing tells which',
    subject: 'Your codes',
    text: 'Verification code: 111222\nVerification code: 333444\n',
    code: null,
    codes: ['111222', '333444'],
  },
  {
    name: 'recovery codes: all of them',
    subject: 'Your recovery codes',
    text: 'Keep these recovery codes in a safe place:\n\n1192-8837\n4471-0056\n9912-7743\n',
    code: null,
    codes: ['11928837', '44710056', '99127743'],
  },
  {
    name: 'the code and, less surely, another number',
    subject: 'Your parcel locker',
    text: 'Verification code: 482913\n\nUse the code at locker 55012, compartment 7.\n',
    code: '482913',
  },
];
