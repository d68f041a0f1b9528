"""The facts of a sender, with a profile's history and its servers' words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.engine.engine import Engine
from martlet.engine.network import Network
from martlet.engine.one_file import OneFile
from martlet.engine.sender_check import SenderCheck
from martlet.mail.account import Account
from martlet.mail.changes import OutboxChanged
from martlet.mail.folder import Role
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.reading import View
from martlet.mail.sender_facts import FactKind, SenderFact, Weight, sentence_of
from martlet.mime.headers import Headers, envelope, parse_headers
from martlet.paths import Profile
from martlet.store import accounts, contacts
from support.dkim_signed import Signer
from support.names import Names
from support.shelf import Shelf
from support.stores import Store, imap

PASS = "Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example\r\n"
BORDER = "Received: from mail.evil.example (mail.evil.example [203.0.113.9]) by mx.example.org\r\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def check(store: Store) -> SenderCheck:
    return SenderCheck(store.db, lambda: accounts.all_accounts(store.db))


def facts(
    store: Store, sender: Address, message_id: MessageId | None = None, block: str = ""
) -> tuple[SenderFact, ...]:
    if message_id is None:
        message_id = store.put(store.inbox, sender=sender)
    text = block or f"From: {sender.name} <{sender.address}>\r\n"
    headers = parse_headers(text.encode() + b"\r\n")
    head = replace(envelope(headers), sender=sender)
    return check(store).facts(message_id, head, headers, ())


def kinds(store: Store, sender: Address, message_id: MessageId | None = None) -> list[FactKind]:
    return [fact.kind for fact in facts(store, sender, message_id)]


ANNA = Address("Anna Berg", "anna@example.net")


def test_first_mail(store: Store) -> None:
    first = store.put(store.inbox, sender=ANNA, date=1000.0)
    assert facts(store, ANNA, first) == (
        SenderFact(FactKind.FIRST_MAIL, Weight.NOTE, ("anna@example.net",)),
    )
    second = store.put(store.inbox, sender=Address("A", "Anna@Example.net"), date=2000.0)
    assert facts(store, ANNA, second) == ()
    # It stays the first, whatever came later.
    assert kinds(store, ANNA, first) == [FactKind.FIRST_MAIL]


def test_a_copy_of_itself_and_a_draft_are_nothing_older(store: Store) -> None:
    first = store.put(store.inbox, sender=ANNA, date=1000.0)
    with store.db.write() as tx:
        own = tx.query("SELECT message_id FROM message WHERE id = ?", (first,))[0][0]
    copy = store.put(store.archive, sender=ANNA, date=999.0)
    assert kinds(store, ANNA, first) == []
    with store.db.write() as tx:
        tx.execute("UPDATE message SET message_id = ? WHERE id = ?", (own, copy))
    assert kinds(store, ANNA, first) == [FactKind.FIRST_MAIL]
    drafts = store.role(store.old, Role.DRAFTS)
    store.put(drafts, sender=ANNA, date=998.0)
    assert kinds(store, ANNA, first) == [FactKind.FIRST_MAIL]


def test_somebody_one_wrote_to_is_known(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [ANNA], when=1.0)
    assert facts(store, ANNA) == ()
    assert facts(store, Address("Anna Berg", "ANNA@example.net")) == ()


def test_oneself_is_known(store: Store) -> None:
    assert facts(store, Address("Home", "home@example.org")) == ()
    assert facts(store, Address("Home", "home+x@EXAMPLE.org")) == ()


def test_an_account_that_is_made_while_they_are_read_is_known_next(store: Store) -> None:
    def read() -> list[Account]:
        found = accounts.all_accounts(store.db)
        if len(found) == 3:
            with store.db.write() as tx:
                accounts.add(tx, imap("new"))
        return found

    checked = SenderCheck(store.db, read)
    me = Address("Me", "new@example.org")
    message, head = store.put(store.inbox, sender=me), parse_headers(b"From: x@example.org\r\n\r\n")
    told = [
        [fact.kind for fact in checked.facts(message, Envelope("s", me, ()), head, ())]
        for _ in range(2)
    ]
    assert [FactKind.FIRST_MAIL in one for one in told] == [True, False]


def test_answers_to_oneself_are_nothing_strange(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [ANNA], when=1.0)
    headers = parse_headers(b"From: anna@example.net\r\nReply-To: home@example.org\r\n\r\n")
    message = store.put(store.inbox, sender=ANNA)
    assert check(store).facts(message, envelope(headers), headers, ()) == ()


def test_a_habit_of_somebody_one_knows_is_not_told_every_day(store: Store) -> None:
    bird = Address("Bird.com", "info@x.example")
    assert FactKind.NAME_IS_SITE in kinds(store, bird)
    with store.db.write() as tx:
        contacts.used(tx, [bird], when=1.0)
    assert kinds(store, bird) == []


def test_who_wrote_often_is_known_unless_into_junk(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [ANNA], when=1.0)
    other = Address("Anna Berg", "anna@other.example")
    letters = [store.put(store.inbox, sender=other, date=float(n)) for n in range(10)]
    assert kinds(store, other, letters[5]) == []
    store.move(store.trash, letters[0])
    assert kinds(store, other, letters[5]) == [FactKind.NAME_OF_CONTACT]


def test_name_of_a_contact(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [ANNA], when=1.0)
    found = facts(store, Address("anna berg", "ab@evil.example"))
    assert found[0] == SenderFact(
        FactKind.NAME_OF_CONTACT, Weight.CAUTION, ("anna berg", "anna@example.net")
    )
    # The same house.
    assert kinds(store, Address("Anna Berg", "anna.berg@mail.example.net")) == [FactKind.FIRST_MAIL]


def test_own_name(tmp_path: Path) -> None:
    store = Store(tmp_path)
    mine = accounts.all_accounts(store.db)
    named = [replace(mine[0], full_name="Ada Home")]
    made = SenderCheck(store.db, lambda: named)
    sender = Address("ada  home", "x@evil.example")
    head = replace(envelope(Headers([])), sender=sender)
    found = made.facts(store.put(store.inbox, sender=sender), head, Headers([]), ())
    assert found[0] == SenderFact(FactKind.OWN_NAME, Weight.CAUTION, ("ada home", "x@evil.example"))


def test_look_alikes(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [Address("", "bob@microsoft.com")], when=1.0)
    found = facts(store, Address("Bob", "bob@rnicrosoft.com"))
    assert found[0] == SenderFact(
        FactKind.LOOK_ALIKE, Weight.WARNING, ("bob@rnicrosoft.com", "bob@microsoft.com")
    )
    found = facts(store, Address("X", "x@micosoft.com"))
    assert found[0] == SenderFact(
        FactKind.LOOK_ALIKE, Weight.CAUTION, ("micosoft.com", "microsoft.com")
    )
    # The own domain is known too.
    found = facts(store, Address("X", "chief@exarnple.org"))
    assert found[0].values == ("exarnple.org", "example.org")


def test_a_writer_in_junk_is_not_somebody_one_knows(store: Store) -> None:
    writer = Address("N", "news@thunderbird.net")
    junk = [store.put(store.trash, sender=writer) for _ in range(5)]
    other = Address("N", "news@thunderbrid.net")
    assert kinds(store, other) == [FactKind.FIRST_MAIL]
    store.move(store.inbox, *junk)
    found = check(store).facts(
        store.put(store.inbox, sender=other), replace(envelope(Headers([])), sender=other),
        Headers([]), (),
    )  # fmt: skip
    assert FactKind.LOOK_ALIKE in [fact.kind for fact in found]


def test_a_forger_does_not_become_known_by_a_few_letters(store: Store) -> None:
    forger = Address("Bob", "bob@rnicrosoft.com")
    letters = [store.put(store.inbox, sender=forger, date=float(n)) for n in range(5)]
    made = check(store)
    head = replace(envelope(Headers([])), sender=forger)
    assert made.facts(letters[4], head, Headers([]), ()) == ()
    # Whom one knows is known later than the forger.
    with store.db.write() as tx:
        contacts.used(tx, [Address("", "bob@microsoft.com")], when=1.0)
        tx.note(OutboxChanged())
    found = made.facts(letters[4], head, Headers([]), ())
    assert [fact.kind for fact in found] == [FactKind.LOOK_ALIKE]


def test_two_houses_with_names_alike_are_both_known(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [Address("", "a@hotels.example"), Address("", "b@hotel.example")])
    assert kinds(store, Address("C", "c@hotel.example")) == [FactKind.FIRST_MAIL]
    assert kinds(store, Address("C", "c@hotels.example")) == [FactKind.FIRST_MAIL]


def test_own_servers_word(store: Store) -> None:
    sender = Address("", "a@bank.example")
    message = store.put(store.inbox, sender=sender)
    block = f"{PASS}{BORDER}From: a@bank.example\r\n"
    assert [one.kind for one in facts(store, sender, message, block)] == [
        FactKind.PASSED,
        FactKind.FIRST_MAIL,
    ]
    forged = f"{BORDER}{PASS}From: a@bank.example\r\n"
    assert [one.kind for one in facts(store, sender, message, forged)] == [FactKind.FIRST_MAIL]
    # Whoever is confirmed, it is not certain that it is the one that is shown.
    twice = f"{PASS}{BORDER}From: a@bank.example\r\nFrom: b@evil.example\r\n"
    found = [one.kind for one in facts(store, sender, message, twice)]
    assert found == [FactKind.SEVERAL_SENDERS, FactKind.FIRST_MAIL]


def test_failed_through_a_list_is_milder(store: Store) -> None:
    sender = Address("", "a@bank.example")
    message = store.put(store.inbox, sender=sender)
    failed = PASS.replace("pass", "fail")
    (fact, _) = facts(store, sender, message, f"{failed}{BORDER}From: a@bank.example\r\n")
    assert (fact.kind, fact.weight) == (FactKind.FAILED, Weight.WARNING)
    listed = f"{failed}{BORDER}List-Id: <l.example>\r\nFrom: a@bank.example\r\n"
    (fact, _) = facts(store, sender, message, listed)
    assert (fact.kind, fact.weight) == (FactKind.FAILED, Weight.CAUTION)


def test_within_another_message_no_server_counts(store: Store) -> None:
    headers = parse_headers(f"{PASS}{BORDER}From: a@bank.example\r\n\r\n".encode())
    assert check(store).facts(None, envelope(headers), headers, ()) == ()


ATTACHED = (
    PASS.encode() + BORDER.encode() + b"From: \"x@y.example\" <a@bank.example>\r\nSubject: s\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
    + PASS.encode() + BORDER.encode() + b"From: a@bank.example\r\n\r\ninner\r\n--b--\r\n"
)  # fmt: skip


def test_the_engine_renders_them(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "profile")
    message = shelf.put(ATTACHED)
    engine = Engine(shelf.profile)
    try:
        engine.start()
        shown = engine.render(message)
        # Its server is localhost, which signs nothing.
        assert [one.kind for one in shown.facts] == [FactKind.NAME_IS_ADDRESS, FactKind.FIRST_MAIL]
        assert engine.render(message, view=View(part="2")).facts == ()
    finally:
        engine.close()


def test_the_engine_checks_signatures(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "profile")
    signer = Signer.ed25519("bank.example")
    letter = b"From: a@bank.example\r\n\r\ntext\r\n"
    # It came in time, in 1970.
    message = shelf.put(signer.sign(letter, names="from", more=" t=1; x=500;"))
    with Names({signer.record_name: [signer.record]}) as names:
        engine = Engine(shelf.profile, network=Network(nameserver=names.place))
        try:
            engine.render(message)
            assert names.asked == []
            (fact,) = engine.check_signature(message)
        finally:
            engine.close()
    assert fact == SenderFact(FactKind.SIGNED, Weight.NOTE, ("bank.example",))


def test_a_file_is_judged_by_its_own_words_alone(tmp_path: Path) -> None:
    one = OneFile(ATTACHED, Profile(tmp_path).open_folder)
    shown = one.render(MessageId(0))
    assert [fact.kind for fact in shown.facts] == [FactKind.NAME_IS_ADDRESS]
    assert one.render(MessageId(0), view=View(part="2")).facts == ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=200))
def test_any_sender(
    tmp_path_factory: pytest.TempPathFactory, name: str, address: str, raw: bytes
) -> None:
    store = _SHARED.get("store") or Store(tmp_path_factory.mktemp("any"))
    _SHARED["store"] = store
    headers = parse_headers(PASS.encode() + BORDER.encode() + b"From: " + raw + b"\r\n\r\n")
    for sender in (Address(name, address), Address(name, f"a@{address}"), envelope(headers).sender):
        head = replace(envelope(headers), sender=sender)
        found = check(store).facts(MessageId(1), head, headers, ())
        assert len(found) <= 8
        for fact in found:
            assert sentence_of(fact).isprintable()


_SHARED: dict[str, Store] = {}


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("straße@example.net", "STRAẞE@example.net"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("MÜLLER@example.net", "müller@example.net"),
        ("İpek@example.net", "i\u0307pek@EXAMPLE.net"),
    ],
)
def test_letters_beyond_ascii_are_the_same_person(store: Store, first: str, again: str) -> None:
    other = Address("Some Body", again)
    written = [FactKind.PUNYCODE] if "xn--" in again else []
    old = store.put(store.inbox, sender=Address("Some Body", first), date=1000.0)
    assert kinds(store, other, old) == [*written, FactKind.FIRST_MAIL]
    new = store.put(store.inbox, sender=other, date=2000.0)
    # It does not look like itself.
    assert kinds(store, other, new) == written
    for place in range(10):
        sender = Address("Bird.com", first if place % 2 else again)
        new = store.put(store.inbox, sender=sender, date=3000.0 + place)
    # So it is known: a habit is not told of.
    assert kinds(store, Address("Bird.com", again), new) == written


def test_whom_one_wrote_to_in_letters_beyond_ascii(store: Store) -> None:
    with store.db.write() as tx:
        contacts.used(tx, [Address("Anna Berg", "STRAẞE@bücher.example")], when=1.0)
    known = kinds(store, Address("Anna Berg", "straße@xn--bcher-kva.example"))
    assert known == [FactKind.PUNYCODE]
    stranger = Address("Anna Berg", "strasse@bücher.example")
    assert FactKind.FIRST_MAIL in kinds(store, stranger)


def test_a_domain_that_folds_to_ones_own_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path)
    mine = [replace(accounts.all_accounts(store.db)[0], address="ada@straße.de")]
    sender = Address("Ada", "ada@strasse.de")
    headers = parse_headers(b"From: Ada <ada@strasse.de>\r\n\r\n")
    message = store.put(store.inbox, sender=sender)
    found = SenderCheck(store.db, lambda: mine).facts(message, envelope(headers), headers, ())
    assert [fact.kind for fact in found] != []
