import iconv from 'iconv-lite';

/** A generated mail, and its peculiarities. */
export interface GeneratedMail {
  readonly raw: Buffer;
  readonly traits: ReadonlySet<string>;
}

/** The same mail for the same seed: normal mails, and mails that bend or break the rules. */
export function generatedMail(seed: number): GeneratedMail {
  return new Generator(seed).mail();
}

const TEXTS: Readonly<Record<string, string>> = {
  'us-ascii': 'Hello Ada,\nhow are you?\n',
  'utf-8': 'Grüße aus Köln – Привет, 日本 👋\n',
  'iso-8859-1': 'Grüße, ça va?\n',
  'iso-8859-2': 'Dzień dobry, żółw\n',
  'iso-8859-15': 'Für 5 €\n',
  'windows-1252': '“Grüße” für 5 €\n',
  'windows-1251': 'Привет, Ада\n',
  'windows-1250': 'Příliš žluťoučký kůň\n',
  'koi8-r': 'Привет, Ада\n',
  'koi8-u': 'Привіт, Ада\n',
  big5: '中文的信\n',
  gb2312: '中文信件\n',
  gb18030: '中文信件 😀\n',
  'euc-kr': '한글 편지\n',
  'euc-jp': '日本語の手紙\n',
  shift_jis: '日本語の手紙\n',
  cp437: 'Grüße ½\n',
  cp850: 'Grüße ½\n',
  'utf-7': 'Grüße + mehr\n',
  'utf-16le': 'Grüße\n',
};

class Generator {
  #state: number;
  #boundaries = 0;
  readonly #traits = new Set<string>();

  constructor(seed: number) {
    this.#state = seed;
  }

