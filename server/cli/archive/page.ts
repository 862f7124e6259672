/** Escapes text for HTML, in an element or a quoted attribute. */
export function html(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char).replaceAll('\0', '\ufffd');
}

/**
 * Nothing runs or loads, neither on the page nor in a mail's frame, which inherits this policy. Directives that only
 * work in a header are covered by the frame's sandbox.
 */
const POLICY = [
  "default-src 'none'",
  'img-src data:',
  'media-src data:',
  'font-src data:',
  "style-src 'unsafe-inline'",
  "form-action 'none'",
  // For the anchors in a mail, see `mailPage`.
  'base-uri about:',
].join('; ');

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 24px; max-width: 1200px; }
h1 { font-size: 20px; margin: 0 0 16px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th { text-align: left; font-weight: 600; color: GrayText; }
th, td { padding: 4px 12px 4px 0; vertical-align: top; border-bottom: 1px solid #8883; overflow-wrap: anywhere; unicode-bidi: isolate; }
.time { width: 12.5em; } .address { width: 22%; } .facts th { width: 8em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 12px; border: 1px solid #8885; border-radius: 6px; }
iframe { width: 100%; height: 75vh; border: 1px solid #8885; border-radius: 6px; background: #fff; resize: vertical; }
footer { color: GrayText; margin-top: 16px; }`;

/** The head of a page that opens without a server and is safe whatever it shows. */
export function pageHead(title: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>${html(title)}</title>
<style>${STYLE}
</style>
`;
}
