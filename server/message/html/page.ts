import { cidEditor, type Edit, type FindPart } from './cid.ts';
import { type HtmlPiece, scanInSteps } from './scan.ts';

export interface PageOptions {
  /** The URL of the part with a Content-ID. */
  readonly find: FindPart;
  /** Whether the user chose to load remote content. */
  readonly remote: boolean;
  /** For the `srcdoc` of a frame, where relative URLs, including `#anchors`, would resolve against the outer page. */
  readonly srcdoc?: boolean;
}

/**
 * Links open a new tab. DNS prefetching is off, because a lookup would reveal that the mail was opened.
 */
function headOf(srcdoc: boolean): string {
  const base = srcdoc ? '<base href="about:srcdoc" target="_blank">' : '<base target="_blank">';
  return `<meta http-equiv="x-dns-prefetch-control" content="off">${base}`;
}

/**
 * The HTML of a mail as a page: links open a new tab, `#anchors` stay in the mail, `cid:` URLs resolve, and nothing
 * connects anywhere by itself. Everything else is as the app sent it, because its developer has to see that; the CSP of
 * the page limits what it can do.
 *
 * Comes in pieces of about a millisecond of work each, for a mail of any size.
 */
export function* mailPage(html: string, { find, remote, srcdoc = false }: PageOptions): Generator<string> {
  const guard = new ConnectionGuard(remote);
  for (const text of edited(html, headOf(srcdoc), find)) {
    // Yield even for a step without text, so that others get a turn.
    for (let at = 0; at === 0 || at < text.length; at += PIECE) yield guard.push(text.slice(at, at + PIECE));
  }
  yield guard.end();
}

const PIECE = 16_384;

/** The edited source, in pieces cut at arbitrary positions. */
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
    // Later edits come after this tag.
    const done = pieces.findLast(({ kind }) => kind === 'open');
    if (done?.kind === 'open' && done.to > at) {
      out.push(html.slice(at, done.to));
      at = done.to;
    }
    yield out.join('');
  }
  yield html.slice(at);
}

/** 0 when anything but white space and comments precedes the doctype, which makes it void. */
function endOfDoctype(pieces: readonly HtmlPiece[]): number {
  const first = pieces.find((piece) => piece.kind !== 'text' || piece.text.trim() !== '');
  return first?.kind === 'doctype' ? first.to : 0;
}

/** The attribute of each element that says where its link opens. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['a', 'target'],
  ['area', 'target'],
  ['form', 'target'],
  ['button', 'formtarget'],
  ['input', 'formtarget'],
]);

/**
 * Links without a target follow the base. The first of duplicate attributes counts (HTML standard, 13.2.5.33), so new
 * ones are added before the existing ones.
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
 * Chromium connects to the target of a frame or a `<link rel=preconnect>` even if the CSP forbids loading from there. A
 * frame gets an attribute before its own, since the first duplicate counts. That does not help for a link, which is
 * scanned before parsing, so it becomes a `<basefont>`: that does nothing, and is parsed like a link (HTML standard,
 * 13.2.6.4.4).
 *
 * This matches only the names, anywhere. Whether `<iframe` is a tag depends on everything before it, and a mail on
 * which we and the browser disagree would get through; without these chars there is no tag. What is added has no quotes
 * and no spaces, so it ends no attribute or comment early.
 */
class ConnectionGuard {
  readonly #remote: boolean;
  #held = '';

  constructor(remote: boolean) {
    this.#remote = remote;
  }

  push(text: string): string {
    const whole = this.#held + text;
    // A name may continue in the next piece.
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

/** Chars of the longest name, plus the one that ends it. */
const LONGEST = '<iframe '.length;
