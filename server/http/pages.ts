import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type Request, type RequestHandler } from 'express';
import { isFromForeignPage } from './guard.ts';

/** The built inbox. Resolves both from the sources and from the package. */
const page = createRequire(import.meta.url).resolve('#inbox');

/** Paths that the inbox routes itself: all serve the same page. */
export const pagePaths = ['/', '/messages/:id', '/connect'];

export const sendPage: RequestHandler = (req, res) => {
  const held = isFromForeignPage(req) ? heldTarget(req) : null;
  if (held !== null) return res.redirect(303, held);
  // If a browser sends nothing else, the Referer is how we recognize requests of our own page.
  res.set('Referrer-Policy', 'same-origin');
  res.sendFile(page, { cacheControl: false, etag: true });
};

/**
 * Where a link from another site leads instead: to the same page with its search in `ask`, which the inbox does not run
 * by itself. Otherwise that site could learn from the time it takes whether any mail matches, and mark mails as read.
 */
function heldTarget({ originalUrl }: Request): string | null {
  const { pathname, searchParams } = new URL(originalUrl, 'http://localhost');
  const q = searchParams.get('q');
  if (q === null && (searchParams.has('ask') || !pathname.startsWith('/messages/'))) return null;
  searchParams.delete('q');
  if (q !== null || !searchParams.has('ask')) searchParams.set('ask', q ?? '');
  return `${pathname}?${searchParams}`;
}

/** The scripts, styles and images of the inbox. Their names contain a content hash, so they may be cached forever. */
export function assets(): RequestHandler {
  return express.static(join(dirname(page), 'assets'), {
    index: false,
    // Express keeps an existing Cache-Control, and the guard has set one.
    setHeaders: (res) => res.setHeader('Cache-Control', 'public, max-age=31536000, immutable'),
    fallthrough: true,
  });
}

/** Files next to the page that have a fixed name, like its icon. */
export function fixedFiles(): RequestHandler {
  return express.static(dirname(page), { index: false, cacheControl: false });
}
