import { Send, X } from 'lucide-react';
import { useState } from 'react';
import type { Server } from '../../../client/index.ts';
import { useSetting } from '../setting.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import { Logo } from '../widgets/Logo.tsx';
import { Tabs } from '../widgets/Tabs.tsx';
import { hostPort, reachable, snippetsFor } from './snippets.ts';
import './connect.css';

interface Props {
  readonly server: Server | null;
  /** There is no mail yet. */
  readonly first: boolean;
  readonly sendTestMail: () => Promise<void>;
  /** Null if there is nothing to go back to. */
  readonly onClose: (() => void) | null;
}

const FRAMEWORKS = ['Nodemailer', 'Django', 'Rails', 'Laravel', 'Spring Boot', 'Go', 'curl'] as const;

/** How to send mail to Mailstop. Shown in an empty inbox, and later on request. */
export function Connect({ server, first, sendTestMail, onClose }: Props) {
  const [framework, setFramework] = useSetting<string>('framework', FRAMEWORKS as unknown as [string, ...string[]]);
  const [sending, setSending] = useState(false);
  const pageHost = window.location.hostname;
  const smtp = server && reachable(server.smtp, pageHost);
  const snippets = smtp ? snippetsFor(smtp) : [];
  const snippet = snippets.find(({ name }) => name === framework) ?? snippets[0];
  const inContainer = server?.smtp.host === '0.0.0.0' || server?.smtp.host === '::';

  const send = async () => {
    setSending(true);
    await sendTestMail().finally(() => setSending(false));
  };

  return (
    <section className="connect" aria-label="Connect your app">
      <div className="connect-body">
        {onClose && <IconButton className="connect-close" icon={X} label="Close" shortcut="Escape" onClick={onClose} />}
        {first && <Logo size={40} />}
        <h1>{first ? 'No mail yet' : 'Connect your app'}</h1>
        <p>
          Point your app at this SMTP server. Every mail it sends, to any address, stops here and appears automatically.
        </p>
        <dl className="connect-ports">
          <Port name="SMTP" at={smtp ? hostPort(smtp) : null}>
            any username and password, or none{server?.tls ? '; STARTTLS is offered' : '; no TLS'}
          </Port>
          {server?.smtps && (
            <Port name="SMTPS" at={hostPort(reachable(server.smtps, pageHost))}>
              the same over TLS
            </Port>
          )}
          {server?.pop3 && (
            <Port name="POP3" at={hostPort(reachable(server.pop3, pageHost))}>
              the username is an address that has mail, or <code>all</code>
              {server.pop3Logins === 'any' ? '; any password' : '; only the logins that were set'}
            </Port>
          )}
          {server?.pop3s && (
            <Port name="POP3S" at={hostPort(reachable(server.pop3s, pageHost))}>
              the same over TLS
            </Port>
          )}
        </dl>
        {inContainer && (
          <p className="connect-note">From another container, use the name of this one’s service as the host.</p>
        )}
        {snippet && (
          <div className="connect-code">
            <Tabs
              group="framework"
              label="Framework"
              tabs={snippets.map(({ name }) => ({ name, label: name }))}
              selected={snippet.name}
              onSelect={setFramework}
            />
            <div id="framework-panel" role="tabpanel" aria-label={snippet.name}>
              <div className="connect-where">
                <span>{snippet.where}</span>
                <CopyButton text={snippet.code} what="the code" labelled />
              </div>
              <pre>{snippet.code}</pre>
            </div>
          </div>
        )}
        <div className="connect-test">
          <button type="button" className="button main" disabled={sending} onClick={send}>
            <Send size={14} strokeWidth={1.75} aria-hidden />
            {sending ? 'Sending' : 'Send a test mail'}
          </button>
          <span>It goes through the SMTP port, as your app's mail will.</span>
        </div>
      </div>
    </section>
  );
}

interface PortProps {
  readonly name: string;
  /** Null until it is known. */
  readonly at: string | null;
  readonly children: React.ReactNode;
}

function Port({ name, at, children }: PortProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{at ?? ' '}</code>
        {at && <CopyButton text={at} what={`the ${name} address`} />}
        <span>{children}</span>
      </dd>
    </div>
  );
}
