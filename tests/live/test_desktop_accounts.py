"""Accounts of the desktop: a real goa-daemon for passwords, one of our own for tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.account import Protocol
from martlet.mail.route import STRAIGHT
from martlet.net import oauth
from support.dovecot import Dovecot, installed
from support.fake_goa import NAME, fake_goa
from support.oauth_server import OAuthServer
from support.passes import letter
from support.session import Session, missing, unpacked

pytestmark = pytest.mark.skipif(bool(missing()), reason="D-Bus is not installed")

PROGRAM = "usr/libexec/goa-daemon"
# It ends at once without its settings' description, which must be compiled.
DAEMON = unpacked("goa", PROGRAM, "usr/share/glib-2.0/schemas/gschemas.compiled")

ASKS = """
import sys
from martlet.engine.desktop import Desktop
from martlet.mail.account import Account, AccountId, Protocol
from martlet.mail.errors import MailError

desktop = Desktop(*map(float, sys.argv[2:]))
account = Account(AccountId(1), "work", "ada@example.org", desktop=sys.argv[1])

def tried(call, *arguments):
    try:
        return call(*arguments)
    except MailError as error:
        return f"{type(error).__name__}: {error.summary} ({error.detail})"

for one in desktop.accounts():
    print(one.key, one.provider, one.address, one.tokens)
    for server in (one.incoming, one.outgoing):
        where = (server.host, server.port, server.security.name, server.user)
        print(" ", server.protocol.name, *where)
print("imap", tried(desktop.secret, account, Protocol.IMAP))
print("smtp", tried(desktop.secret, account, Protocol.SMTP))
print("again", tried(desktop.refused, account, Protocol.IMAP, "first"))
print("imap", tried(desktop.secret, account, Protocol.IMAP))
"""

STORE = """
import secretstorage
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    secretstorage.get_default_collection(bus).create_item(
        "GOA imap_smtp credentials for identity account_1",
        {"goa-identity": "imap_smtp:gen0:account_1", "xdg:schema": "org.gnome.OnlineAccounts"},
        b"{'imap-password': <'secret'>, 'smtp-password': <'other'>}",
    )
"""

CONFIG = """[Account account_1]
Provider=imap_smtp
Identity=ada@example.org
PresentationIdentity=ada@example.org
Enabled=true
EmailAddress=ada@example.org
Name=Ada
ImapHost={imap}
ImapUserName=ada
ImapUseSsl=true
ImapAcceptSslErrors=true
SmtpHost=smtp.example.org
SmtpUserName=ada
SmtpUseAuth=true
SmtpAuthPlain=true
SmtpUseTls=true
"""


@contextmanager
def real_goa(session: Session, imap: str) -> Iterator[None]:
    """GNOME's own daemon with one account of a password kept in the keyring."""
    assert DAEMON is not None
    config = session.folder / "config" / "goa-1.0" / "accounts.conf"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG.format(imap=imap))
    session.python(STORE)
    with session.daemon(DAEMON, PROGRAM, NAME):
        yield


class Desk(Cli):
    """The command line in a session."""

    def __init__(self, profile: Path, session: Session) -> None:
        super().__init__(profile)
        self._session = session

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self._session.environment}


def test_without_the_service_or_a_bus_there_are_none(tmp_path: Path) -> None:
    with Session(tmp_path / "session") as session:
        said = session.python(ASKS, "goa:account_1")
        assert said[0].startswith("imap AuthFailed: GNOME Online Accounts is not running here.")
        session.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
        assert session.python(ASKS, "goa:account_1")[0].startswith("imap Offline: ")
        del session.environment["DBUS_SESSION_BUS_ADDRESS"]
        assert session.python(ASKS, "goa:account_1")[0].startswith("imap AuthFailed: ")
        assert Desk(tmp_path / "profile", session).ok("account", "desktop", "--json").out == ""


