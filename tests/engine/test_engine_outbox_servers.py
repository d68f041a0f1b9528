"""The outbox with several letters, identities with servers of their own, and trouble of each."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.postman import NO_REPORT
from martlet.mail.account import (
    Account,
    AccountId,
    Protocol,
    SecretSource,
    Security,
    Server,
    WorkerState,
)
from martlet.mail.changes import Change, DeliveryChanged, Notice, Progress, Unit
from martlet.mail.identity import Identity
from martlet.mail.message import Address
from martlet.mail.outgoing import (
    DeliveryKind,
    Draft,
    DraftId,
    OutboxEntry,
    OutboxState,
    SendOptions,
)
from martlet.mail.sign_in import part_of_identity
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.scripted import Conversation, Script, Scripted, close, expect, read_to, send
from support.watching import Watch

START = 1_760_000_000.0
BRUNO = "bruno@example.org"
PLAIN = SendOptions()


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    engine: Engine
    reader: Reader
    clock: Clock
    changes: list[Change]

    def add(
        self, server: Server, *identities: Identity, secrets: dict[str, str] | None = None
    ) -> AccountId:
        made = Account(
            AccountId(0),
            "out",
            "ada@example.org",
            outgoing=server,
            secret=SecretSource.ASK,
            identities=identities,
        )
        return self.engine.account_add(made, "secret", secrets or {})

    def write(
        self,
        account: AccountId,
        subject: str,
        *,
        text: str = "x",
        sender: Address | None = None,
        options: SendOptions = PLAIN,
    ) -> None:
        draft = Draft(DraftId(0), account, (Address("", BRUNO),), subject=subject, text=text)
        self.engine.send(replace(draft, sender=sender, options=options), 0.0)

    def sync(self) -> str:
        (report,) = self.engine.sync([], False)
        return report.error

    def states(self) -> dict[str, OutboxState]:
        return {one.subject: one.state for one in self.reader.outbox()}

    def only(self) -> OutboxEntry:
        (entry,) = self.reader.outbox()
        return entry


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    engine = Engine(Profile(tmp_path), clock=clock)
    reader = Reader(tmp_path)
    changes: list[Change] = []
    engine.listen(changes.append)
    yield Desk(engine, reader, clock, changes)
    engine.close()
    reader.close()


def hello(*offers: str, user: str = "AUTH PLAIN", said: str = "235 in") -> Script:
    lines = "".join(f"250-{offer}\r\n" for offer in offers)
    return [
        send("220 mx ESMTP\r\n"), expect("EHLO"), send(f"250-mx\r\n{lines}250 AUTH PLAIN\r\n"),
        expect(user), send(f"{said}\r\n"),
    ]  # fmt: skip


BYE: Script = [expect("QUIT"), send("221 bye\r\n")]
AGAIN: Script = [expect("RSET"), send("250 ok\r\n")]


def letter(
    recipient: str = "250 ok", end: str = "250 queued", sender: str = "ada@example.org"
) -> Script:
    begin: Script = [
        expect(f"MAIL FROM:<{sender}>"), send("250 ok\r\n"),
        expect("RCPT TO"), send(f"{recipient}\r\n"),
    ]  # fmt: skip
    if not recipient.startswith("250"):
        return begin
    return [
        *begin, expect("DATA"), send("354 go\r\n"), read_to(b"\r\n.\r\n"), send(f"{end}\r\n"),
    ]  # fmt: skip


def test_many_letters_over_one_connection_and_one_is_refused(desk: Desk) -> None:
    script = [
        *hello(), *letter(), *AGAIN, *letter("550 5.1.1 no such user"), *AGAIN, *letter(), *BYE,
    ]  # fmt: skip
    with Scripted(script) as server:
        account = desk.add(server.account(Protocol.SMTP))
        for subject in ("one", "two", "three"):
            desk.write(account, subject)
        assert desk.sync() == ""
        assert server.connections == 1
    assert desk.states() == {"two": OutboxState.FAILED}
    entry = desk.only()
    (line,) = desk.reader.deliveries(entry.message_id)
    assert (line.kind, line.recipient, line.status) == (DeliveryKind.REFUSED, BRUNO, "5.1.1")
    assert line.said.startswith("There is no such address. The server said: ")
    assert DeliveryChanged(entry.message_id) in desk.changes
    assert [one.summary for one in desk.changes if isinstance(one, Notice)] == [
        f"“two”: {entry.problem}"
    ]


def test_a_server_that_is_not_there_holds_only_its_own(desk: Desk) -> None:
    with Scripted([close()]) as gone:
        place = gone.account(Protocol.SMTP)
    with Scripted([*hello(), *letter(sender="shop@example.org"), *BYE]) as server:
        shop = Identity(1, "shop@example.org", "Shop", outgoing=server.account(Protocol.SMTP))
        account = desk.add(place, shop)
        desk.write(account, "waits")
        desk.write(account, "waits too")
        desk.write(account, "goes", sender=Address("Shop", "shop@example.org"))
        assert desk.sync() == ""
    assert desk.states() == {"waits": OutboxState.QUEUED, "waits too": OutboxState.QUEUED}
    for entry in desk.reader.outbox():
        assert "refused the connection" in entry.problem
        assert (entry.attempts, entry.identity) == (1, 0)
        assert START < entry.not_before < START + 10


def test_what_waited_for_a_server_goes_when_it_is_back(desk: Desk) -> None:
    with Scripted([close()], [*hello(), *letter(), *AGAIN, *letter(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "waits")
        desk.sync()
        assert desk.only().attempts == 1
        # Looking for mail ends the pause of what has failed before.
        desk.write(account, "new")
        assert desk.sync() == ""
    assert desk.states() == {}


def test_a_server_that_is_back_but_busy_is_not_hurried(desk: Desk) -> None:
    busy = [*hello(), *letter("450 4.2.1 greylisted"), *BYE]
    with Scripted([close()], busy) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "waits")
        desk.sync()
        desk.sync()
    entry = desk.only()
    assert (entry.attempts, entry.results[0].code) == (2, 450)
    assert entry.not_before > START + 10


def test_an_identity_has_its_own_server_password_and_address(desk: Desk) -> None:
    with (
        Scripted([close()]) as main,
        Scripted(
            [*hello(user="AUTH PLAIN AHNob3AAc2hvcC1zZWNyZXQ="),
             *letter(sender="shop+7@example.org"), *BYE]
        ) as server,
    ):  # fmt: skip
        place = server.account(Protocol.SMTP, user="shop")
        shop = Identity(4, "shop@example.org", "Shop", "answers@example.org", outgoing=place)
        secrets = {part_of_identity(4): "shop-secret"}
        account = desk.add(main.account(Protocol.SMTP), shop, secrets=secrets)
        desk.write(account, "offer", sender=Address("Shop", "shop+7@example.org"))
        assert desk.sync() == ""
        assert main.connections == 0
        said = b"".join(server.heard[0])
    assert b"From: Shop <shop+7@example.org>\r\n" in said
    assert b"Reply-To: answers@example.org\r\n" in said
    assert (
        b"@example.org>\r\n"
        in next(line for line in said.split(b"\n") if line.startswith(b"Message-ID")) + b"\n"
    )
    assert desk.states() == {}


def test_an_identity_whose_password_is_refused_fails_alone(desk: Desk) -> None:
    bad = [*hello(said="535 5.7.8 no"), close()]
    with Scripted(bad) as shop_server, Scripted([*hello(), *letter(), *BYE]) as server:
        shop = Identity(1, "shop@example.org", outgoing=shop_server.account(Protocol.SMTP))
        account = desk.add(server.account(Protocol.SMTP), shop)
        for subject in ("one", "two"):
            desk.write(account, subject, sender=Address("", "shop@example.org"))
        desk.write(account, "goes")
        assert desk.sync() == ""
        desk.sync()
        assert shop_server.connections == 1
    assert desk.states() == {"one": OutboxState.FAILED, "two": OutboxState.FAILED}
    assert "password" in desk.reader.outbox()[0].problem


def test_without_a_password_nobody_is_asked_and_the_letter_waits(desk: Desk) -> None:
    with Scripted([*hello(), *letter(), *BYE]) as server:
        place = Server(Protocol.SMTP, "shop.invalid", 587, Security.STARTTLS, "shop")
        account = desk.add(
            server.account(Protocol.SMTP), Identity(1, "shop@example.org", outgoing=place)
        )
        desk.write(account, "waits", sender=Address("", "shop@example.org"))
        desk.write(account, "goes")
        assert desk.sync() == ""
        desk.sync()
    entry = desk.only()
    assert (entry.subject, entry.state) == ("waits", OutboxState.QUEUED)
    assert entry.problem == "The password for shop.invalid is needed."
    assert entry.not_before > START
    assert len([one for one in desk.changes if isinstance(one, Notice)]) == 1


def test_the_accounts_password_is_needed_for_an_identity_on_its_host(tmp_path: Path) -> None:
    with Scripted([*hello(), *letter(sender="shop@example.org"), *BYE]) as server:
        place = server.account(Protocol.SMTP)
        made = Account(
            AccountId(0), "out", "ada@example.org", outgoing=replace(place, port=1),
            secret=SecretSource.ASK, identities=(Identity(1, "shop@example.org", outgoing=place),),
        )  # fmt: skip
        for turn in ("forgotten", "asked"):
            engine = Engine(Profile(tmp_path))
            if turn == "forgotten":
                account = engine.account_add(made, "secret")
                to = (Address("", BRUNO),)
                shop = Address("", "shop@example.org")
                engine.send(Draft(DraftId(0), account, to, sender=shop), 0.0)
            else:
                (report,) = engine.sync([], False)
                assert report.error == "The password of out is needed."
                assert Reader(tmp_path).outbox()[0].state is OutboxState.QUEUED
                watch = Watch(engine)
                engine.set_password(account, "secret")
                watch.state(account, Protocol.SMTP, WorkerState.STOPPED)
                engine.sync([], False)
            engine.close()
    assert Reader(tmp_path).outbox() == []


def test_a_refused_password_is_tried_once_and_other_ways_are_open(desk: Desk) -> None:
    bad = [*hello(said="535 5.7.8 no"), close()]
    with (
        Scripted(bad) as server,
        Scripted([*hello(), *letter(sender="shop@example.org"), *BYE]) as shop_server,
    ):
        shop = Identity(1, "shop@example.org", outgoing=shop_server.account(Protocol.SMTP))
        account = desk.add(server.account(Protocol.SMTP), shop)
        desk.write(account, "one")
        desk.write(account, "two")
        desk.write(account, "goes", sender=Address("", "shop@example.org"))
        assert "password" in desk.sync()
        assert "password" in desk.sync()
        assert server.connections == 1
    assert desk.states() == {"one": OutboxState.QUEUED, "two": OutboxState.QUEUED}


def test_a_letter_taken_back_is_for_those_who_have_not_got_it(desk: Desk) -> None:
    some = [
        *hello(), expect("MAIL"), send("250 ok\r\n"), expect("RCPT"), send("250 ok\r\n"),
        expect("RCPT"), send("450 4.2.1 full today\r\n"), expect("DATA"), send("354 go\r\n"),
        read_to(b"\r\n.\r\n"), send("250 queued\r\n"), *BYE,
    ]  # fmt: skip
    with Scripted(some) as server:
        account = desk.add(server.account(Protocol.SMTP))
        to = (Address("", BRUNO), Address("Carla", "carla@example.org"))
        desk.engine.send(Draft(DraftId(0), account, to, subject="both"), 0.0)
        desk.sync()
    entry = desk.only()
    assert (entry.state, entry.recipients) == (OutboxState.QUEUED, ("carla@example.org",))
    assert [one.code for one in entry.results] == [250, 450]
    draft = desk.reader.draft(desk.engine.outbox_cancel(entry.id))
    assert draft is not None
    assert draft.to == (to[1],)


def test_a_token_that_runs_out_between_letters_is_asked_for_anew(
    desk: Desk, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("secret")

    def change(_talk: Conversation) -> None:
        token.write_text("newer")

    newer = "AUTH PLAIN AGFkYQBuZXdlcg=="
    with Scripted(
        [*hello(), *letter(), change, close()],
        [*hello(said="535 5.7.8 expired"), close()],
        [*hello(user=newer), *letter(), *AGAIN, *letter(), *BYE],
    ) as server:
        account = desk.engine.account_add(
            Account(
                AccountId(0),
                "out",
                "ada@example.org",
                outgoing=server.account(Protocol.SMTP),
                secret=SecretSource.COMMAND,
                password_command=f"cat {token}",
            ),
            "",
        )
        for subject in ("one", "two", "three"):
            desk.write(account, subject)
        assert desk.sync() == ""
    assert desk.states() == {}


def test_put_off_for_a_day(desk: Desk) -> None:
    busy = [*hello(), *letter("450 4.2.1 greylisted"), *BYE]
    with Scripted(busy, busy, busy, [*hello(), *letter(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "later")
        desk.sync()
        assert desk.only().state is OutboxState.QUEUED
        desk.clock.now += 3600
        desk.sync()
        entry = desk.only()
        assert (entry.state, entry.attempts) == (OutboxState.QUEUED, 2)
        desk.clock.now += 23 * 3600
        desk.sync()
        failed = desk.only()
        assert failed.state is OutboxState.FAILED
        assert failed.problem.startswith("It could not be sent within 24 hours. ")
        kinds = [one.kind for one in desk.reader.deliveries(entry.message_id)]
        assert kinds == [DeliveryKind.DEFERRED, DeliveryKind.REFUSED]
        # By hand it is tried again, with a day of its own.
        desk.engine.outbox_retry(failed.id)
        desk.sync()
    assert desk.states() == {}
    last = desk.reader.deliveries(entry.message_id)[-2:]
    assert [one.kind for one in last] == [DeliveryKind.ACCEPTED, DeliveryKind.FILED]


def test_reports_are_asked_for(desk: Desk) -> None:
    script = [*hello("DSN", "PIPELINING"), read_to(b"DATA\r\n"), close()]
    with Scripted(script) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "tell me", options=SendOptions(dsn=True))
        desk.sync()
        said = b"".join(server.heard[0])
    entry = desk.only()
    assert f"ENVID={entry.envelope_id}".encode() in said
    assert b"NOTIFY=SUCCESS" in said
    assert len(entry.envelope_id) == 32


def test_a_server_without_reports_is_told_of(desk: Desk) -> None:
    with Scripted([*hello(), *letter(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "tell me", options=SendOptions(dsn=True))
        message_id = desk.only().message_id
        desk.sync()
    assert desk.reader.deliveries(message_id)[0].said == NO_REPORT


def test_what_must_be_safe_is_not_sent_in_the_clear(desk: Desk) -> None:
    with Scripted([*hello(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "safely", options=SendOptions(require_tls=True))
        desk.sync()
    entry = desk.only()
    assert entry.state is OutboxState.FAILED
    assert "REQUIRETLS" in entry.problem
    assert [one.kind for one in desk.reader.deliveries(entry.message_id)] == [DeliveryKind.REFUSED]


def test_a_long_upload_tells_how_far_it_is(desk: Desk) -> None:
    with Scripted([*hello(), *letter(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "big", text="0123456789" * 300_000)
        desk.sync()
    told = [one for one in desk.changes if isinstance(one, Progress)]
    assert {(one.account_id, one.what, one.unit) for one in told} == {(account, "big", Unit.BYTES)}
    assert all(one.outbox_id for one in told)
    assert told[-1].done == told[-1].total > 3_000_000
    assert len(told) < 40


def test_a_full_disk_after_the_servers_yes_is_not_sent_again(desk: Desk) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(_talk: Conversation) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    script = [*hello(), *letter()]
    with Scripted([*script[:-1], fill, script[-1], *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "once")
        try:
            assert "disk" in desk.sync()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        entry = desk.only()
        assert entry.state is OutboxState.SENDING
        assert desk.sync() == ""
        assert server.connections == 1
    assert desk.states() == {}
    kinds = [one.kind for one in desk.reader.deliveries(entry.message_id)]
    assert kinds == [DeliveryKind.ACCEPTED, DeliveryKind.FILED]


def test_a_kill_while_connecting_has_sent_nothing(desk: Desk) -> None:
    """What a server hears before it has signed anybody in cannot be a letter."""
    seen: list[OutboxState] = []

    def look(_talk: Conversation) -> None:
        seen.append(desk.only().state)

    signing = hello()
    with Scripted([*signing[:-1], look, signing[-1], *letter(), *BYE]) as server:
        account = desk.add(server.account(Protocol.SMTP))
        desk.write(account, "hi")
        desk.sync()
    assert seen == [OutboxState.QUEUED]
