import { MARKS, many } from './mails.ts';

/** A class that takes milliseconds to compile: each of its letters is looked up in both cases. */
const NEARLY_ALL = '[!-\u{10fff}]';

/** Queries made to cost as much as they can, asked about a store of nasty mails. */
export const queries: Readonly<Record<string, string>> = {
  'a word': 'zzz',
  'a word of marks': MARKS.repeat(400),
  'a long word that nearly matches': `${'a'.repeat(1500)}b${'a'.repeat(1500)}`,
  'a long word of pairs': `text:${'ab'.repeat(1500)}c`,
  words: many(1000, (i) => `w${i}`).join(' '),
  alternatives: many(1000, (i) => `w${i}`).join(' OR '),
  'negations in brackets': `${'-('.repeat(40)}x${')'.repeat(40)}`,
  from: 'from:zzz',
  to: 'to:zzz',
  'to, found in all': 'to:a',
  rcpt: 'rcpt:zzz@x.test',
  subject: 'subject:zzz',
  'subject of marks': `subject:${MARKS.repeat(200)}`,
  text: 'text:zzz',
  html: 'html:zzz',
  'html, found in all': 'html:a',
  'html, twice': 'html:zzz OR html:yyy',
  header: 'header:X-Long=zzz',
  'header, any': 'header:X-Long',
  'header, many': many(20, (i) => `header:X-${i}=zzz`).join(' OR '),
  filename: 'filename:zzz',
  has: 'has:code OR has:link OR has:attachment',
  'an expression': '/zz+/',
  'an expression for the subject': 'subject:/zz+/',
  'an expression for HTML': 'html:/<zz+/',
  'an expression for headers': 'header:X-Long=/zz+/',
  'an expression for names of files': 'filename:/zz+$/',
  'repeated repetitions': '/(x+x+)+y/',
  'optional letters': '/(a?){50}a{50}z/',
  'many states': 'text:/a[ab]{900}c/',
  'counted in counted': '/(\\p{L}{1,30}){1,30}z$/',
  'Unicode classes': `/${'\\pL\\PN'.repeat(120)}/`,
  'alternatives in an expression': `/${many(120, (i) => `w${i * 7919}`).join('|')}/`,
  'several expressions': many(8, (i) => `/${'\\pL'.repeat(300)}${i}/`).join(' '),
  'a class of many letters': `/[${many(450, (i) => String.fromCharCode(0x400 + 2 * i)).join('')}]{500}z/`,
  'classes of nearly all letters': `/${NEARLY_ALL.repeat(150)}/`,
  'classes of nearly all letters, in all expressions': many(4, (i) => `/${NEARLY_ALL.repeat(150)}${i}/`).join(' '),
  'long repetitions': `/${'\\pL{1000}'.repeat(100)}/`,
  'long repetitions, in all expressions': many(200, (i) => `/(\\pL{1000})${i}/`).join(' '),
  'brackets in an expression': `/${'('.repeat(450)}a${')'.repeat(450)}/`,
};

/** Bodies of `POST /api/expect`. */
export const expectations: Readonly<Record<string, object>> = {
  'where: html': { where: { html: 'zzz' }, within: 0 },
  'where: an expression': { where: { text: { matches: '(x+x+)+y' } }, within: 0 },
  'where: headers': { where: { headers: { 'X-Long': { matches: 'zz+' } } }, within: 0 },
  'message: text contains marks': { count: { min: 1 }, within: 0, message: { text: { contains: MARKS.repeat(3000) } } },
  'message: HTML contains': {
    count: { min: 1 },
    within: 0,
    message: { html: { contains: many(500, (i) => `zz${i}`) } },
  },
  'message: HTML matches': { count: { min: 1 }, within: 0, message: { html: { matches: 'a[ab]{900}c' } } },
  'message: text matches': { count: { min: 1 }, within: 0, message: { text: { matches: '(\\pL{1,30}){1,30}z$' } } },
  'message: links': {
    count: { min: 1 },
    within: 0,
    message: { links: many(200, (i) => ({ url: { contains: `zz${i}` } })) },
  },
  'message: to': { count: { min: 1 }, within: 0, message: { to: many(300, (i) => `a${i}@zzz.test`) } },
  'message: headers': {
    count: { min: 1 },
    within: 0,
    message: { headers: Object.fromEntries(many(500, (i) => [`X-${i}`, { contains: 'zzz' }])) },
  },
  'message: attachments': {
    count: { min: 1 },
    within: 0,
    message: { attachments: many(100, (i) => ({ filename: { contains: `zz${i}` }, text: { contains: 'zzz' } })) },
  },
  'message: classes of nearly all letters': {
    count: { min: 1 },
    within: 0,
    message: { headers: Object.fromEntries(many(45, (i) => [`X-${i}`, { matches: `${NEARLY_ALL.repeat(150)}${i}` }])) },
  },
  'message: long repetitions': {
    count: { min: 1 },
    within: 0,
    message: { links: many(300, (i) => ({ url: { not: { matches: `(\\pL{1000})${i}` } } })) },
  },
  'where: classes of nearly all letters': {
    where: {
      subject: { matches: NEARLY_ALL.repeat(150) },
      headers: Object.fromEntries(many(20, (i) => [`X-${i}`, { matches: `${NEARLY_ALL.repeat(100)}${i}` }])),
    },
    within: 0,
  },
  'message: not not not': {
    count: { min: 1 },
    within: 0,
    message: { text: many(100, () => 0).reduce<object>((inner) => ({ not: inner }), { contains: 'zzz' }) },
  },
};
