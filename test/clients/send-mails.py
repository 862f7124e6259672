"""Sends mails of many kinds with Python's standard library and prints, as JSON, the octets of each as they went out.

Usage: send-mails.py HOST PORT
"""

import base64
import email.policy
import json
import smtplib
import sys
from email.header import Header
from email.message import EmailMessage
from email.mime.text import MIMEText

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def addressed(message, subject):
    message["From"] = "Großhandel <shop@example.test>"
    message["To"] = "Ada <ada@example.test>"
    message["Subject"] = subject
    return message


def multipart():
    message = addressed(EmailMessage(policy=email.policy.SMTP), "Rechnung für März ✓")
    message.set_content("Grüße aus Köln.\n.\n..zwei Punkte\n")
    message.add_alternative('<p>Grüße aus <b>Köln</b></p><img src="cid:logo@example.test">', subtype="html")
    html = message.get_payload()[1]
    html.add_related(PNG, "image", "png", cid="<logo@example.test>", filename="logo.png")
    message.add_attachment(b"%PDF-1.7\n\x00\xff", maintype="application", subtype="pdf", filename="Übersicht März.pdf")
    message.add_attachment("a,b\n1,2\n", subtype="csv", filename="数据.csv")
    return message.as_bytes()


def japanese():
    message = MIMEText("こんにちは、世界。\n", "plain", "iso-2022-jp")
    message["From"] = "shop@example.test"
    message["To"] = "ada@example.test"
    message["Subject"] = Header("日本語の件名", "iso-2022-jp")
    return message.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


def quoted_printable():
    message = addressed(EmailMessage(policy=email.policy.SMTP), "quoted-printable")
    message.set_content("é" * 200 + "\n", cte="quoted-printable")
    return message.as_bytes()


def base64_text():
    message = addressed(EmailMessage(policy=email.policy.SMTP), "base64")
    message.set_content("ünïcödé\n" * 20, cte="base64")
    return message.as_bytes()


def eight_bit():
    return (
        b"From: shop@example.test\r\nTo: ada@example.test\r\nSubject: 8-bit\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe\r\n"
    )


def bare():
    return b"no headers here, just text\r\n.leading dot\r\n"


def large():
    message = addressed(EmailMessage(policy=email.policy.SMTP), "20 MB")
    message.set_content("see the attachment\n")
    message.add_attachment(bytes(range(256)) * (20 * 4096), maintype="application", subtype="octet-stream", filename="big.bin")
    return message.as_bytes()


host, port = sys.argv[1], int(sys.argv[2])
sent = {}
with smtplib.SMTP(host, port, timeout=30) as smtp:
    for make in (multipart, japanese, quoted_printable, base64_text, eight_bit, bare, large):
        raw = make()
        smtp.ehlo_or_helo_if_needed()
        smtp.mail("shop@example.test", ["BODY=8BITMIME"])
        smtp.rcpt("ada@example.test")
        code, reply = smtp.data(raw)
        assert code == 250, reply
        sent[make.__name__] = {"reply": reply.decode(), "raw": base64.b64encode(raw).decode()}
json.dump(sent, sys.stdout)
