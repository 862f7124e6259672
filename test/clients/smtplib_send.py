"""Sends a file as it is: smtplib_send.py plain|starttls|tls PORT CAFILE|- USER|- FILE RECIPIENT..."""

import smtplib
import ssl
import sys

mode, port, cafile, user, path, *recipients = sys.argv[1:]
context = ssl.create_default_context(cafile=None if cafile == "-" else cafile)
with open(path, "rb") as file:
    mail = file.read()

if mode == "tls":
    smtp = smtplib.SMTP_SSL("localhost", int(port), context=context)
else:
    smtp = smtplib.SMTP("localhost", int(port))
with smtp:
    if mode == "starttls":
        smtp.starttls(context=context)
    if user != "-":
        smtp.login(user, "any password")
    smtp.sendmail("ada@app.test", recipients, mail)
