import type { Delivery, Message } from '../../../client/index.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import './headers.css';

/** All header fields in order, decoded, and below them how the mail was delivered. */
export function HeadersView({ message: { headers, delivery } }: { readonly message: Message }) {
  return (
    <div className="headers">
      <section>
        <div className="headers-title">
          <h3>Headers</h3>
          <CopyButton text={headers.map(({ name, value }) => `${name}: ${value}`).join('\n')} what="all headers" />
        </div>
        {headers.length === 0 && <p className="quiet">This mail has no headers.</p>}
        <Facts rows={headers.map(({ name, value }) => [name, value] as const)} />
      </section>
      <section>
        <div className="headers-title">
          <h3>Delivery</h3>
        </div>
        <Facts rows={deliveryFacts(delivery)} />
      </section>
    </div>
  );
}

function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <table>
      <tbody>
        {rows.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers can repeat, and their order is fixed
          <tr key={index}>
            <th scope="row">{name}</th>
            <td dir="auto">{value}</td>
            <td className="headers-copy">
              <CopyButton text={value} what={name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function deliveryFacts({ mail, rcpt, peer }: Delivery): readonly (readonly [string, string])[] {
  return [
    ['MAIL FROM', path(mail)],
    ...rcpt.map((one) => ['RCPT TO', path(one)] as const),
    ['Client', peer.port === 0 ? peer.address : `${peer.address} port ${peer.port}`],
    ['HELO', peer.helo ?? 'not given'],
    ['Protocol', peer.protocol],
    ['Signed in as', peer.username ?? 'nobody (no AUTH)'],
    ['TLS', peer.tls ? `${peer.tls.protocol}, ${peer.tls.cipher}` : 'none'],
    ...(peer.tls?.servername ? [['Server name', peer.tls.servername] as const] : []),
  ];
}

/** A path and its parameters as in the command: `<a@b.test> SIZE=120 BODY=8BITMIME`. */
function path({ address, parameters }: Delivery['mail']): string {
  const given = Object.entries(parameters).map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return [`<${address}>`, ...given].join(' ');
}
