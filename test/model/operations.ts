import fc from 'fast-check';

export const RECIPIENTS = ['ada@x.test', 'bob@x.test', 'eve@x.test'] as const;

/** Difficult content: leading dots, bare line feeds, invalid text, a missing header. */
const piece = fc.constantFrom(
  '.',
  '..',
  '\r\n',
  '\n',
  '\r\n.',
  '\n.',
  'text',
  ' ',
  '\0',
  '\xff',
  ': ',
  'Subject: a\r\n',
);

/** With a final line end, like every mail over SMTP. */
const raw = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(`${pieces.join('')}\r\n`, 'latin1'));
const to = fc.uniqueArray(fc.constantFrom(...RECIPIENTS), { minLength: 1 });
const mail = fc.record({ raw, to });

/** An existing mail: the number modulo their count. */
const at = fc.nat(20);
const recipient = fc.constantFrom(...RECIPIENTS);
const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
const change = fc.oneof(
  fc.record({ read: fc.boolean() }),
  fc.record({ tags }),
  fc.record({ read: fc.boolean(), tags }),
);
const is = <const T extends string>(what: T) => fc.constant(what);

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: is('send'), mails: fc.array(mail, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: is('put'), mail }) },
  { weight: 3, arbitrary: fc.record({ do: is('mark'), at, change }) },
  { weight: 1, arbitrary: fc.record({ do: is('mark many'), recipient, change }) },
  { weight: 2, arbitrary: fc.record({ do: is('delete'), at }) },
  { weight: 1, arbitrary: fc.record({ do: is('delete many'), recipient }) },
  { weight: 1, arbitrary: fc.record({ do: is('clear') }) },
  { weight: 2, arbitrary: fc.record({ do: is('retrieve'), recipient, at }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is('delete by POP3'),
      recipient,
      numbers: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }),
      ends: fc.constantFrom('QUIT', 'RSET', 'drop'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: is('leave the feed') }) },
  { weight: 2, arbitrary: fc.record({ do: is('return to the feed') }) },
);

const ending = fc.oneof(
  fc.record({ do: is('restart') }),
  /** While this many mails are being sent. */
  fc.record({ do: is('kill'), mails: fc.array(mail, { maxLength: 4 }) }),
);

export type Mail = Readonly<{ raw: Buffer; to: readonly string[] }>;
export type Operation = typeof operation | typeof ending extends fc.Arbitrary<infer T> ? T : never;

/** Operations on a server that loses everything when it ends. */
export const inMemory: fc.Arbitrary<Operation[]> = fc.array(operation, { minLength: 10, maxLength: 30 });

/** Operations on a server that keeps its mail. */
export const onDisk: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Operation>[]>(
    { weight: 8, arbitrary: operation },
    { weight: 1, arbitrary: ending },
  ),
  { minLength: 10, maxLength: 25 },
);
