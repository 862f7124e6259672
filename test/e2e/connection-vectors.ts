/** HTML that makes, or may make, a browser connect to the URL in it. */
export interface Vector {
  readonly name: string;
  readonly html: (url: string) => string;
}

type Row = readonly [name: string, html: (url: string) => string];

const dataUrl = (type: string, text: string) => `data:${type},${encodeURIComponent(text)}`;
const named = (rows: readonly Row[]): readonly Vector[] => rows.map(([name, html]) => ({ name, html }));

const frames = named([
  ['iframe src', (url) => `<iframe src="${url}/"></iframe>`],
  ['iframe src, lazy', (url) => `<iframe loading="lazy" src="${url}/"></iframe>`],
  ['iframe src in capitals', (url) => `<IFRAME SRC='${url}/'></IFRAME>`],
  ['iframe src without quotes', (url) => `<iframe src=${url}/></iframe>`],
  ['iframe src after a slash', (url) => `<iframe/src="${url}/"></iframe>`],
  ['iframe src after two slashes and a stray quote', (url) => `<iframe//"/src="${url}/"></iframe>`],
  ['iframe src after a form feed', (url) => `<iframe\fsrc\f=\f"${url}/"></iframe>`],
  ['iframe src after line breaks', (url) => `<iframe\r\nsrc\r\n=\r\n"${url}/"\r\n></iframe>`],
  [
    'iframe src with references',
    (url) => `<iframe src="${url.replace(':', '&#58;').replace('p', '&#x70')}/"></iframe>`,
  ],
  ['iframe src with tabs in it', (url) => `<iframe src=" ${url.replace('t', 't\t').replace(':', '\n:')}/ "></iframe>`],
  ['iframe src after a > in a value', (url) => `<iframe title="a > b" name='>' src="${url}/"></iframe>`],
  ['iframe src after a quote that opens nothing', (url) => `<iframe a=b" c="d" src="${url}/"></iframe>`],
  ['iframe src after an equals sign', (url) => `<iframe =src=x src="${url}/"></iframe>`],
  ['iframe src after a NUL', (url) => `<iframe a\0b=c src="${url}/"></iframe>`],
  ['iframe src twice', (url) => `<iframe src="${url}/" src="about:blank"></iframe>`],
  ['iframe within the tag of an iframe', (url) => `<iframe <iframe src="${url}/"></iframe>`],
  ['iframe without a scheme', (url) => `<iframe src="${url.replace('http:', '')}/"></iframe>`],
  ['iframe srcdoc with an image', (url) => `<iframe srcdoc="<img src='${url}/'>"></iframe>`],
  ['iframe srcdoc with an iframe', (url) => `<iframe srcdoc="<iframe src='${url}/'></iframe>"></iframe>`],
  ['iframe srcdoc with a preconnect', (url) => `<iframe srcdoc="<link rel=preconnect href='${url}/'>"></iframe>`],
  [
    'iframe srcdoc with a refresh',
    (url) => `<iframe srcdoc="<meta http-equiv=refresh content='0;url=${url}/'>"></iframe>`,
  ],
  [
    'iframe of a data: page',
    (url) => `<iframe src="${dataUrl('text/html', `<iframe src="${url}/"></iframe>`)}"></iframe>`,
  ],
  ['iframe of a javascript: URL', (url) => `<iframe src="javascript:location='${url}/'"></iframe>`],
  ['iframe within a paragraph in svg style', (url) => `<svg><style><p><iframe src="${url}/"></iframe></style></svg>`],
  ['iframe in svg title', (url) => `<svg><title><iframe src="${url}/"></iframe></title></svg>`],
  ['iframe in svg desc', (url) => `<svg><desc><iframe src="${url}/"></iframe></desc></svg>`],
  ['iframe in svg foreignObject', (url) => `<svg><foreignObject><iframe src="${url}/"></iframe></foreignObject></svg>`],
  ['iframe after svg CDATA', (url) => `<svg><![CDATA[<!--]]></svg><iframe src="${url}/"></iframe><!-- -->`],
  ['iframe in math mtext', (url) => `<math><mtext><iframe src="${url}/"></iframe></mtext></math>`],
  [
    'iframe in math annotation-xml',
    (url) => `<math><annotation-xml encoding="text/html"><iframe src="${url}/"></iframe></annotation-xml></math>`,
  ],
  [
    'iframe after a style that a select drops',
    (url) => `<select><style></select><iframe src="${url}/"></iframe></style>`,
  ],
  ['iframe in a select', (url) => `<select><option><iframe src="${url}/"></iframe></option></select>`],
  [
    'iframe in a declarative shadow root',
    (url) => `<div><template shadowrootmode="open"><iframe src="${url}/"></iframe></template></div>`,
  ],
  ['iframe in noscript', (url) => `<noscript><iframe src="${url}/"></iframe></noscript>`],
  [
    'iframe in an attribute in noscript',
    (url) => `<noscript><p title="</noscript><iframe src='${url}/'></iframe>"></p></noscript>`,
  ],
  ['iframe after <!-->', (url) => `<!--><iframe src="${url}/"></iframe><!-- -->`],
  ['iframe after <!--->', (url) => `<!---><iframe src="${url}/"></iframe><!-- -->`],
  ['iframe after --!>', (url) => `<!-- --!><iframe src="${url}/"></iframe><!-- -->`],
  [
    'iframe after a bogus comment',
    (url) =>
      `<!x><iframe src="${url}/"></iframe><?x><iframe src="${url}/"></iframe></ x><iframe src="${url}/"></iframe>`,
  ],
  ['iframe after CDATA outside of svg', (url) => `<![CDATA[><iframe src="${url}/"></iframe>]]>`],
  ['iframe after a conditional comment', (url) => `<!--[if mso]><![endif]--><iframe src="${url}/"></iframe>`],
  [
    'iframe in a revealed conditional comment',
    (url) => `<!--[if !mso]><!--><iframe src="${url}/"></iframe><!--<![endif]-->`,
  ],
  ['iframe after a title with an odd end', (url) => `<title>x</title/x><iframe src="${url}/"></iframe>`],
  [
    'iframe after a textarea with an odd end',
    (url) => `<textarea></textarea\tx="><iframe src="${url}/"></iframe>"><iframe src="${url}/"></iframe>`,
  ],
  ['iframe after an escaped script', (url) => `<script><!--</script><iframe src="${url}/"></iframe><!-- -->`],
  [
    'iframe after a doubly escaped script',
    (url) => `<script><!--<script></script></script><iframe src="${url}/"></iframe>`,
  ],
  ['iframe after an xmp', (url) => `<xmp><!--</xmp><iframe src="${url}/"></iframe><!-- -->`],
  ['iframe after a noembed', (url) => `<noembed><a title="</noembed><iframe src='${url}/'></iframe>">`],
  ['iframe in an iframe that is closed', (url) => `<iframe></iframe x><iframe src="${url}/"></iframe>`],
  ['iframe in a table', (url) => `<table><iframe src="${url}/"></iframe><tr><td>x</table>`],
  ['fencedframe', (url) => `<fencedframe src="${url}/"></fencedframe>`],
  ['portal', (url) => `<portal src="${url}/"></portal>`],
]);

