import { COMMENT, cascade, type Declarations, declarationsOf, INLINE, ranked } from './css.ts';
import { lookOf, type OwnLook } from './look.ts';
import { type OpenTag, scanHtml } from './scan.ts';

/** What the style sheets of a mail declare, by selector. */
type Sheet = ReadonlyMap<string, Declarations>;

/** An element, a class, an id, or an element with one of these. Other selectors can't be matched by the tag alone. */
const SELECTOR = /^([a-z][a-z0-9-]*)?(?:([.#])([\w-]+))?$/i;

/** Specificity goes before the order of rules (Selectors 4, 17); there are fewer rules than this. */
const SPECIFICITY = 1_000_000;

/** Most chars of style sheets that are read. Gmail reads 16 KiB. */
const MAX_CSS = 262_144;

/** The rules with simple selectors that apply on any screen. */
function sheetOf(html: string): Sheet {
  const sheet = new Map<string, Declarations>();
  let order = 0;
  for (const { selectors, body } of rulesOf(cssOf(html))) {
    const declarations = declarationsOf(body, order++);
    // Commas in brackets do not separate selectors.
    if (declarations.size === 0 || /[([]/.test(selectors)) continue;
    for (const selector of selectors.split(',')) {
      const [whole = '', name = '', mark = '', label = ''] = SELECTOR.exec(selector.trim()) ?? [];
      if (whole === '') continue;
      const key = `${name.toLowerCase()}${mark}${label}`;
      const specificity = (name === '' ? 0 : 1) + (mark === '' ? 0 : mark === '.' ? 2 : 4);
      const own = ranked(declarations, SPECIFICITY * specificity + order);
      const before = sheet.get(key);
      sheet.set(key, before ? cascade([before, own]) : own);
    }
  }
  return sheet;
}

/** Attributes that affect how an element looks, besides `hidden` and `open`. */
const ATTRIBUTES = ['class', 'id', 'style', 'bgcolor', 'background', 'color'] as const;

type Stated = Partial<Record<(typeof ATTRIBUTES)[number], string>>;

/** Computes the look of elements from their attributes, the style sheets and inline styles. */
export class Styles {
  readonly #sheet: Sheet;
  /** A cache: most elements of a mail have the same styles as others. */
  readonly #known = new Map<string, OwnLook>();

  constructor(html: string) {
    this.#sheet = sheetOf(html);
  }

  lookOf({ name, attributes }: OpenTag): OwnLook {
    const values = attributes.size === 0 ? [] : ATTRIBUTES.map((attribute) => attributes.get(attribute)?.value);
    const key = attributes.size === 0 ? name : `${name}\n${values.join('\n')}`;
    const known = this.#known.get(key);
    if (known) return known;
    const stated: Stated = Object.fromEntries(ATTRIBUTES.map((attribute, index) => [attribute, values[index]]));
    const look = lookOf(cascade(this.#declared(name, stated)));
    this.#known.set(key, look);
    return look;
  }

  #declared(name: string, { class: classes = '', id = '', style = '', ...hints }: Stated): Declarations[] {
    const ofSheet = selectorsOf(name, classes, id).map((selector) => this.#sheet.get(selector));
    return [
      declarationsOf(hintsOf(name, hints), HINT),
      ...ofSheet.filter((declarations) => declarations !== undefined),
      declarationsOf(style, INLINE),
    ];
  }
}

/** Presentational attributes rank below any rule (HTML standard, 15.2). */
const HINT = -1;

/** Colours in attributes, as a style. */
function hintsOf(name: string, { bgcolor, background, color }: Stated): string {
  return [
    bgcolor ? `background-color:${withHash(bgcolor)}` : '',
    background ? 'background-image:url()' : '',
    color && name === 'font' ? `color:${withHash(color)}` : '',
  ].join(';');
}

/** The supported selectors that match an element. */
function selectorsOf(name: string, classes: string, id: string): readonly string[] {
  const marked = [...new Set(classes.split(/\s+/))].filter(Boolean).map((one) => `.${one}`);
  if (id !== '') marked.push(`#${id}`);
  return [name, ...marked, ...marked.map((one) => `${name}${one}`)];
}

/** A colour may lack its `#`; an invalid one stays invalid in a style. */
function withHash(colour: string): string {
  return /^[0-9a-f]{6}$/i.test(colour) ? `#${colour}` : colour.replace(/[;:].*$/s, '');
}

const STYLE_END = /<\/style/gi;
/** `media` values for which a style sheet applies; without the attribute it always does. */
const SCREEN = /^\s*(?:(?:all|screen)\s*(?:,|$)|$)/i;

/** The style sheets, concatenated. They are mostly in the head, so reads only as far as the last one. */
function cssOf(html: string): string {
  let end = 0;
  for (const { index } of html.matchAll(STYLE_END)) end = index + '</style>'.length;
  const css: string[] = [];
  let length = 0;
  let counts = false;
  for (const piece of scanHtml(html.slice(0, end))) {
    if (piece.kind === 'open' && piece.name === 'style')
      counts = SCREEN.test(piece.attributes.get('media')?.value ?? '');
    if (piece.kind !== 'text' || piece.inside !== 'style' || !counts) continue;
    css.push(piece.text);
    length += piece.text.length;
    if (length > MAX_CSS) break;
  }
  return css
    .join('')
    .slice(0, MAX_CSS)
    .replace(COMMENT, ' ')
    .replace(/<!--|-->/g, ' ');
}

interface Rule {
  readonly selectors: string;
  readonly body: string;
}

const MARK = /[{};"'\n]|\\./gs;
const EVERYWHERE = /^\s*@media\s+(?:only\s+)?(?:all|screen)\s*$/i;

/** Leaves out rules in other at-rules, which may or may not apply, and nested rules. */
function* rulesOf(css: string): Generator<Rule> {
  let from = 0;
  let quote = '';
  let skipped = 0;
  let rule: { selectors: string; from: number; to: number | null } | null = null;
  for (const { 0: mark, index } of css.matchAll(MARK)) {
    if (quote !== '') {
      if (mark === quote || mark === '\n') quote = '';
    } else if (mark === '"' || mark === "'") {
      quote = mark;
    } else if (skipped > 0) {
      if (mark === '{') skipped++;
      else if (mark === '}') skipped--;
      from = index + 1;
    } else if (mark === '{') {
      const before = css.slice(from, index);
      from = index + 1;
      if (rule) rule.to ??= index;
      if (rule || (/^\s*@/.test(before) && !EVERYWHERE.test(before))) skipped = 1;
      else if (!EVERYWHERE.test(before)) rule = { selectors: before, from, to: null };
    } else if (mark === '}') {
      from = index + 1;
      if (rule) yield { selectors: rule.selectors, body: css.slice(rule.from, rule.to ?? index) };
      rule = null;
    } else if (mark === ';' && !rule) {
      from = index + 1;
    }
  }
}
