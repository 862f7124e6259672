import { refuse } from '../refusal.ts';

/**
 * An element of a mail's HTML: the part of the DOM that all runtimes share. In a browser it is the DOM's own `Element`.
 * It has its own type, so that tests of a Node program need no DOM types.
 */
export interface MailElement {
  /** In upper case. */
  readonly tagName: string;
  readonly id: string;
  readonly className: string;
  readonly textContent: string;
  readonly innerHTML: string;
  readonly outerHTML: string;
  readonly parentElement: MailElement | null;
  readonly children: Iterable<MailElement> & ArrayLike<MailElement>;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  matches(selector: string): boolean;
  closest(selector: string): MailElement | null;
  querySelector(selector: string): MailElement | null;
  querySelectorAll(selector: string): Iterable<MailElement> & ArrayLike<MailElement>;
}

export type HtmlDocument = Pick<MailElement, 'querySelector' | 'querySelectorAll'>;

/** Parses HTML into a document that runs and loads nothing. */
export type ParseHtml = (html: string) => HtmlDocument;

interface Parser {
  parseFromString(html: string, type: 'text/html'): HtmlDocument;
}

/** With the browser's parser: its documents have no browsing context, so scripts and images are inert. */
export function parseInBrowser(html: string): HtmlDocument {
  const { DOMParser } = globalThis as { DOMParser?: new () => Parser };
  if (DOMParser) return new DOMParser().parseFromString(html, 'text/html');
  const please = 'give connect() a parser: { parseHtml: (html) => document }';
  refuse('query the HTML of a mail', 'there is no DOMParser here', please);
}
