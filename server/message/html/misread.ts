/** Where in the HTML the tokenizer is. */
export interface Place {
  /** The raw text element around it. */
  readonly raw: string | null;
  /** Whether it is in SVG or MathML. */
  readonly isForeign: boolean;
  /** Where the name of the last end tag ended. */
  readonly closed: number;
}

/**
 * A place in the source, and what to give the tokenizer instead of what is there: as many chars. For attributes of an end
 * tag, which may be many, what finds their end.
 */
export interface Mark {
  readonly at: number;
  readonly instead: (place: Place) => string | EndTag;
}

/** Markup that may be misread. An end tag matches with its first letter only: its name may be very long. */
const MARK = /<!\[CDATA\[|[\x0f\x1c]|<!--|-->|<script(?=[\t\n\f\r />])|<\/(?:script(?=>)|[a-z])/gi;
/** The rest of the name of an end tag, and what separates it from attributes. */
const REST_OF_NAME = /[^\t\n\f\r />]*[\t\n\f\r /]/y;

/** Chars searched at a time: the search is never far ahead of the tokenizer. */
const WINDOW = 16_384;
/** As many chars as a mark may have. */
const LONGEST_MARK = 16;

/**
 * Finds what htmlparser2's tokenizer reads in a different way than browsers:
 *
 * - In HTML, but not in SVG and MathML, `<![CDATA[` begins a comment that ends at the first `>` (HTML standard,
 *   13.2.5.42).
 * - An end tag may have attributes, which may have a `>` in quotes (13.2.5.8).
 * - In a script, after `<!--` and `<script`, the first `</script` ends nothing (13.2.5.27).
 * - At the end of raw text, the tokenizer ignores case by setting a bit, and so takes two control characters for `<`
 *   and `/`.
 */
export function* misread(html: string): Generator<Mark> {
  const script = new Script();
  const marks = new RegExp(MARK);
  const rest = new RegExp(REST_OF_NAME);
  for (let from = 0; from < html.length; ) {
    const window = html.slice(from, from + WINDOW + LONGEST_MARK);
    let next = from + WINDOW;
    marks.lastIndex = 0;
    for (let found = marks.exec(window); found !== null && found.index < WINDOW; found = marks.exec(window)) {
      const at = from + found.index;
      let [mark] = found;
      if (/^<\/[a-z]$/i.test(mark)) {
        rest.lastIndex = at + mark.length;
        mark += rest.exec(html)?.[0] ?? '';
      }
      const end = at + mark.length;
      if (mark === '\x0f' || mark === '\x1c') yield { at, instead: () => '\x01' };
      else if (mark.startsWith('<![')) yield { at, instead: ({ isForeign }) => (isForeign ? '' : '<!?') };
      else if (/^(?:<!--|-->|<\/?script[\t\n\f\r />]?$)/i.test(mark))
        yield { at, instead: ({ raw }) => (script.goesOn(raw, mark) ? '?' : '') };
      if (mark.startsWith('</') && /[\t\n\f\r /]$/.test(mark))
        yield { at: end, instead: ({ closed }) => (closed === end - 1 ? new EndTag() : '') };
      // The same hyphens may end the comment: `<!-->`.
      marks.lastIndex = end - from - (mark === '<!--' ? 2 : 0);
      next = Math.max(next, end);
    }
    yield { at: next, instead: () => '' };
    from = next;
  }
}

/** A script that contains a comment with a script in it ends only after both. */
class Script {
  #level: 'plain' | 'comment' | 'script' = 'plain';

  /** Whether this is an end tag that does not end the script. */
  goesOn(raw: string | null, mark: string): boolean {
    const isEnd = mark.startsWith('</');
    if (raw === 'script' && isEnd && this.#level === 'script') {
      this.#level = 'comment';
      return true;
    }
    if (raw !== 'script' || isEnd || mark === '-->') this.#level = 'plain';
    else if (mark === '<!--' && this.#level === 'plain') this.#level = 'comment';
    else if (mark !== '<!--' && this.#level === 'comment') this.#level = 'script';
    return false;
  }
}

type State = 'before name' | 'name' | 'after name' | 'before value' | 'value' | '"' | "'";

/** Reads the attributes of an end tag, from after its name (HTML standard, 13.2.5.32 to 13.2.5.39). */
export class EndTag {
  /** Whether the `>` after the attributes was found. */
  ended = false;
  #state: State = 'before name';

  /** @returns the position of the `>` after the attributes; `to` if it is not before that */
  read(html: string, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const char = html.charAt(at);
      if (this.#state === '"' || this.#state === "'") {
        if (char === this.#state) this.#state = 'before name';
      } else if (char === '>') {
        this.ended = true;
        return at;
      } else this.#state = this.#after(char);
    }
    return to;
  }

  #after(char: string): State {
    const isSpace = SPACES.includes(char);
    switch (this.#state) {
      case 'before value':
        if (isSpace) return 'before value';
        return char === '"' || char === "'" ? char : 'value';
      case 'value':
        return isSpace ? 'before name' : 'value';
      case 'before name':
        // An `=` here begins a name.
        return isSpace || char === '/' ? 'before name' : 'name';
      default:
        if (char === '=') return 'before value';
        if (char === '/') return 'before name';
        if (isSpace) return 'after name';
        return 'name';
    }
  }
}

const SPACES = '\t\n\f\r ';
