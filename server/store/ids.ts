const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 12;

/**
 * Ids that sort by the time they were made: 48 bits of Unix time in ms and 60 random bits, in 22 characters of
 * Crockford's base 32. Lower case only, so that they are file names on any file system and POP3 UIDLs (RFC 1939 §7).
 */
export function idMaker(now: () => Date, randomBytes: (octets: number) => Uint8Array): () => string {
  // Asking for random octets costs the same for some and for many.
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + RANDOM_CHARACTERS > pool.length) {
      pool = randomBytes(RANDOM_CHARACTERS * 256);
      used = 0;
    }
    let id = '';
    for (let time = now().getTime(), i = 0; i < TIME_CHARACTERS; i++, time = Math.floor(time / 32)) {
      id = ALPHABET.charAt(time % 32) + id;
    }
    for (const end = used + RANDOM_CHARACTERS; used < end; used++) id += ALPHABET.charAt((pool[used] ?? 0) % 32);
    return id;
  };
}
