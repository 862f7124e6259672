"""Reads mails, one per line in base64, and writes what Python's email package makes of each, one JSON per line."""

import base64
import email
import email.policy
import json
import sys


def attempt(read):
    """The package raises on some broken headers."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001
        return {"raised": type(error).__name__}


def text_of(part, octets):
    charset = part.get_content_charset()
    if part.get_content_maintype() != "text" or charset is None:
        return None
    try:
        return octets.decode(charset)
    except (LookupError, UnicodeError):
        return None


def children(part):
    """The package also takes reports, like message/delivery-status, for mails."""
    holds = part.get_content_maintype() == "multipart" or content_type(part) in ("message/rfc822", "message/global")
    return part.get_payload() if holds and part.is_multipart() else []


def leaf(part):
    if part.is_multipart() or part.get_content_maintype() == "multipart":
        return {}
    octets = decoded(part)
    return {
        "octets": octets.decode("latin1"),
        "text": attempt(lambda: text_of(part, octets)),
    }


def decoded(part):
    """`get_payload` takes a comment for a part of the encoding's name; the package's own header parser doesn't."""
    field = part["content-transfer-encoding"]
    if field is not None:
        cte = field.cte
        del part["content-transfer-encoding"]
        part["content-transfer-encoding"] = cte
    return part.get_payload(decode=True)


def content_type(part):
    """The same for `get_content_type`."""
    field = part["content-type"]
    return part.get_default_type() if field is None else field.content_type


def disposition(part):
    field = part["content-disposition"]
    return None if field is None else field.content_disposition


def parts(mail):
    return [
        {
            "depth": depth,
            "contentType": attempt(lambda: content_type(part)),
            "disposition": attempt(lambda: disposition(part)),
            "filename": attempt(part.get_filename),
            "charset": attempt(part.get_content_charset),
            **leaf(part),
        }
        for depth, part in walk(mail, 0)
    ]


def walk(part, depth):
    yield depth, part
    for child in children(part):
        yield from walk(child, depth + 1)


def addresses(mail, name):
    return [
        {"name": address.display_name, "address": address.addr_spec}
        for field in mail.get_all(name, [])
        for address in field.addresses
    ]


def date(mail):
    field = mail["date"]
    moment = field.datetime if field is not None else None
    if moment is None:
        return None
    if moment.tzinfo is None:
        import datetime

        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return moment.timestamp() * 1000


def text(value):
    return None if value is None else str(value)


for line in sys.stdin:
    mail = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    json.dump(
        {
            "parts": attempt(lambda: parts(mail)),
            "subject": attempt(lambda: text(mail["subject"])),
            "from": attempt(lambda: addresses(mail, "from")),
            "to": attempt(lambda: addresses(mail, "to")),
            "date": attempt(lambda: date(mail)),
        },
        sys.stdout,
    )
    sys.stdout.write("\n")
