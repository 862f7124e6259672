"""Reads and deletes all mail of a mailbox with poplib, and prints what it saw as JSON.

Usage: fetch.py HOST PORT HOW CAFILE USER PASSWORD, where HOW is plain, apop, stls, pop3s or utf8.
"""

import base64
import json
import poplib
import ssl
import sys

host, port, how, cafile, user, password = sys.argv[1:]
if how == "pop3s":
    box = poplib.POP3_SSL(host, int(port), timeout=10, context=ssl.create_default_context(cafile=cafile))
else:
    box = poplib.POP3(host, int(port), timeout=10)
capabilities = box.capa()
if how == "stls":
    box.stls(ssl.create_default_context(cafile=cafile))
if how == "utf8":
    box.utf8()
if how == "apop":
    box.apop(user, password)
else:
    box.user(user)
    box.pass_(password)

count, octets = box.stat()
_, rows, _ = box.list()
_, ids, _ = box.uidl()
mails, tops = [], []
for number in range(1, count + 1):
    _, lines, size = box.retr(number)
    assert size == int(rows[number - 1].split()[1]), (number, size, rows)
    mails.append(base64.b64encode(b"".join(line + b"\r\n" for line in lines)).decode())
    tops.append(len(box.top(number, 0)[1]))
    box.noop()
    box.dele(number)
assert box.stat() == (0, 0)
box.rset()
assert box.stat() == (count, octets)
for number in range(1, count + 1):
    box.dele(number)
box.quit()

print(json.dumps({
    "capabilities": sorted(capabilities),
    "octets": octets,
    "ids": [row.split()[1].decode() for row in ids],
    "mails": mails,
    "tops": tops,
}))