  mail(): GeneratedMail {
    const lineEnd = this.#pick(['\r\n', '\r\n', '\r\n', '\n', '\r']);
    if (lineEnd === '\r') this.#traits.add('bare CR');
    const header = this.#shuffled([
      ...this.#maybe(0.9, () => `Subject: ${this.#folded(this.#phrase(40))}`),
      ...this.#maybe(0.9, () => `From: ${this.#address()}`),
      ...this.#maybe(0.9, () => `To: ${this.#addresses()}`),
      ...this.#maybe(0.9, () => `Date: ${this.#date()}`),
      'MIME-Version: 1.0',
    ]);
    const lines = [...this.#maybe(0.05, () => 'From bob@x.test Sat Nov 21 10:00:00 2026'), ...header, ...this.#part(0)];
    const text = lines.join('\n');
    return { raw: Buffer.from(text.replaceAll('\n', lineEnd), 'latin1'), traits: this.#traits };
  }

  /** The lines of its header, an empty line, and its body. */
  #part(depth: number): string[] {
    const kinds = depth > 2 ? ['leaf'] : ['leaf', 'leaf', 'multipart', 'multipart', 'mail'];
    const kind = depth === 0 ? this.#pick(['leaf', 'multipart', 'multipart', 'multipart']) : this.#pick(kinds);
    if (kind === 'multipart') return this.#multipart(depth);
    if (kind === 'mail') {
      return ['Content-Type: message/rfc822', '', `Subject: ${this.#phrase(20)}`, ...this.#part(depth + 1)];
    }
    return this.#leaf();
  }

  #multipart(depth: number): string[] {
    const boundary = this.#boundary();
    const type = this.#pick(['mixed', 'alternative', 'related', 'digest', 'x-unknown']);
    const line = () => `--${boundary}${this.#pick(['', '', '', '  ', '\t'])}`;
    const children = Array.from({ length: this.#int(1, 3) }, () => {
      // Its parts are mails, which begin with their own header.
      if (type === 'digest' && this.#chance(0.7)) {
        return [line(), '', `Subject: ${this.#phrase(20)}`, ...this.#leaf()];
      }
      return [line(), ...this.#part(depth + 1)];
    });
    const unclosed = this.#chance(0.1);
    if (unclosed) this.#traits.add('unclosed');
    return [
      ...this.#field('Content-Type', `multipart/${type}`, [['boundary', boundary]]),
      '',
      ...this.#maybe(0.3, () => 'This is a multi-part message in MIME format.'),
      ...this.#maybe(0.05, () => `--${boundary}x`),
      ...children.flat(),
      ...(unclosed ? [] : [`--${boundary}--${this.#pick(['', '', '  '])}`]),
      ...this.#maybe(0.2, () => ''),
      ...this.#maybe(0.1, () => 'An epilogue.'),
    ];
  }

  #leaf(): string[] {
    if (this.#chance(0.06)) {
      this.#traits.add('no header');
      return ['', 'A part without a header.', ''];
    }
    const charset = this.#pick(Object.keys(TEXTS));
    const isText = this.#chance(0.6);
    const octets = isText
      ? iconv.encode((TEXTS[charset] ?? '').repeat(this.#int(1, 5)), charset)
      : Buffer.from(Array.from({ length: this.#int(0, 200) }, () => this.#int(0, 255)));
    const safe = isText && !/[^\t\n -~]/.test(octets.toString('latin1'));
    const encoding = this.#pick(
      safe ? ['7bit', '7bit', 'base64', 'quoted-printable', '8bit', 'x-unknown'] : ['base64', 'quoted-printable'],
    );
    if (encoding === 'x-unknown') this.#traits.add('unknown encoding');
    const type = isText
      ? this.#pick(['text/plain', 'text/html', 'TEXT/Plain'])
      : this.#pick(['application/pdf', 'image/png', 'application/octet-stream', 'pdf', 'a/b/c']);
    const name = this.#chance(isText ? 0.2 : 0.8) ? this.#name() : null;
    const where = this.#pick(['disposition', 'type', 'both']);
    const parameters: [string, string][] = [
      ...(isText ? ([['charset', this.#pick([charset, charset.toUpperCase()])]] as [string, string][]) : []),
      ...(name !== null && where !== 'disposition' ? ([['name', name]] as [string, string][]) : []),
    ];
    const disposition = this.#pick(['attachment', 'inline', 'ATTACHMENT']);
    const header = [
      ...this.#field('Content-Type', type, parameters),
      ...(encoding === '7bit' && this.#chance(0.5)
        ? []
        : [`Content-Transfer-Encoding: ${this.#pick([encoding, encoding.toUpperCase(), ` ${encoding} (as usual)`])}`]),
      ...(name !== null && where !== 'type'
        ? this.#field('Content-Disposition', disposition, [['filename', name]])
        : this.#maybe(0.2, () => `Content-Disposition: ${disposition}`)),
      ...this.#maybe(0.03, () => 'Content-Type: text/x-second'),
    ];
    const padding = encoding === 'quoted-printable' ? this.#pick(['', '', '', ' ']) : '';
    if (padding !== '') this.#traits.add('padded soft breaks');
    const body = encode(octets, encoding, this.#pick([76, 60, 4, 1000]), padding).split('\n');
    if (this.#chance(0.04) && !/^(?:[!-9;-~]+:|[ \t]|$|From )/.test(body[0] ?? '')) {
      this.#traits.add('no empty line');
      return [...header, ...body];
    }
    return [...header, '', ...body];
  }

  #field(name: string, value: string, parameters: readonly (readonly [string, string])[]): string[] {
    const field = this.#pick([name, name, name.toLowerCase(), name.toUpperCase()]);
    const comment = this.#chance(0.1) ? ' (a comment; with "things")' : '';
    if (comment !== '') this.#traits.add('comments');
    const all = parameters.map(
      ([key, text]) => `;${this.#pick([' ', '', '\n ', '\n\t'])}${this.#parameter(key, text)}`,
    );
    return [`${field}:${this.#pick([' ', ' ', ''])}${value}${comment}${all.join('')}`];
  }

  #parameter(key: string, text: string): string {
    const octets = Buffer.from(text);
    const ascii = /^[ -~]*$/.test(text);
    const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
    const percent = (from: number, to: number) =>
      [...octets.subarray(from, to)]
        .map((octet) =>
          /[A-Za-z0-9]/.test(String.fromCharCode(octet))
            ? String.fromCharCode(octet)
            : `%${octet.toString(16).padStart(2, '0')}`,
        )
        .join('');
    if (!ascii) {
      const form = this.#pick(['extended', 'pieces', 'word']);
      if (form === 'extended') return `${key}*=utf-8''${percent(0, octets.length)}`;
      const half = Math.floor(octets.length / 2);
      if (form === 'pieces') {
        return `${key}*0*=utf-8'de'${percent(0, half)}; ${key}*1*=${percent(half, octets.length)}`;
      }
      this.#traits.add('word in parameter');
      return `${key}="=?utf-8?B?${octets.toString('base64')}?="`;
    }
    if (key !== 'boundary' && text.length > 4 && this.#chance(0.1)) {
      return `${key}*0="${text.slice(0, 3)}"; ${key}*1="${text.slice(3)}"`;
    }
    return /^[A-Za-z0-9._=-]+$/.test(text) && !text.includes('=') && this.#chance(0.5)
      ? `${key}=${text}`
      : `${key}=${quoted}`;
  }

  #name(): string {
    return this.#pick([
      'a.pdf',
      'report (final).pdf',
      'Übersicht für März.pdf',
      '請求書.pdf',
      'a;b=c.txt',
      'long name with many words.tar.gz',
    ]);
  }

  #boundary(): string {
    const n = this.#boundaries++;
    return this.#pick([
      `b${n}`,
      `=_Part_${n}_x.y`,
      `----=_NextPart_${n}`,
      `b`.repeat(n + 1),
      `a 'b' (c) ${n}`,
      `x${n}--`,
    ]);
  }

  #phrase(length: number): string {
    const word = () =>
      this.#pick([
        'Hello',
        'Ada',
        'order',
        '=?utf-8?B?R3LDvMOfZQ==?=',
        '=?UTF-8?Q?Gr=C3=BC=C3=9Fe_=F0=9F=91=8B?=',
        '=?iso-8859-1?q?Gr=FC=DFe?=',
        '=?koi8-r?B?8NLJ18XU?=',
        '=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=',
        '=?gb18030?B?1tDOxA==?=',
        '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=',
        '=?euc-kr?B?x9Gx2w==?=',
        '=?big5?B?pKSk5Q==?=',
        '42',
      ]);
    const words: string[] = [];
    while (words.join(' ').length < length) words.push(word());
    return words.join(' ');
  }

  #folded(text: string): string {
    return text.replace(/ /g, () => (this.#chance(0.15) ? '\n ' : ' '));
  }

  #address(): string {
    const spec = this.#pick([
      'ada@x.test',
      'bob.builder@mail.x.test',
      '"john doe"@x.test',
      'a+b@x.test',
      'ada@[127.0.0.1]',
      'ada@x . test',
    ]);
    return this.#pick([
      spec,
      `<${spec}>`,
      `Ada Lovelace <${spec}>`,
      `"Lovelace, Ada" <${spec}>`,
      `=?utf-8?q?Ad=C3=A4?= <${spec}>`,
      `Ada =?utf-8?q?L=C3=B6?= =?utf-8?q?ve?= <${spec}>`,
      `"Ada \\"the\\" first" <${spec}>`,
      `Ada (the first) <${spec}>`,
      `<${spec}> (a comment)`,
    ]);
  }

  #addresses(): string {
    const list = Array.from({ length: this.#int(1, 4) }, () => this.#address()).join(this.#pick([', ', ',', ',\n ']));
    return this.#pick([
      list,
      list,
      `Friends: ${list};`,
      `(ours) Friends: ${list}; (all)`,
      `${this.#address()}, Friends: ${list};`,
      'undisclosed-recipients:;',
    ]);
  }

  #date(): string {
    return this.#pick([
      'Sat, 21 Nov 2026 10:00:00 +0100',
      '21 Nov 2026 10:00:00 GMT',
      'Sat, 21 Nov 2026 10:00 -0500 (EST)',
      'Sat, 1 Nov 26 10:00:00 PST',
      'Sat, 21 Nov 2026 23:59:59 -0000',
      'Sat,  21  Nov  2026  10:00:00  +0530',
    ]);
  }

  #maybe(probability: number, make: () => string): string[] {
    return this.#chance(probability) ? [make()] : [];
  }

  #shuffled(list: readonly string[]): string[] {
    return list
      .map((item) => [this.#random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#int(0, list.length - 1)] as T;
  }

  #int(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** mulberry32 */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function encode(octets: Buffer, encoding: string, width: number, padding: string): string {
  if (encoding === 'base64') return octets.toString('base64').replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
  if (encoding !== 'quoted-printable') return octets.toString('latin1');
  const escaped = octets
    .toString('latin1')
    .replace(
      /[^\n !-<>-~]|[ \t](?=\n|$)/g,
      (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  return escaped.replace(/((?:=[0-9A-F]{2}|[^=\n]){60})(?=[^\n])/g, `$1=${padding}\n`);
}
