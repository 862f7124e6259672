import { mailPage as mailFrame } from '../../server/message/html/page.ts';
import type { Address, Message } from '../../wire/message.ts';

/** Nothing runs and nothing is loaded: the page is opened from a report, with no server to send a policy. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri about:";
const FRAME = 'allow-popups allow-popups-to-escape-sandbox';

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem }
h1 { font-size: 1.3rem } th { text-align: left; padding-right: 1rem; font-weight: 500; vertical-align: top }
iframe { width: 100%; height: 75vh; margin-top: 1rem; border: 1px solid #ccc; background: #fff } pre { white-space: pre-wrap }`;

/**
 * A mail as a self-contained page. Its HTML is in a frame that runs no scripts; the page's policy applies there too.
 * @param parts `data:` URLs of inline parts, by Content-ID
 */
export function mailPage(message: Message, parts: ReadonlyMap<string, string>): string {
  const { subject, from, to, cc, receivedAt, envelope, attachments, html, text } = message;
  const rows = [
    ['From', from ? addressText(from) : '(none)'],
    ['To', to.map(addressText).join(', ')],
    ...(cc.length > 0 ? [['Cc', cc.map(addressText).join(', ')]] : []),
    ['Envelope', `${envelope.from || '<>'} to ${envelope.to.join(', ')}`],
    ['Received', receivedAt],
    ...(attachments.length > 0
      ? [['Attachments', attachments.map(({ filename }) => filename ?? '(no name)').join(', ')]]
      : []),
  ];
  const framed = (html: string) =>
    [...mailFrame(html, { find: (cid) => parts.get(cid), remote: false, srcdoc: true })].join('');
  const title = escaped(subject ?? '(no subject)');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<table>${rows.map(([name = '', value = '']) => `<tr><th>${name}<td>${escaped(value)}`).join('\n')}</table>
${html === null ? '' : `<iframe title="HTML" sandbox="${FRAME}" srcdoc="${escaped(framed(html))}"></iframe>`}
${text === null ? '' : `<h2>Text</h2>\n<pre>${escaped(text)}</pre>`}
</html>
`;
}

function addressText({ name, address }: Address): string {
  return name === '' ? address : `${name} <${address}>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
