import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type RequestHandler } from 'express';

/** The built inbox. Resolves both from the sources and from the package. */
const page = createRequire(import.meta.url).resolve('#inbox');

/** Paths that the inbox routes itself: all serve the same page. */
export const pagePaths = ['/', '/messages/:id', '/connect'];

export const sendPage: RequestHandler = (_req, res) => {
  // If a browser sends nothing else, the Referer is how we recognize requests of our own page.
  res.set('Referrer-Policy', 'same-origin');
  res.sendFile(page, { cacheControl: false, etag: true });
};

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
