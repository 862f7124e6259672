/** How to configure an app to send its mail here. */
export interface Snippet {
  readonly name: string;
  /** Where to put it: a file or a shell. */
  readonly where: string;
  readonly code: string;
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `host:port`. An IPv6 address needs brackets (RFC 3986 §3.2.2). */
export function hostPort({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * The address at which a program reaches a listener. A listener bound to all addresses has none of its own; then it is
 * the host that this page was loaded from.
 */
export function reachable(bound: Endpoint, pageHost: string): Endpoint {
  const wildcard = bound.host === '0.0.0.0' || bound.host === '::';
  return { host: wildcard ? pageHost.replace(/^\[|\]$/g, '') : bound.host, port: bound.port };
}

/** @param smtp the address at which an app can reach it */
export function snippetsFor(smtp: Endpoint): readonly Snippet[] {
  const { host, port } = smtp;
  return [
    {
      name: 'Nodemailer',
      where: 'hello.mjs',
      code: `import nodemailer from 'nodemailer';

const transport = nodemailer.createTransport({ host: '${host}', port: ${port} });

await transport.sendMail({
  from: 'app@example.test',
  to: 'ada@example.test',
  subject: 'Hello from Nodemailer',
  text: 'It works.',
});`,
    },
    {
      name: 'Django',
      where: 'settings.py, then: python manage.py sendtestemail ada@example.test',
      code: `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "${host}"
EMAIL_PORT = ${port}
EMAIL_USE_TLS = False
EMAIL_USE_SSL = False`,
    },
    {
      name: 'Rails',
      where: 'config/environments/development.rb',
      code: `config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = { address: "${host}", port: ${port} }
config.action_mailer.raise_delivery_errors = true`,
    },
    {
      name: 'Laravel',
      where: '.env',
      code: `MAIL_MAILER=smtp
MAIL_HOST=${host}
MAIL_PORT=${port}
MAIL_USERNAME=null
MAIL_PASSWORD=null
MAIL_SCHEME=null`,
    },
    {
      name: 'Spring Boot',
      where: 'application.properties',
      code: `spring.mail.host=${host}
spring.mail.port=${port}
spring.mail.properties.mail.smtp.auth=false
spring.mail.properties.mail.smtp.starttls.enable=false`,
    },
    {
      name: 'Go',
      where: 'main.go',
      code: `package main

import (
	"log"
	"net/smtp"
)

func main() {
	to := []string{"ada@example.test"}
	message := "From: app@example.test\\r\\n" +
		"To: ada@example.test\\r\\n" +
		"Subject: Hello from Go\\r\\n" +
		"\\r\\n" +
		"It works.\\r\\n"
	err := smtp.SendMail("${hostPort(smtp)}", nil, "app@example.test", to, []byte(message))
	if err != nil {
		log.Fatal(err)
	}
}`,
    },
    {
      name: 'curl',
      where: 'a shell',
      code: `printf 'From: app@example.test\\nTo: ada@example.test\\nSubject: Hello from curl\\n\\nIt works.\\n' | curl --crlf --mail-from app@example.test --mail-rcpt ada@example.test --upload-file - smtp://${hostPort(smtp)}`,
    },
  ];
}
