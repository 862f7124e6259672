import type { SendMailOptions } from 'nodemailer';
import { type Brand, button, code, lines, page, picture, text, title } from './layout.ts';
import { hills } from './picture.ts';

/** One mail of the mailbox that the screenshots show. */
export interface Letter {
  /** How long ago it came in. */
  readonly minutesAgo: number;
  readonly read?: boolean;
  /** Signed in with this name. */
  readonly username?: string;
  readonly mail: SendMailOptions;
}

const shop: Brand = { name: 'Fernweh Outdoor', colour: '#166534', address: 'Lindenstraße 12, 50674 Köln' };
const cloud: Brand = { name: 'Stratus', colour: '#1d4ed8', address: 'Stratus Hosting Ltd, 8 Quay St, Dublin' };
const bank: Brand = { name: 'Northbridge', colour: '#7c2d12', address: 'Northbridge Credit Union, Portland' };
const desk: Brand = { name: 'Helpdesk', colour: '#6d28d9', address: 'Replies go to the ticket' };

const ada = '"Ada Lovelace" <ada@example.org>';
const grace = '"Grace Hopper" <grace@example.org>';
const from = {
  shop: '"Fernweh Outdoor" <orders@fernweh.test>',
  account: '"Fernweh Outdoor" <account@fernweh.test>',
  cloud: '"Stratus" <notify@stratus.test>',
  billing: '"Stratus Billing" <billing@stratus.test>',
  bank: '"Northbridge" <no-reply@northbridge.test>',
  desk: '"Helpdesk" <support+4127@helpdesk.test>',
  ci: '"Build" <ci@forge.test>',
};

const pdf = (name: string) => ({
  filename: name,
  contentType: 'application/pdf',
  content: Buffer.from(`%PDF-1.4\n% ${name}\n${'0'.repeat(48_000)}`),
});

const reset = {
  from: from.account,
  to: ada,
  subject: 'Reset your password',
  text: 'Hello Ada,\n\nsomeone asked to reset the password of your account. If it was you, choose a new one here:\n\nhttps://fernweh.test/reset/8f2c1d\n\nThe link works for 30 minutes.',
  html: page(
    shop,
    title('Reset your password') +
      text('Hello Ada,') +
      text('someone asked to reset the password of your account. If it was you, choose a new one:') +
      button('Choose a new password', 'https://fernweh.test/reset/8f2c1d', shop.colour) +
      text('The link works for 30 minutes. If it was not you, there is nothing to do.'),
  ),
};

const order = {
  from: from.shop,
  to: ada,
  bcc: 'archive@fernweh.test',
  subject: 'Your order 2026-1183 is on its way',
  text: 'Hello Ada, your parcel left our warehouse this morning and will be with you on Thursday.',
  html: page(
    shop,
    picture('hills@fernweh.test', 'Hills at dusk') +
      title('On its way') +
      text('Hello Ada, your parcel left our warehouse this morning and will be with you on Thursday.') +
      lines([
        ['Trail shoes “Kamm”, 41', '129.00 €'],
        ['Merino shirt, M', '64.90 €'],
        ['Delivery', 'free'],
        ['Sum, VAT included', '193.90 €'],
      ]) +
      button('Follow the parcel', 'https://fernweh.test/track/2026-1183', shop.colour),
  ),
  attachments: [
    { filename: 'hills.png', cid: 'hills@fernweh.test', content: hills(992, 400) },
    pdf('Rechnung 2026-1183.pdf'),
  ],
};

const plain = (subject: string, body: string, rest: SendMailOptions): SendMailOptions => ({
  subject,
  text: body,
  ...rest,
});

const branded = (brand: Brand, sender: string, subject: string, preview: string, body = ''): SendMailOptions => ({
  from: sender,
  to: ada,
  subject,
  text: preview,
  html: page(brand, title(subject) + text(preview) + body),
});