const resources = named([
  ['object data', (url) => `<object data="${url}/"></object>`],
  ['object of HTML', (url) => `<object type="text/html" data="${url}/"></object>`],
  ['object with a param', (url) => `<object><param name="movie" value="${url}/"></object>`],
  [
    'object of an SVG',
    (url) =>
      `<object type="image/svg+xml" data="${dataUrl('image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}/"/></svg>`)}"></object>`,
  ],
  ['embed', (url) => `<embed src="${url}/">`],
  ['embed of HTML', (url) => `<embed type="text/html" src="${url}/">`],
  ['applet', (url) => `<applet code="x" codebase="${url}/" archive="${url}/x.jar"></applet>`],
  ...(
    [
      'preconnect',
      'dns-prefetch',
      'prefetch',
      'prerender',
      'modulepreload',
      'stylesheet',
      'alternate stylesheet',
      'icon',
      'apple-touch-icon',
      'manifest',
      'search',
      'next',
      'pingback',
      'import',
      'expect',
      'compression-dictionary',
      'preconnect dns-prefetch prefetch',
    ] as const
  ).map((rel): Row => [`link rel=${rel}`, (url) => `<link rel="${rel}" href="${url}/">`]),
  ['link rel=preconnect with crossorigin', (url) => `<link crossorigin rel=preconnect href="${url}/">`],
  ...['image', 'style', 'script', 'font', 'fetch', 'document', 'track', 'video'].map(
    (as): Row => [`link rel=preload as=${as}`, (url) => `<link rel="preload" as="${as}" href="${url}/" crossorigin>`],
  ),
  ['link imagesrcset', (url) => `<link rel="preload" as="image" imagesrcset="${url}/ 1x">`],
  ['link itemprop', (url) => `<link itemprop="url" href="${url}/">`],
  ['link in svg', (url) => `<svg><link xmlns="http://www.w3.org/1999/xhtml" rel="stylesheet" href="${url}/"/></svg>`],
  ['meta Link', (url) => `<meta http-equiv="Link" content="<${url}/>; rel=preconnect">`],
  [
    'meta of DNS prefetching',
    (url) => `<meta http-equiv="x-dns-prefetch-control" content="on"><a href="${url}/">a</a>`,
  ],
  [
    'meta report-uri',
    (url) =>
      `<meta http-equiv="Content-Security-Policy" content="img-src 'none'; report-uri ${url}/"><img src="x.gif">`,
  ],
  [
    'meta image',
    (url) => `<meta property="og:image" content="${url}/"><meta name="msapplication-TileImage" content="${url}/">`,
  ],
  ['html manifest', (url) => `<html manifest="${url}/">`],
  ['script src', (url) => `<script src="${url}/"></script><script type="module">import '${url}/'</script>`],
  [
    'speculation rules',
    (url) =>
      `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url}/"],"eagerness":"immediate"}],"prerender":[{"source":"list","urls":["${url}/"],"eagerness":"immediate"}]}</script>`,
  ],
  ['speculation rules by src', (url) => `<script type="speculationrules" src="${url}/"></script>`],
  ['import map', (url) => `<script type="importmap">{"imports":{"x":"${url}/"}}</script>`],
]);