def test_tokens_come_from_the_desktop_and_are_renewed_by_it(tmp_path: Path) -> None:
    plan = {
        "accounts": {
            "a1": {"address": "ada@example.org", "tokens": ["first", "second"]},
            "a2": {"address": "b@example.org", "password": "pw "},
            "a3": {"address": "c@example.org", "tokens": ["x"], "mail_disabled": True},
        }
    }
    with Session(tmp_path / "session") as session, fake_goa(session, plan):
        said = session.python(ASKS, "goa:a1")
        assert said == [
            "goa:a1 Google ada@example.org True",
            "  IMAP imap.example.org 993 TLS ada@example.org",
            "  SMTP smtp.example.org 587 STARTTLS ada@example.org",
            "goa:a2 Google b@example.org False",
            "  IMAP imap.example.org 993 TLS b@example.org",
            "  SMTP smtp.example.org 587 STARTTLS b@example.org",
            "imap first",
            "smtp first",
            "again True",
            "imap second",
        ]
        assert session.python(ASKS, "goa:a2")[-4:-2] == [
            "imap pw imap-password",
            "smtp pw smtp-password",
        ]
        gone = session.python(ASKS, "goa:a9")[-1]
        assert gone.startswith("imap AuthFailed: GNOME Online Accounts has no such account")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            f"{NAME}.Error.NotAuthorized",
            "AuthFailed: GNOME Online Accounts wants you to sign in again, in the settings of "
            "the desktop. (The grant has gone)",
        ),
        (
            f"{NAME}.Error.Failed",
            "Offline: GNOME Online Accounts has no sign-in to give at the moment. "
            "(The grant has gone)",
        ),
    ],
)
def test_what_the_desktop_refuses_is_told_in_its_words(
    tmp_path: Path, error: str, said: str
) -> None:
    plan = {"accounts": {"a1": {"address": "a@b.example", "tokens": ["x"], "error": error}}}
    with Session(tmp_path / "session") as session, fake_goa(session, plan):
        assert session.python(ASKS, "goa:a1")[-1] == f"imap {said}"


def test_a_service_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    with Session(tmp_path / "session") as session, fake_goa(session, {"silent": True}):
        said = session.python(ASKS, "goa:a1", "0.2", "0.2")
        assert said[0] == "imap Offline: GNOME Online Accounts does not answer. ()"


@pytest.mark.skipif(not installed(), reason="Dovecot is not installed")
def test_an_account_of_the_desktop_fetches_mail_by_token(tmp_path: Path) -> None:
    with (
        OAuthServer() as provider,
        Dovecot(oauth=provider.introspection) as dovecot,
        Session(tmp_path / "session") as session,
    ):
        dovecot.deliver("ada", letter(1))
        token = token_of(provider)
        imap = f"localhost:{dovecot.server(Protocol.IMAP).port}"
        one = {"address": "ada@example.org", "user": "ada", "imap": imap, "tokens": ["old", token]}
        desk = Desk(tmp_path / "profile", session)
        with fake_goa(session, {"accounts": {"a1": one}}):
            assert "goa:a1" in desk.ok("account", "desktop").out
            desk.ok("account", "add", "work", "--desktop", "goa:a1", "--ca-file", dovecot.ca_file)
            assert desk.ok("sync", "--json").rows[0]["new"] == 1
            shown = desk.ok("account", "show", "work").out
            assert "Signs in with: sign-in of the desktop (goa:a1)" in shown
            assert "sign-in BEARER" in shown
        assert "is not running here" in desk.refused("sync")


def token_of(provider: OAuthServer) -> str:
    """An access token that the person has let the desktop have."""
    asked = oauth.asking("http://127.0.0.1:9")
    code = provider.consented(oauth.page(provider.settings(), asked, "ada"))["code"]
    return oauth.exchange(provider.settings(), asked, code, "", route=STRAIGHT).access


@pytest.mark.skipif(
    DAEMON is None or bool(missing("gnome-keyring-daemon")) or not installed(),
    reason="goa-daemon, gnome-keyring or Dovecot is not installed",
)
def test_the_real_daemon_gives_its_password(tmp_path: Path) -> None:
    with (
        Dovecot() as dovecot,
        Session(tmp_path / "session", keyring="unlocked") as session,
        real_goa(session, f"localhost:{dovecot.server(Protocol.IMAP).port}"),
    ):
        dovecot.deliver("ada", letter(1))
        port = dovecot.server(Protocol.IMAP).port
        assert session.python(ASKS, "goa:account_1") == [
            "goa:account_1 IMAP and SMTP ada@example.org False",
            f"  IMAP localhost {port} TLS ada",
            "  SMTP smtp.example.org 587 STARTTLS ada",
            "imap secret",
            "smtp other",
            "again True",
            "imap secret",
        ]
        desk = Desk(tmp_path / "profile", session)
        desk.ok(
            "account", "add", "work", "--desktop", "goa:account_1", "--ca-file", dovecot.ca_file
        )
        assert desk.ok("sync", "--json").rows[0]["new"] == 1
        assert desk.ok("account", "show", "work", "--json").rows[0]["secret"] == "desktop"
