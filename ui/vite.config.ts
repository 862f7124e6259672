import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const SERVER = 'http://127.0.0.1:8025';

/** Browsers with native light-dark(): for older ones the minifier would replace it by variables that nobody sets. */
const browsers = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

/** The script sets the theme: painting before it ran would flash the wrong one. Vite drops the attribute. */
const renderBlocking: Plugin = {
  name: 'render-blocking',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), renderBlocking],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    target: browsers,
    cssTarget: browsers,
    // The page's Content-Security-Policy has no place for data: in script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The server takes writes from its own page only: to it, this is the page.
    proxy: { '/api': { target: SERVER, ws: true, changeOrigin: true, headers: { origin: SERVER } } },
  },
});
