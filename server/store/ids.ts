const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 12;

/**
 * Ids that sort by the time they were made: 48 bits of Unix time in ms and 60 random bits, in 22 characters of
 * Crockford's base 32. Lower case only, so that they are file names on any file system and POP3 UIDLs (RFC 1939 §7).
 */
export function makeId(now: Date, randomBytes: (octets: number) => Uint8Array): string {
  let id = '';
  for (let time = now.getTime(), i = 0; i < TIME_CHARACTERS; i++, time = Math.floor(time / 32)) {
    id = ALPHABET.charAt(time % 32) + id;
  }
  for (const octet of randomBytes(RANDOM_CHARACTERS)) id += ALPHABET.charAt(octet % 32);
  return id;
}
