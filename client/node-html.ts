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
 * With linkedom, which runs no scripts and loads nothing. It is loaded when it is first asked for: it takes longer than
 * to start a sandbox.
 */
export function parseHtml(html: string): HtmlDocument {
  const { DOMParser } = createRequire(import.meta.url)('#linkedom') as Linkedom;
  const document = new DOMParser().parseFromString(whole(html), 'text/html');
  lowerAttributes(document);
  return document;
}

/** It does not add the elements that HTML lets authors leave out, as browsers do; selectors may name them. */
function whole(html: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  return /<(?:body|head)[\s>]/i.test(html) ? `<html>${html}</html>` : `<html><head></head><body>${html}</body></html>`;
}

/** It keeps the case of attributes, which does not matter in HTML: a selector would miss those in capitals. */
function lowerAttributes(document: Changeables): void {
  for (const element of document.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) {
      const lower = name.toLowerCase();
      if (!element.hasAttribute(lower)) element.setAttribute(lower, element.getAttribute(name) ?? '');
    }
  }
}