const images = named([
  ['img src', (url) => `<img src="${url}/">`],
  ['img srcset', (url) => `<img srcset="${url}/ 1x, ${url}/2 2x">`],
  ['img lowsrc and dynsrc', (url) => `<img lowsrc="${url}/" dynsrc="${url}/" longdesc="${url}/">`],
  ['img with attributionsrc', (url) => `<img attributionsrc="${url}/" src="data:,">`],
  ['image', (url) => `<image src="${url}/" href="${url}/">`],
  ['input type=image', (url) => `<input type="image" src="${url}/">`],
  ['picture', (url) => `<picture><source srcset="${url}/"><img alt=""></picture>`],
  ['video', (url) => `<video src="${url}/" poster="${url}/p" autoplay muted preload="auto"></video>`],
  [
    'video source and track',
    (url) => `<video autoplay muted><source src="${url}/"><track default kind="captions" src="${url}/t"></video>`,
  ],
  ['audio', (url) => `<audio src="${url}/" autoplay preload="auto"></audio>`],
  ['bgsound', (url) => `<bgsound src="${url}/">`],
  ['background', (url) => `<table background="${url}/"><tr><td background="${url}/td">x</table>`],
  [
    'svg image',
    (url) =>
      `<svg><image href="${url}/" width="9" height="9"/><image xlink:href="${url}/x" width="9" height="9"/></svg>`,
  ],
  ['svg use', (url) => `<svg><use href="${url}/#a"/><use xlink:href="${url}/x#a"/></svg>`],
  [
    'svg feImage',
    (url) =>
      `<svg><filter id="f"><feImage href="${url}/"/></filter><rect width="9" height="9" filter="url(#f)"/></svg>`,
  ],
  [
    'svg references in attributes',
    (url) =>
      `<svg><rect width="9" height="9" fill="url(${url}/#a)" filter="url(${url}/#b)" mask="url(${url}/#c)" clip-path="url(${url}/#d)" cursor="url(${url}/e),auto"/></svg>`,
  ],
  [
    'svg animate',
    (url) =>
      `<svg><image width="9" height="9"><animate attributeName="href" to="${url}/" begin="0s" fill="freeze"/><set attributeName="href" to="${url}/"/></image></svg>`,
  ],
  ['svg script', (url) => `<svg><script href="${url}/"></script></svg>`],
  ['svg style', (url) => `<svg><style>@import "${url}/";</style></svg>`],
  [
    'svg of a data: URL',
    (url) =>
      `<img src="${dataUrl('image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}/"/><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="${url}/"/></foreignObject></svg>`)}">`,
  ],
  [
    'math links',
    (url) => `<math xlink:href="${url}/" href="${url}/"><mi href="${url}/">x</mi><mglyph src="${url}/"/></math>`,
  ],
]);

const styles = named([
  ['style @import', (url) => `<style>@import url("${url}/");@import "${url}/2" screen;</style>`],
  ['style background', (url) => `<p style="background:url(${url}/)">x</p>`],
  [
    'style image-set',
    (url) =>
      `<p style="background-image:image-set('${url}/' 1x);background-image:-webkit-image-set(url(${url}/) 1x)">x</p>`,
  ],
  [
    'style cross-fade',
    (url) => `<p style="background-image:-webkit-cross-fade(url(${url}/), url(${url}/2), 50%)">x</p>`,
  ],
  [
    'style font',
    (url) => `<style>@font-face{font-family:probe;src:url(${url}/)}</style><p style="font-family:probe">x</p>`,
  ],
  ['style cursor and list', (url) => `<ul style="cursor:url(${url}/),auto;list-style-image:url(${url}/l)"><li>x</ul>`],
  [
    'style content and borders',
    (url) =>
      `<style>.probe::before{content:url(${url}/)}</style><p class="probe" style="border-image:url(${url}/b) 1">x</p>`,
  ],
  [
    'style masks and shapes',
    (url) =>
      `<p style="mask-image:url(${url}/);-webkit-mask-box-image:url(${url}/2);shape-outside:url(${url}/3);clip-path:url(${url}/4#a);filter:url(${url}/5#a)">x</p>`,
  ],
  ['style on hover', (url) => `<style>a:hover{background:url(${url}/)}</style><a href="#hover">hover</a>`],
  [
    'style attr and variables',
    (url) => `<style>:root{--probe:url(${url}/)}</style><p style="background:var(--probe)">x</p>`,
  ],
  ['style with escapes', (url) => `<p style="background:u\\72l(${url}/)">x</p>`],
  ['style behaviours', (url) => `<p style="behavior:url(${url}/);-moz-binding:url(${url}/)">x</p>`],
  [
    'style of an svg font',
    (url) => `<style>@namespace url(${url}/);@counter-style probe{system:cyclic;symbols:url(${url}/)}</style>`,
  ],
]);

