import { type Warning, type WarningCode, warning } from '../../../wire/warning.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Longest line, in octets without its CRLF (RFC 5322 §2.1.1, RFC 5321 §4.5.3.1.6). */
const LONGEST_LINE = 998;

/** How often something occurs, and the line of its first occurrence, counted from 1. */
class Sighting {
  count = 0;
  line = 0;

  at(line: number): void {
    if (this.count++ === 0) this.line = line;
  }
}

/** What is wrong with the lines and octets of a mail. One pass over the octets. @param bodyAt where the body starts */
export function lintOctets(raw: Buffer, bodyAt: number): Warning[] {
  const header = newSightings();
  const body = newSightings();
  let found = header;
  let line = 1;
  let lineStart = 0;
  const endLine = (end: number) => {
    if (end - lineStart > LONGEST_LINE) found.long.at(line);
  };
  for (let at = 0; at < raw.length; at++) {
    if (at === bodyAt) found = body;
    const octet = raw[at] ?? 0;
    if (octet >= 0x20 && octet < 0x80) continue;
    if (octet === LF) {
      const crlf = at > lineStart && raw[at - 1] === CR;
      if (!crlf) found.lf.at(line);
      endLine(crlf ? at - 1 : at);
      lineStart = at + 1;
      line++;
    } else if (octet === CR) {
      if (raw[at + 1] !== LF) found.cr.at(line);
    } else if (octet === 0) found.nul.at(line);
    else if (octet >= 0x80) found.eightBit.at(line);
  }
  endLine(raw.length);
  return [...told(header, 'header'), ...told(body, 'body')];
}

const newSightings = () => ({
  cr: new Sighting(),
  lf: new Sighting(),
  nul: new Sighting(),
  long: new Sighting(),
  eightBit: new Sighting(),
});

type Sightings = ReturnType<typeof newSightings>;

function told(found: Sightings, where: 'header' | 'body'): Warning[] {
  const say = (code: WarningCode, { count, line }: Sighting, one: string, many: string, why: string): Warning[] => {
    if (count === 0) return [];
    const text = count === 1 ? `Line ${line} ${one}` : `${count} ${many}, the first in line ${line}`;
    return [warning(code, `${text}; ${why}.`, where)];
  };
  const lineEnds = 'lines end in CRLF (RFC 5321 §2.3.8)';
  return [
    ...say('bare-lf', found.lf, 'ends in a bare LF', 'lines end in a bare LF', lineEnds),
    ...say('bare-cr', found.cr, 'has a bare CR', 'bare CRs', lineEnds),
    ...say('nul', found.nul, 'has a NUL octet', 'NUL octets', 'a mail must not have any (RFC 5322 §4)'),
    ...say(
      'long-line',
      found.long,
      `is longer than ${LONGEST_LINE} octets`,
      `lines are longer than ${LONGEST_LINE} octets`,
      'servers may cut or refuse them (RFC 5322 §2.1.1)',
    ),
    ...(where === 'header'
      ? say(
          '8bit-header',
          found.eightBit,
          'of the header has an octet above 127',
          'octets of the header are above 127',
          'encode the text as RFC 2047 says, or send MAIL with SMTPUTF8',
        )
      : say(
          '8bitmime-not-declared',
          found.eightBit,
          'of the body has an octet above 127',
          'octets of the body are above 127',
          'MAIL did not say BODY=8BITMIME (RFC 6152)',
        )),
  ];
}
