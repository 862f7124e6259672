import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type RequestHandler } from 'express';

/** The built inbox, found from the sources and from the package alike. */
const page = createRequire(import.meta.url).resolve('#inbox');

/** Paths that the inbox reads itself: all of them are the same page. */
export const pagePaths = ['/', '/messages/:id', '/connect'];

export const sendPage: RequestHandler = (_req, res) => {
  // Where a browser tells us nothing else, this is how we know our own page by its requests.
  res.set('Referrer-Policy', 'same-origin');
  res.sendFile(page, { cacheControl: false, etag: true });
};

/** The scripts, styles and pictures of the inbox. Their names change with their content, so they may be kept. */
export function assets(): RequestHandler {
  return express.static(join(dirname(page), 'assets'), {
    index: false,
    // Express leaves a Cache-Control that is there, and the guard has set one.
    setHeaders: (res) => res.setHeader('Cache-Control', 'public, max-age=31536000, immutable'),
    fallthrough: true,
  });
}

/** What lies beside the page under a fixed name, like its icon. */
export function fixedFiles(): RequestHandler {
  return express.static(dirname(page), { index: false, cacheControl: false });
}