const links = named([
  ['a href', (url) => `<a href="${url}/">a</a>`],
  ['a ping', (url) => `<a href="#ping" ping="${url}/">a</a>`],
  ['a attributionsrc', (url) => `<a href="#attribution" attributionsrc="${url}/">a</a>`],
  ['a rel=prefetch', (url) => `<a rel="prefetch preconnect" href="${url}/">a</a>`],
  ['a download', (url) => `<a download href="${url}/">a</a>`],
  [
    'area href',
    (url) =>
      `<img usemap="#probe" src="data:," width="9" height="9"><map name="probe"><area shape="default" href="${url}/"></map>`,
  ],
  ['svg a', (url) => `<svg width="20" height="20"><a xlink:href="${url}/"><text y="9">a</text></a></svg>`],
  ['form', (url) => `<form action="${url}/"><input autofocus name="q"><button formaction="${url}/f">b</button></form>`],
  ['isindex and keygen', (url) => `<isindex action="${url}/" prompt="x"><keygen>`],
  ['quotes and edits', (url) => `<blockquote cite="${url}/">x</blockquote><ins cite="${url}/">x</ins>`],
  ['microdata', (url) => `<div itemscope itemtype="${url}/" itemid="${url}/x">x</div>`],
  ['menus and commands', (url) => `<menu><command icon="${url}/"></menu><menuitem icon="${url}/">`],
  [
    'XML data islands',
    (url) => `<xml src="${url}/"></xml><layer src="${url}/"></layer><ilayer src="${url}/"></ilayer>`,
  ],
]);

/** These would change how the others are parsed. */
const alone = named([
  ['frame src', (url) => `<frameset cols="50%,50%"><frame src="${url}/"><frame SRC='${url}/2'></frameset>`],
  ['frame after a style that a frameset drops', (url) => `<frameset><style><frame src="${url}/"></style></frameset>`],
  ['frame after a textarea that a frameset drops', (url) => `<frameset><textarea><frame src="${url}/"></frameset>`],
  [
    'frame of a data: page',
    (url) => `<frameset><frame src="${dataUrl('text/html', `<iframe src="${url}/"></iframe>`)}"></frameset>`,
  ],
  ['frame longdesc', (url) => `<frameset><frame longdesc="${url}/" src="about:blank"></frameset>`],
  [
    'base',
    (url) =>
      `<base href="${url}/"><img src="a.gif"><iframe src="frame"></iframe><a href="x">a</a><link rel="preconnect" href="/">`,
  ],
  ['meta refresh', (url) => `<meta http-equiv="refresh" content="0;url=${url}/">`],
  ['meta refresh in the body', (url) => `<p>x</p><meta http-equiv='Refresh' content='0; ${url}/'>`],
  ['body background', (url) => `<body background="${url}/" onload="location='${url}/'">x`],
  ['html and body styles', (url) => `<html style="background:url(${url}/)"><body style="background:url(${url}/b)">x`],
  [
    'a head full of hints',
    (url) =>
      `<!doctype html><html><head><meta charset="utf-8"><link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"></head><body>x`,
  ],
  ['iframe in plaintext', (url) => `<plaintext><iframe src="${url}/"></iframe>`],
  ['iframe in an unclosed comment', (url) => `<p>x<!-- <iframe src="${url}/"></iframe>`],
  ['iframe in an unclosed title', (url) => `<p>x<svg><title><iframe src="${url}/">`],
  ['iframe after an unclosed select', (url) => `<select><title></select><iframe src="${url}/"></iframe>`],
  ['iframe after a broken quote', (url) => `<a href="x>y</a><p class="z"><iframe src="${url}/"></iframe>`],
]);

/** The vectors, grouped by those that can share a mail. */
export const mails: readonly (readonly Vector[])[] = [
  frames,
  resources,
  images,
  styles,
  links,
  ...alone.map((vector) => [vector]),
];