/** Newest first. */
export const letters: readonly Letter[] = [
  { minutesAgo: 0, mail: reset },
  { minutesAgo: 3, mail: order },
  {
    minutesAgo: 11,
    mail: branded(
      bank,
      from.bank,
      'Your sign-in code',
      'Enter this code to sign in. It works for ten minutes.',
      code('481 206'),
    ),
  },
  {
    minutesAgo: 26,
    username: 'worker-3',
    mail: plain(
      'Nightly import finished: 2 rows skipped',
      'Imported 48,211 of 48,213 rows in 00:03:12.\n\nSkipped:\n  line 1204: no e-mail address\n  line 31877: date "2026-02-30" does not exist\n',
      { from: 'cron@jobs.test', to: 'ops@example.org' },
    ),
  },
  {
    minutesAgo: 48,
    read: true,
    mail: {
      ...branded(
        cloud,
        from.billing,
        'Invoice 2026-114',
        'Thank you. Your invoice for October is attached.',
        lines([
          ['Compute, 744 hours', '$ 41.66'],
          ['Storage, 120 GB', '$ 2.40'],
          ['Total', '$ 44.06'],
        ]),
      ),
      attachments: [pdf('Invoice 2026-114.pdf'), { filename: 'usage.csv', content: 'day,hours\n2026-10-01,24\n' }],
    },
  },
  {
    minutesAgo: 95,
    read: true,
    mail: {
      ...branded(
        desk,
        from.desk,
        'Re: Export is missing the last column',
        'Thanks for the file, Grace. We found it: the column was left out when its header held a comma.',
      ),
      to: grace,
      cc: ada,
    },
  },
  {
    minutesAgo: 130,
    read: true,
    mail: plain(
      'main is green again (build 8812)',
      'All 1,204 tests passed on Node 20, 22, 24 and 26.\n\nhttps://forge.test/builds/8812',
      { from: from.ci, to: 'team@example.org' },
    ),
  },
  {
    minutesAgo: 131,
    read: true,
    mail: plain(
      'main failed (build 8811)',
      '1 of 1,204 tests failed:\n\n  cart › keeps its items after sign-in\n\nhttps://forge.test/builds/8811',
      { from: from.ci, to: 'team@example.org' },
    ),
  },
  {
    minutesAgo: 190,
    mail: {
      ...branded(
        shop,
        from.account,
        'Děkujeme za objednávku č. 1180',
        'Dobrý den, vaši objednávku jsme přijali. Jakmile ji odešleme, dáme vám vědět.',
      ),
      to: '"Jiří Novák" <jiri@example.org>',
    },
  },
  {
    minutesAgo: 1460,
    read: true,
    mail: branded(
      shop,
      from.account,
      'Welcome to Fernweh',
      'Hello Ada, good to have you. Confirm your address and you are ready to go.',
      button('Confirm my address', 'https://fernweh.test/confirm/51b0', shop.colour),
    ),
  },
  {
    minutesAgo: 1492,
    read: true,
    mail: {
      ...branded(
        shop,
        from.account,
        'Welcome to Fernweh',
        'Hello Grace, good to have you. Confirm your address and you are ready to go.',
      ),
      to: grace,
    },
  },
  {
    minutesAgo: 1530,
    read: true,
    username: 'worker-3',
    mail: plain(
      'Undelivered Mail Returned to Sender',
      'This is the mail system at host mx.test.\n\n<nobody@nowhere.test>: host not found',
      {
        from: '"Mail Delivery System" <MAILER-DAEMON@mx.test>',
        to: 'bounce+7@fernweh.test',
        envelope: { from: '', to: 'bounce+7@fernweh.test' },
      },
    ),
  },
  {
    minutesAgo: 1601,
    mail: {
      ...branded(
        cloud,
        from.cloud,
        'Disk of db-2 is 91 % full',
        'At the present rate it will be full in three days. Nothing has been stopped.',
      ),
      to: 'ops@example.org',
      priority: 'high',
    },
  },
  {
    minutesAgo: 1655,
    read: true,
    mail: plain('', 'sent from a script that forgot the subject', { from: 'script@dev.test', to: 'ada@example.org' }),
  },
  {
    minutesAgo: 2950,
    read: true,
    mail: {
      ...branded(
        desk,
        from.desk,
        'Ticket 4127: Export is missing the last column',
        'We got your message and will answer within a working day.',
      ),
      to: grace,
    },
  },
  {
    minutesAgo: 3010,
    read: true,
    mail: branded(
      bank,
      from.bank,
      'Your statement for October is ready',
      'Sign in to see it. For your safety we never send statements by mail.',
      button('Sign in', 'https://northbridge.test/', bank.colour),
    ),
  },
  {
    minutesAgo: 3100,
    read: true,
    mail: {
      ...branded(shop, from.shop, 'تم شحن طلبك رقم 1179', 'مرحباً ليلى، غادر طردك مستودعنا هذا الصباح.'),
      to: '"ليلى" <layla@example.org>',
    },
  },
  {
    minutesAgo: 4400,
    read: true,
    mail: {
      ...branded(
        cloud,
        from.cloud,
        'You were invited to the project “atlas”',
        'Grace Hopper invited you to work on atlas.',
        button('Join atlas', 'https://stratus.test/join/atlas', cloud.colour),
      ),
    },
  },
  {
    minutesAgo: 4460,
    read: true,
    mail: plain(
      'Weekly digest: 12 pull requests, 3 releases',
      'Merged this week\n\n- Cart keeps its items after sign-in (#911)\n- Faster search over addresses (#904)\n',
      { from: from.ci, to: 'team@example.org', cc: [ada, grace] },
    ),
  },
  {
    minutesAgo: 5900,
    read: true,
    username: 'worker-1',
    mail: branded(
      shop,
      from.shop,
      'How are the shoes?',
      'You have had them for two weeks. Tell others how they fit.',
      button('Write a review', 'https://fernweh.test/review/41', shop.colour),
    ),
  },
  {
    minutesAgo: 7300,
    read: true,
    mail: {
      ...branded(
        cloud,
        from.billing,
        'Your card ends soon',
        'The card that ends in 4242 can be charged until the end of the month.',
      ),
      to: grace,
    },
  },
  {
    minutesAgo: 8800,
    read: true,
    username: 'worker-1',
    mail: plain('Test', 'test', { from: 'ada@example.org', to: 'ada@example.org' }),
  },
];
