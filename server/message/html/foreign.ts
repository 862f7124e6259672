import type { Attribute } from './scan.ts';

/** HTML, or foreign content in it, which has other parsing rules (HTML standard, 13.2.6.5). */
type Namespace = 'html' | 'svg' | 'math';

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Elements in which HTML resumes (HTML standard, "HTML integration point" and "MathML text integration point"). */
const POINTS: Readonly<Record<Namespace, ReadonlySet<string>>> = {
  html: new Set(),
  svg: set('foreignobject desc title'),
  math: set('mi mo mn ms mtext'),
};

/** Start tags that end the foreign content around them. */
const BREAKOUT = set(
  `b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol
p pre ruby s small span strong strike sub sup table tt u ul var`.replace('\n', ' '),
);

/** Invisible elements of SVG whose content has tags. */
const UNSEEN = ['metadata', 'script', 'style'] as const;
/** The same, for elements in which HTML resumes. */
const UNSEEN_POINTS = set('desc title');

/** Elements without content and without an end tag (HTML standard, 13.1.2). */
export const VOID = set('area base basefont br col embed frame hr img input link meta param source track wbr');

/** Memory limits against hostile mail: deeper levels are treated as HTML, and further names are not tracked. */
const MAX_LEVELS = 100;
const MAX_NAMES = 1000;

/** Nested open elements of one namespace. */
interface Level {
  readonly namespace: Namespace;
  /** How many are open by name. The order doesn't matter here. */
  readonly open: Map<string, number>;
  /** The invisible element around it. */
  readonly within: string | null;
}

/** What a start tag opens: an HTML element, a foreign element, or an empty one. */
export type Opened = 'html' | 'foreign' | 'empty';

/**
 * Tracks which places in HTML are inside SVG or MathML, roughly as a browser does: there a tag may close itself, a
 * `<style>` has tags in it, and CDATA is text. Constant time per tag.
 */
export class ForeignContent {
  readonly #levels: Level[] = [];
  #top: Level = level('html', null);
  #leftLink = false;

  /** Whether what comes next is SVG or MathML. */
  get isForeign(): boolean {
    return this.#top.namespace !== 'html';
  }

  get isMath(): boolean {
    return this.#top.namespace === 'math';
  }

  /** Whether a drawing with an open link has ended since the last call: the link ends with it. */
  takeLeftLink(): boolean {
    const left = this.#leftLink;
    this.#leftLink = false;
    return left;
  }

  /** The invisible foreign element around this place; null when there is none. */
  get unseen(): string | null {
    const { namespace, open, within } = this.#top;
    if (namespace !== 'svg') return within;
    return within ?? UNSEEN.find((name) => open.has(name)) ?? null;
  }

  /** The same for text, which a drawing or a formula shows only in some of its elements. */
  get unseenText(): string | null {
    const { namespace, open } = this.#top;
    return this.unseen ?? (namespace === 'html' || (namespace === 'svg' && open.has('text')) ? null : namespace);
  }

  open(name: string, attributes: ReadonlyMap<string, Attribute>, selfClosing: boolean): Opened {
    if (this.isForeign && endsDrawing(name, attributes)) this.#leave();
    const { namespace } = this.#top;
    if (namespace === 'html') {
      if ((name !== 'svg' && name !== 'math') || this.#levels.length >= MAX_LEVELS) {
        if (!VOID.has(name)) add(this.#top, name);
        return 'html';
      }
      if (selfClosing) return 'empty';
      this.#enter(name, this.unseen);
      add(this.#top, name);
      return 'foreign';
    }
    if (selfClosing) return 'empty';
    const { unseen } = this;
    add(this.#top, name);
    if (POINTS[namespace].has(name) || (name === 'annotation-xml' && isHtml(attributes)))
      this.#enter('html', unseen ?? (UNSEEN_POINTS.has(name) ? name : null));
    return 'foreign';
  }

  close(name: string): void {
    // These close nothing: they only say what may follow (HTML standard, 13.2.6.4.7).
    if (name === 'body' || name === 'html') return;
    // In HTML inside foreign content, a tag closes only what was opened there.
    if (!this.isForeign && this.#top.open.size > 0) return remove(this.#top, name);
    if (!this.isForeign && this.#levels.at(-1)?.open.has(name)) this.#leave();
    if (!this.isForeign) return;
    const { open, namespace } = this.#top;
    if (open.has(name)) {
      remove(this.#top, name);
      if (name === namespace && !open.has(name)) this.#leave();
    } else if (name === 'p' || name === 'br' || this.#levels.at(-1)?.open.has(name)) {
      // It closes an element around the foreign content, and so the foreign content too.
      this.#leave();
      remove(this.#top, name);
    }
  }

  #enter(namespace: Namespace, within: string | null): void {
    this.#levels.push(this.#top);
    this.#top = level(namespace, within);
  }

  #leave(): void {
    if (this.#top.namespace === 'svg' && this.#top.open.has('a')) this.#leftLink = true;
    this.#top = this.#levels.pop() ?? level('html', null);
  }
}

function level(namespace: Namespace, within: string | null): Level {
  return { namespace, open: new Map(), within };
}

function add({ open }: Level, name: string): void {
  const count = open.get(name) ?? 0;
  if (count > 0 || open.size < MAX_NAMES) open.set(name, count + 1);
}

function remove({ open }: Level, name: string): void {
  const count = open.get(name) ?? 0;
  if (count > 1) open.set(name, count - 1);
  else open.delete(name);
}

function endsDrawing(name: string, attributes: ReadonlyMap<string, Attribute>): boolean {
  if (name === 'font') return ['color', 'face', 'size'].some((attribute) => attributes.has(attribute));
  return BREAKOUT.has(name);
}

function isHtml(attributes: ReadonlyMap<string, Attribute>): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)$/i.test(attributes.get('encoding')?.value ?? '');
}
