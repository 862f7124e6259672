import { cidEditor, type Edit, type FindPart } from './cid.ts';
import { type HtmlPiece, scanInSteps } from './scan.ts';

export interface PageOptions {
  /** The URL of the part with a Content-ID. */
  readonly find: FindPart;
  /** Whether the reader chose to load what the mail points to. */
  readonly remote: boolean;
  /** For the `srcdoc` of a frame, where relative URLs, `#anchors` among them, would lead to the page around it. */
  readonly srcdoc?: boolean;
}

/**
 * A link opens a tab. Names of hosts are not looked up before a link is followed, which would tell that the mail was
 * opened.
 */
function headOf(srcdoc: boolean): string {
  const base = srcdoc ? '<base href="about:srcdoc" target="_blank">' : '<base target="_blank">';
  return `<meta http-equiv="x-dns-prefetch-control" content="off">${base}`;
}

/**
 * The HTML of a mail as the content of a page: links open a tab, `#anchors` stay in the mail, parts are found, and
 * nothing connects to anywhere by itself. Everything else is as the app sent it, since that is what its developer has to
 * see: what it may do is up to the policy of the page.
 *
 * It comes in pieces, each the work of a millisecond or so, however large the mail.
 */
export function* mailPage(html: string, { find, remote, srcdoc = false }: PageOptions): Generator<string> {
  const guard = new ConnectionGuard(remote);
  for (const text of edited(html, headOf(srcdoc), find)) {
    // A step that gave no text is a turn for others as well.
    for (let at = 0; at === 0 || at < text.length; at += PIECE) yield guard.push(text.slice(at, at + PIECE));
  }
  yield guard.end();
}

const PIECE = 16_384;

/** The source with all edits made, cut anywhere. */
function* edited(html: string, head: string, find: FindPart): Generator<string> {
  const cidEdits = cidEditor(html, find);
  let at = 0;
  let headed = false;
  for (const pieces of scanInSteps(html)) {
    const out: string[] = [];
    if (!headed) {
      // Before the doctype it would put the browser into quirks mode.
      at = endOfDoctype(pieces);
      out.push(html.slice(0, at), head);
      headed = true;
    }
    for (const piece of pieces) {
      const edits = [...targetEdits(piece), ...cidEdits(piece)];
      for (const { from, to, text } of edits.sort((a, b) => a.from - b.from)) {
        out.push(html.slice(at, from), text);
        at = to;
      }
    }
    // Edits that are still to come are in what follows this tag.
    const done = pieces.findLast(({ kind }) => kind === 'open');
    if (done?.kind === 'open' && done.to > at) {
      out.push(html.slice(at, done.to));
      at = done.to;
    }
    yield out.join('');
  }
  yield html.slice(at);
}

/** 0 when anything but white space and comments comes before it, so that it does not count. */
function endOfDoctype(pieces: readonly HtmlPiece[]): number {
  const first = pieces.find((piece) => piece.kind !== 'text' || piece.text.trim() !== '');
  return first?.kind === 'doctype' ? first.to : 0;
}

/** Which attribute says where the page that an element leads to is opened. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['a', 'target'],
  ['area', 'target'],
  ['form', 'target'],
  ['button', 'formtarget'],
  ['input', 'formtarget'],
]);

/**
 * Links without a target follow the base. Of attributes with one name the first counts (HTML standard, 13.2.5.33), so
 * what is added comes before what is there.
 */
function targetEdits(piece: HtmlPiece): readonly Edit[] {
  const target = piece.kind === 'open' ? TARGETS.get(piece.name) : undefined;
  if (piece.kind !== 'open' || target === undefined) return [];
  const { attributes, nameEnd } = piece;
  const added: string[] = [];
  const href = (attributes.get('href') ?? attributes.get('xlink:href'))?.value.trim();
  if (target === 'target' && (href === '' || href?.startsWith('#'))) {
    added.push(` ${target}="_self"`);
    // An empty one leads to the page itself, which a frame may not load a second time.
    if (href === '') added.push(' href="#"');
  } else if (attributes.has(target)) {
    added.push(` ${target}="_blank"`);
  }
  // With `rel=opener` the opened page could talk to this one.
  if (attributes.has('rel')) added.push(' rel="noreferrer"');
  return added.length === 0 ? [] : [{ from: nameEnd, to: nameEnd, text: added.join('') }];
}

/**
 * Chromium connects to where a frame or a `<link rel=preconnect>` points, whatever policy forbids it to load anything
 * from there. A frame gets an attribute that comes before its own: of two the first counts. That does not help with a
 * link, which is looked at before it is parsed, so it becomes a `<basefont>`: that does nothing, and a parser treats it
 * as it treats a link (HTML standard, 13.2.6.4.4).
 *
 * This looks for nothing but the names, wherever they are. Whether `<iframe` is a tag depends on all that comes before
 * it, and a mail that had us and the browser disagree on that would get through; without these chars there is no tag.
 * What is added has no quotes and no spaces, so no attribute and no comment ends where it didn't before.
 */
class ConnectionGuard {
  readonly #remote: boolean;
  #held = '';

  constructor(remote: boolean) {
    this.#remote = remote;
  }

  push(text: string): string {
    const whole = this.#held + text;
    // A name may continue in what comes next.
    const open = whole.lastIndexOf('<');
    const cut = open >= whole.length - LONGEST ? Math.max(open, 0) : whole.length;
    this.#held = whole.slice(cut);
    return this.#guarded(whole.slice(0, cut));
  }

  end(): string {
    return this.#guarded(this.#held);
  }

  #guarded(text: string): string {
    const framed = text.replace(/<i?frame(?=[\t\n\f\r /])/gi, '$&/srcdoc/src=about:blank');
    return this.#remote ? framed : framed.replace(/<link(?=[\t\n\f\r /])/gi, '<basefont');
  }
}

/** Chars of a name with the one that ends it. */
const LONGEST = '<iframe '.length;
