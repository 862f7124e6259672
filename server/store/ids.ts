const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 12;

/**
 * Ids that sort by the time they were made: 48 bits of Unix time in ms and 60 random bits, in 22 characters of
 * Crockford's base 32. Lower case only, so that they are file names on any file system and POP3 UIDLs (RFC 1939 §7).
 */
export function idMaker(now: () => Date, randomBytes: (octets: number) => Uint8Array): () => string {
  // If built by concatenation, V8 would keep an id as a tree of its pieces.
  const id = Buffer.alloc(TIME_CHARACTERS + RANDOM_CHARACTERS);
  // Getting random octets costs about the same for few and for many.
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + RANDOM_CHARACTERS > pool.length) {
      pool = randomBytes(RANDOM_CHARACTERS * 256);
      used = 0;
    }
    for (let time = now().getTime(), at = TIME_CHARACTERS - 1; at >= 0; at--, time = Math.floor(time / 32)) {
      id[at] = ALPHABET.charCodeAt(time % 32);
    }
    for (let at = TIME_CHARACTERS; at < id.length; at++) id[at] = ALPHABET.charCodeAt((pool[used++] ?? 0) % 32);
    return id.toString('latin1');
  };
}
