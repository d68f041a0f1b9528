"""Settings that cannot work are refused in a sentence, before anybody is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from martlet.engine.settings import check_settings
from martlet.mail.account import (
    Account,
    AccountId,
    Protocol,
    Proxy,
    SecretSource,
    Security,
    Server,
)
from martlet.mail.errors import Refused
from martlet.mail.route import ProxyKind

IMAP = Server(Protocol.IMAP, "mail.example.org", 993, Security.TLS, "ada")
SMTP = Server(Protocol.SMTP, "mail.example.org", 465, Security.TLS, "ada")
GOOD = Account(AccountId(0), "ada", "ada@example.org", incoming=IMAP, outgoing=SMTP)
PROXY = Proxy(ProxyKind.SOCKS5, "proxy.example.org", 1080)


def test_what_works_is_let_through() -> None:
    check_settings(GOOD)
    check_settings(replace(GOOD, incoming=None, proxy=PROXY))
    external = replace(IMAP, auth="EXTERNAL")
    check_settings(replace(GOOD, incoming=external, certificate="/home/ada/ada.pem"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (replace(GOOD, name=" "), "needs a name"),
        (replace(GOOD, address="ada"), "not an e-mail address"),
        (replace(GOOD, full_name="Ada\nBcc: x"), "on one line"),
        (replace(GOOD, secret=SecretSource.COMMAND), "command that prints the password"),
        (replace(GOOD, secret=SecretSource.OAUTH), "not known where to sign in by browser"),
        (replace(GOOD, secret=SecretSource.DESKTOP), "desktop's account is missing"),
        (replace(GOOD, incoming=replace(IMAP, host="a b")), "IMAP server's name"),
        (replace(GOOD, outgoing=replace(SMTP, port=0)), "SMTP port"),
        (replace(GOOD, incoming=replace(IMAP, user="a\r\nb")), "IMAP user name"),
        (replace(GOOD, incoming=SMTP), "SMTP cannot receive"),
        (replace(GOOD, outgoing=IMAP), "goes out by SMTP"),
        (replace(GOOD, incoming=replace(IMAP, auth="EXTERNAL")), "certificate of your own"),
        (replace(GOOD, proxy=replace(PROXY, host="")), "proxy's name"),
        (replace(GOOD, proxy=replace(PROXY, port=70_000)), "proxy's port"),
        (replace(GOOD, proxy=replace(PROXY, user="a\nb")), "proxy's user name"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_work_is_refused(wrong: Account, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_settings(wrong)
