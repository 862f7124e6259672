/**
 * What a hostile page can find out of an address of another origin: it loads it in every way there is, and writes down
 * all that it can see but for the time it took. Runs in the browser.
 */

/** How long to look where no event tells when it is over. */
const QUIET_MS = 1500;
/** How long to wait for an event. None comes for a frame that turned into a download, and not always for an `embed`. */
const PATIENCE_MS = 5000;

performance.setResourceTimingBufferSize(100_000);

const quiet = (ms = QUIET_MS) => new Promise((resolve) => setTimeout(resolve, ms, 'nothing'));

/** An element is added to the page, and its first event, or the lack of one, is what was seen. */
async function element(name, attributes, see = () => ({})) {
  const made = document.createElement(name);
  const fired = new Promise((resolve) => {
    for (const event of ['load', 'error', 'loadedmetadata', 'stalled']) {
      made.addEventListener(event, () => resolve(event), { once: true });
    }
  });
  Object.assign(made, attributes);
  document.body.append(made);
  const event = await Promise.race([fired, quiet(PATIENCE_MS)]);
  const seen = { event, ...see(made) };
  made.remove();
  return seen;
}

const tried = (look) => {
  try {
    return String(look());
  } catch (error) {
    return error.name;
  }
};

/** A window or frame as its opener sees it. A download leaves the blank page that was there before. */
const windowOf = (of) => ({
  closed: of?.closed,
  frames: tried(() => of.length),
  where: tried(() => of.location.href),
  title: tried(() => of.document.title),
});
const frame = (made) => ({ ...windowOf(made.contentWindow), width: made.offsetWidth, height: made.offsetHeight });
const box = (made) => ({ width: made.offsetWidth, height: made.offsetHeight });

async function fetched(url, options) {
  try {
    const response = await fetch(url, { cache: 'no-store', ...options });
    const { type, status, ok, redirected } = response;
    return { type, status, ok, redirected, body: (await response.text()).length, headers: [...response.headers] };
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

function requested(method, url) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const end = ({ type }) => resolve({ type, status: request.status, headers: request.getAllResponseHeaders() });
    for (const event of ['load', 'error', 'abort']) request.addEventListener(event, end);
    request.open(method, url);
    request.send();
  });
}

function socket(url) {
  return new Promise((resolve) => {
    const opened = new WebSocket(url.replace(/^http/, 'ws'));
    opened.addEventListener('message', ({ data }) => resolve({ data }));
    opened.addEventListener('close', ({ code, reason, wasClean }) => resolve({ code, reason, wasClean }));
  });
}

async function events(url) {
  const source = new EventSource(url);
  const fired = new Promise((resolve) => {
    for (const event of ['open', 'message', 'error']) source.addEventListener(event, () => resolve(event));
  });
  const event = await Promise.race([fired, quiet()]);
  const seen = { event, state: source.readyState };
  source.close();
  return seen;
}

async function opened(open) {
  const other = open();
  await quiet();
  const seen = windowOf(other);
  other?.close();
  return seen;
}

/** The answer to a form in a frame. The empty page that a frame begins with fires "load" as well, so no event tells. */
async function framedForm(url, method, enctype) {
  const made = document.createElement('iframe');
  made.name = `frame${Math.random()}`;
  const form = document.createElement('form');
  const { origin, pathname, searchParams } = new URL(url);
  Object.assign(form, { action: method === 'get' ? origin + pathname : url, method, enctype, target: made.name });
  for (const [name, value] of method === 'get' ? searchParams : [['{"read":true, "x":"', '"}']]) {
    form.append(Object.assign(document.createElement('input'), { name, value }));
  }
  document.body.append(made, form);
  form.submit();
  await quiet();
  const seen = frame(made);
  made.remove();
  form.remove();
  return seen;
}

const drawn = (made) => ({ width: made.naturalWidth, height: made.naturalHeight });

/** By name: each is given the address. */
const ways = {
  img: (src) => element('img', { src }, drawn),
  'img in CORS mode': (src) => element('img', { crossOrigin: 'use-credentials', src }, drawn),
  script: (src) => element('script', { src }),
  module: (src) => element('script', { type: 'module', src }),
  stylesheet: (href) => element('link', { rel: 'stylesheet', href }, (made) => ({ sheet: made.sheet === null })),
  prefetch: (href) => element('link', { rel: 'prefetch', href }),
  preload: (href) => element('link', { rel: 'preload', as: 'image', href }),
  video: (src) =>
    element('video', { src, preload: 'auto' }, ({ error }) => ({ code: error?.code, text: error?.message })),
  iframe: (src) => element('iframe', { src }, frame),
  object: (data) => element('object', { data, innerHTML: '<p>instead' }, box),
  'object as picture': (data) => element('object', { data, type: 'image/png', innerHTML: '<p>instead' }, box),
  embed: (src) => element('embed', { src }, box),
  'embed as picture': (src) => element('embed', { src, type: 'image/png' }, box),
  fetch: (url) => fetched(url),
  'fetch without CORS': (url) => fetched(url, { mode: 'no-cors' }),
  'fetch without CORS, range': (url) => fetched(url, { mode: 'no-cors', headers: { range: 'bytes=0-0' } }),
  'HEAD without CORS': (url) => fetched(url, { mode: 'no-cors', method: 'HEAD' }),
  'POST without CORS': (url) => fetched(url, { mode: 'no-cors', method: 'POST', body: '{"read":true}' }),
  DELETE: (url) => fetched(url, { method: 'DELETE' }),
  JSON: (url) =>
    fetched(url, { method: 'PATCH', body: '{"read":true}', headers: { 'content-type': 'application/json' } }),
  XHR: (url) => requested('GET', url),
  beacon: (url) => navigator.sendBeacon(url, '{"read":true}'),
  'form GET': (url) => framedForm(url, 'get', ''),
  'form POST': (url) => framedForm(url, 'post', 'text/plain'),
  EventSource: (url) => events(url),
  WebSocket: (url) => socket(url),
};

/** Slower, since nothing says when it is done. */
const windows = { 'window.open': (url) => opened(() => window.open(url)) };

/** What is seen of the address in every way, as texts to compare. */
async function probe(url, inWindows) {
  const entries = Object.entries(inWindows ? windows : ways);
  const seen = await Promise.all(entries.map(async ([name, way]) => [name, JSON.stringify(await way(url))]));
  return Object.fromEntries(seen);
}

/** What loading left in the list of resources, by address. Times are not compared, nor the order, which is chance. */
function resources() {
  const seen = {};
  for (const entry of performance.getEntriesByType('resource')) {
    const { name, initiatorType, nextHopProtocol, transferSize, encodedBodySize, decodedBodySize, responseStatus } =
      entry;
    const facts = [initiatorType, nextHopProtocol, transferSize, encodedBodySize, decodedBodySize, responseStatus];
    seen[name] = [...(seen[name] ?? []), facts.join(' ')].sort();
  }
  performance.clearResourceTimings();
  return seen;
}

Object.assign(window, { probe, resources });
