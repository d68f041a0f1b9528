"""`martlet account add --oauth` as a person does it, with a real keyring, Dovecot and Postfix.

The browser is a program named by $BROWSER, as Python's `webbrowser` wants it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.running import Cli
from martlet.mail.account import Protocol
from support.dovecot import Dovecot
from support.oauth_server import CLIENT_ID, OAuthServer
from support.passes import letter
from support.postfix import AUTH_LISTENER, Postfix, unusable
from support.session import Session, missing

MISSING = missing("gnome-keyring-daemon")
WHY = unusable() or (f"not installed: {MISSING}" if MISSING else "")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "usable")

BROWSER = """
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=30).read().decode())
"""


class Person(Cli):
    """One profile's command line in a desktop session with a browser."""

    def __init__(self, profile: Path, session: Session, browser: Path) -> None:
        super().__init__(profile)
        self._session = session
        self._browser = browser

    def environment(self) -> dict[str, str]:
        # In the background, as a real one; and not over the test's own output.
        browser = f"{sys.executable} {self._browser} %s &"
        return {**super().environment(), **self._session.environment, "BROWSER": browser}

    def kept(self) -> int:
        """How many items the keyring holds."""
        return self._session.items()


class World(NamedTuple):
    provider: OAuthServer
    dovecot: Dovecot
    postfix: Postfix
    person: Person


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER)
    with (
        OAuthServer(client_secret="the client's own") as provider,
        Dovecot(oauth=provider.introspection, settings=AUTH_LISTENER) as dovecot,
        Postfix(dovecot) as postfix,
        Session(tmp_path / "session", keyring="unlocked") as session,
    ):
        yield World(provider, dovecot, postfix, Person(tmp_path / "profile", session, browser))


def add(world: World, *more: str, protocol: Protocol = Protocol.IMAP) -> str:
    incoming = world.dovecot.server(protocol)
    outgoing = world.postfix.server()
    urls = world.provider.settings()
    return world.person.ok(
        "account", "add", "work", "--address", "ada@example.org", "--user", "ada",
        f"--{protocol.value}", f"{incoming.host}:{incoming.port}",
        "--smtp", f"{outgoing.host}:{outgoing.port}", "--smtp-security", "starttls",
        "--oauth", "Testmail", "--client-id", CLIENT_ID, "--client-secret-stdin",
        "--oauth-authorize-url", urls.authorize_url, "--oauth-token-url", urls.token_url,
        "--oauth-scope", "mail", "--ca-file", world.dovecot.ca_file, "--no-discover", *more,
        stdin=b"the client's own\n",
    ).out  # fmt: skip


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_signed_in_by_browser_mail_comes_and_goes(world: World, protocol: Protocol) -> None:
    provider, dovecot, postfix, person = world
    dovecot.deliver("ada", letter(1))
    said = add(world, protocol=protocol)
    assert f"Sign in with your browser: {provider.base}/authorize?" in said
    assert said.endswith("Account work added.\n")
    assert provider.asked[0]["login_hint"] == "ada"
    assert "ready to send" in person.ok("account", "test", "work").out.casefold()
    assert person.ok("sync", "--json").rows[0]["new"] == 1
    person.ok("send", "--to", "ada@example.org", "--subject", "Grüße", "--body", "Hallo")
    postfix.wait_until_delivered()
    assert person.ok("sync", "--json").rows[0]["error"] in ("", None)
    assert person.ok("search", "Grüße", "--json").rows
    shown = person.ok("account", "show", "work").out
    assert "Signs in with: sign-in by browser at Testmail, client id martlet-test" in shown
    shown_object = person.ok("account", "show", "work", "--json").rows[0]
    assert shown_object["oauth"]["token_url"] == f"{provider.base}/token"

    # Taken back: one clear line, and signing in again is one command.
    provider.revoke()
    assert "wants you to sign in again" in person.refused("sync")
    person.ok("account", "password", "work", "--oauth", "--client-secret-stdin",
        stdin=b"the client's own\n")  # fmt: skip
    person.ok("sync")

    # Nothing of all that is anywhere but in the keyring, which forgets it with the account.
    secrets = [*provider.granted, "the client's own", *refresh_tokens(provider)]
    files = [p for p in person.profile.rglob("*") if p.is_file() and not p.is_socket()]
    assert any(path.name == "martlet.log" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in secrets), path
    person.ok("account", "remove", "work", "--yes")
    assert person.kept() == 0


def refresh_tokens(provider: OAuthServer) -> list[str]:
    return [token for one in provider.sign_ins for token in one.refresh]


def test_the_person_says_no(world: World) -> None:
    world.provider.consent = False
    incoming = world.dovecot.server(Protocol.IMAP)
    urls = world.provider.settings()
    ran = world.person(
        "account", "add", "work", "--address", "ada@example.org", "--no-discover",
        "--imap", f"{incoming.host}:{incoming.port}", "--oauth", "Testmail",
        "--client-id", CLIENT_ID, "--oauth-authorize-url", urls.authorize_url,
        "--oauth-token-url", urls.token_url, "--oauth-scope", "mail",
    )  # fmt: skip
    assert ran.status == 1
    assert ran.err == (
        "martlet: Testmail did not let you sign in. (The <b>person</b> said no (access_denied))\n"
    )
    assert world.person.ok("account", "list", "--json").out == ""
    assert os.path.exists(world.person.profile)


def test_without_a_client_id_it_is_said_where_to_get_one(tmp_path: Path) -> None:
    said = Cli(tmp_path / "profile").refused(
        "account", "add", "g", "--address", "someone@gmail.com", "--oauth", "--no-discover",
        "--imap", "imap.gmail.com",
    )  # fmt: skip
    assert "needs a client id of your own" in said
