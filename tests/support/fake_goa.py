"""GNOME Online Accounts as a program on a session bus, for what wants a browser of the real one.

Run in a Session: `python -c SERVICE PLAN`. PLAN is JSON: accounts by id, each with "address",
"tokens" (given one after the other, the last one again) or "password", and "error" for a D-Bus
error in place of a token; "silent": it takes the name and never answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .session import Session

NAME = "org.gnome.OnlineAccounts"

SERVICE = """
import json, sys
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

plan = json.loads(sys.argv[1])
G = "org.gnome.OnlineAccounts"
ROOT = "/org/gnome/OnlineAccounts"

def objects():
    found = {ROOT + "/Manager": {G + ".Manager": {}}}
    for key, one in plan["accounts"].items():
        base = {
            "Id": ("s", key), "ProviderName": ("s", one.get("provider", "Google")),
            "PresentationIdentity": ("s", one["address"]),
            "MailDisabled": ("b", one.get("mail_disabled", False)),
        }
        mail = {
            "EmailAddress": ("s", one["address"]), "Name": ("s", "Ada"),
            "ImapSupported": ("b", True), "ImapHost": ("s", one.get("imap", "imap.example.org")),
            "ImapUseSsl": ("b", True), "ImapUserName": ("s", one.get("user", one["address"])),
            "SmtpSupported": ("b", True), "SmtpHost": ("s", one.get("smtp", "smtp.example.org")),
            "SmtpUseTls": ("b", True), "SmtpUserName": ("s", one.get("user", one["address"])),
        }
        way = ".OAuth2Based" if "tokens" in one else ".PasswordBased"
        found[ROOT + "/Accounts/" + key] = {G + ".Account": base, G + ".Mail": mail, G + way: {}}
    return found

def answer(message):
    fields = message.header.fields
    method = fields[HeaderFields.member]
    one = plan["accounts"].get(fields[HeaderFields.path].rsplit("/", 1)[1], {})
    if method == "GetManagedObjects":
        return new_method_return(message, "a{oa{sa{sv}}}", (objects(),))
    if method in ("GetAccessToken", "GetPassword") and "error" in one:
        return new_error(message, one["error"], "s", ("The grant has gone",))
    if method == "GetAccessToken":
        return new_method_return(message, "si", (one["tokens"][0], 3600))
    if method == "GetPassword":
        return new_method_return(message, "s", (one["password"] + message.body[0],))
    if method == "EnsureCredentials":
        one["tokens"][:-1] and one["tokens"].pop(0)
        return new_method_return(message, "i", (3600,))
    return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

with open_dbus_connection() as bus:
    Proxy(message_bus, bus).RequestName(G)
    while True:
        message = bus.receive()
        if message.header.message_type is MessageType.method_call and not plan.get("silent"):
            bus.send(answer(message))
"""


@contextmanager
def fake_goa(session: Session, plan: Mapping[str, object]) -> Iterator[None]:
    """The service runs in this session for the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE, json.dumps(plan)],
        env=session.environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        session.owner(NAME)
        yield
    finally:
        process.kill()
        process.wait(30)
