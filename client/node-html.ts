import { createRequire } from 'node:module';
import type { HtmlDocument, MailElement } from './mail/html.ts';

interface Changeable extends MailElement {
  getAttributeNames(): string[];
  setAttribute(name: string, value: string): void;
}

interface Changeables extends HtmlDocument {
  querySelectorAll(selector: string): Iterable<Changeable> & ArrayLike<Changeable>;
}

interface Linkedom {
  readonly DOMParser: new () => { parseFromString(html: string, type: 'text/html'): Changeables };
}

/**
 * Parses with linkedom, which runs no scripts and loads nothing. Loaded on first use, because loading it takes longer
 * than starting a sandbox.
 */
export function parseHtml(html: string): HtmlDocument {
  const { DOMParser } = createRequire(import.meta.url)('#linkedom') as Linkedom;
  const document = new DOMParser().parseFromString(whole(html), 'text/html');
  lowerAttributes(document);
  return document;
}

/** Unlike browsers, linkedom does not add elements that HTML lets authors omit; selectors may name them. */
function whole(html: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  return /<(?:body|head)[\s>]/i.test(html) ? `<html>${html}</html>` : `<html><head></head><body>${html}</body></html>`;
}

/** linkedom keeps the case of attribute names, which HTML ignores: a selector would miss those in upper case. */
function lowerAttributes(document: Changeables): void {
  for (const element of document.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) {
      const lower = name.toLowerCase();
      if (!element.hasAttribute(lower)) element.setAttribute(lower, element.getAttribute(name) ?? '');
    }
  }
}
