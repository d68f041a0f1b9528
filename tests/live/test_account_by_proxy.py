"""A whole account by a proxy: testing, receiving, sending, all to a name only the proxy knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Pin, Protocol, SecretSource
from martlet.mail.errors import ErrorKind
from martlet.mail.folder import Role
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.route import ProxyKind, Stage
from martlet.mail.sign_in import PROXY
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable
from support.tunnels import Tunnels

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

ELSEWHERE = "mail.invalid"


@pytest.fixture(scope="module")
def host() -> Iterator[tuple[Dovecot, Postfix]]:
    with mail_host() as servers:
        yield servers


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path / "profile"))
    yield made
    made.close()


def account(host: tuple[Dovecot, Postfix], protocol: Protocol, proxy: Tunnels) -> Account:
    dovecot, postfix = host
    return Account(
        AccountId(0),
        "far",
        "ada@example.org",
        incoming=replace(dovecot.server(protocol), host=ELSEWHERE),
        outgoing=replace(postfix.server("ada"), host=ELSEWHERE),
        secret=SecretSource.ASK,
        pins=(Pin(ELSEWHERE, dovecot.certificates.sha256),),
        proxy=proxy.named(),
    )


@pytest.mark.parametrize("kind", ProxyKind)
@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_an_account_lives_behind_a_proxy(
    engine: Engine,
    host: tuple[Dovecot, Postfix],
    tmp_path: Path,
    protocol: Protocol,
    kind: ProxyKind,
) -> None:
    subject = f"by {kind.value} and {protocol.value}"
    with Tunnels(kind, "eve", "of the proxy") as proxy:
        far = account(host, protocol, proxy)
        steps = engine.account_test(far, host[0].password, {PROXY: "of the proxy"})
        assert all(step.ok for step in steps), steps
        (failed, other) = engine.account_test(far, host[0].password, {PROXY: "wrong"})
        assert {failed.stage, other.stage} == {Stage.CONNECTION}
        assert failed.kind is ErrorKind.AUTH

        far_id = engine.account_add(far, host[0].password, {PROXY: "of the proxy"})
        letter = Draft(
            DraftId(0), far_id, (Address("", "ada@example.org"),), subject=subject, text="Hello."
        )
        engine.send(letter, 0.0)
        for _ in range(2):  # out, and in again
            assert [report.error for report in engine.sync([far_id], False)] == [""]
            host[1].wait_until_delivered()
        reader = Reader(tmp_path / "profile")
        inbox = next(f for f in reader.folders(far_id) if f.role is Role.INBOX)
        assert subject in [row.subject for row in reader.page(inbox.id, None, 100)]
        assert {name for name, _ in proxy.places} == {ELSEWHERE}
        assert len({port for _, port in proxy.places}) == 2
    # With the proxy gone the account is offline, and says whose fault that is.
    (report,) = engine.sync([far_id], False)
    assert report.error.startswith("The proxy 127.0.0.1 port ")
