"""Mail merge and templates in the engine: one entry a row, all or none, taken back, kept alive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.letters import Letters
from martlet.engine.merging import SPARE_BYTES, Merges
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.changes import Change, Merging
from martlet.mail.errors import Refused
from martlet.mail.identity import Signature, Signing
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutboxState, OutgoingPart
from martlet.mail.writing import Template, TemplateId, TemplateKind
from martlet.paths import Profile
from martlet.store import outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.living import living_blobs
from martlet.store.reader import Reader

NOW = 1_800_000_000.0
NEW = DraftId(0)
ROWS = [
    {"mail": "anna@example.org", "Name": "Anna Berg", "sum": "5"},
    {"mail": "Bruno <bruno@example.org>", "Name": "", "sum": "7\r\nBcc: evil@example.org"},
    {"mail": "王 <wang@example.cn>", "Name": "", "sum": "<b>9</b>"},
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path), clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def account(engine: Engine) -> AccountId:
    return engine.account_add(
        Account(
            AccountId(0),
            "out",
            "ada@example.org",
            "Ada",
            outgoing=Server(Protocol.SMTP, "127.0.0.1", 1, Security.NONE, "a"),
            secret=SecretSource.ASK,
        ),
        "secret",
    )


def letter(
    account: AccountId,
    parts: tuple[OutgoingPart, ...] = (),
    number: DraftId = NEW,
    html: str | None = None,
) -> Draft:
    everybody = (Address("", "everybody@example.org"),)
    return Draft(
        number, account, everybody, everybody, everybody, "Sum {{sum}}",
        "Dear {{to.first|friend}}, {{sum}} on {{date}}.", html, parts,
    )  # fmt: skip


def merge(engine: Engine, draft: Draft, rows: list[dict[str, str]]) -> list[int]:
    found = engine.merge(draft, rows, "mail", 10.0, 2.0, {"date": "today"}, "ticket")
    return [int(one) for one in found]


def test_one_entry_a_row_to_that_one_alone(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    told: list[Change] = []
    engine.listen(told.append)
    saved = engine.save_draft(letter(account))
    found = merge(engine, letter(account, number=saved, html="<div>{{sum}}</div>"), ROWS)
    reader = Reader(tmp_path)
    entries = reader.outbox()
    assert [entry.id for entry in entries] == found
    assert [entry.recipients for entry in entries] == [
        ("anna@example.org",), ("bruno@example.org",), ("wang@example.cn",)
    ]  # fmt: skip
    assert [entry.not_before for entry in entries] == [NOW + 10, NOW + 12, NOW + 14]
    assert len({entry.message_id for entry in entries}) == 3
    assert reader.drafts() == []
    blobs = Blobs(tmp_path, read_only=True)
    texts = []
    for entry, row in zip(entries, ROWS, strict=True):
        raw = blobs.get(entry.blob)
        assert raw is not None
        mail = message_from_bytes(raw, policy=policy.default)
        assert str(mail["To"].addresses[0]).endswith(f"{entry.recipients[0]}>")
        assert mail["Cc"] is None
        assert mail["Bcc"] is None
        assert mail["Message-ID"] == entry.message_id
        assert mail["Subject"] == "Sum " + " ".join(row["sum"].split())
        html = mail.get_body(("html",))
        assert html is not None
        texts.append(html.get_content())
    assert "&lt;b&gt;9&lt;/b&gt;" in texts[2]
    assert Merging("ticket", 3, 3) in told


def test_all_or_none(engine: Engine, account: AccountId, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Row 2"):
        merge(engine, letter(account), [ROWS[0], {"mail": "nobody"}, ROWS[2]])
    assert Reader(tmp_path).outbox() == []
    with pytest.raises(Refused):
        merge(engine, letter(account), [])
    lost = OutgoingPart("lost.pdf", "application/pdf", 3, "0" * 64)
    with pytest.raises(Exception, match=r"lost\.pdf"):
        merge(engine, letter(account, parts=(lost,)), ROWS)
    assert Reader(tmp_path).outbox() == []


def test_one_that_is_stopped_queues_nothing(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    engine.listen(lambda change: _stop(engine, change))
    with pytest.raises(Refused, match="stopped"):
        merge(engine, letter(account), ROWS)
    assert Reader(tmp_path).outbox() == []


def test_all_are_taken_back_at_once(engine: Engine, account: AccountId, tmp_path: Path) -> None:
    draft = letter(account)
    found = engine.merge(draft, ROWS, "mail", 10.0, 1.0, {}, "")
    first = engine.outbox_cancel(found[0])
    taken = engine.take_back_merge(found, draft)
    assert (taken.taken, taken.left) == (2, 1)
    reader = Reader(tmp_path)
    assert reader.outbox() == []
    kept = reader.draft(taken.draft)
    assert kept is not None
    assert (kept.text, kept.subject) == (draft.text, draft.subject)
    alone = reader.draft(first)
    assert alone is not None
    assert alone.subject == "Sum 5"


def test_a_letter_is_merged_or_sent_once(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    saved = engine.save_draft(letter(account))
    draft = replace(letter(account, number=saved), key="k" * 24)
    merge(engine, draft, ROWS)
    with pytest.raises(Refused, match="outbox already"):
        merge(engine, draft, ROWS)
    with pytest.raises(Refused, match="outbox already"):
        merge(engine, replace(draft, id=NEW), ROWS)
    with pytest.raises(Refused, match="outbox already"):
        engine.send(replace(draft, id=NEW), 10.0)
    assert len(Reader(tmp_path).outbox()) == 3


def test_a_letter_taken_back_after_some_went_is_gone_on_with(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    saved = engine.save_draft(letter(account))
    reader = Reader(tmp_path)
    draft = reader.draft(saved)
    assert draft is not None
    found = engine.merge(draft, ROWS, "mail", 10.0, 1.0, {}, "")
    with Database(tmp_path).write() as tx:
        outbox.set_state(tx, found[0], OutboxState.FILED)
        outbox.set_state(tx, found[1], OutboxState.FAILED, problem="No.")
    taken = engine.take_back_merge(found, draft)
    assert (taken.taken, taken.left, taken.gone) == (1, 2, tuple(found[:2]))
    # What is written from now on is kept, and can be sent to others.
    again = replace(draft, id=taken.draft, text="after an hour of new words")
    engine.save_draft(again, True)
    assert [one.text for one in reader.drafts()] == [again.text]
    engine.outbox_cancel(found[1])
    assert {one.text for one in reader.drafts()} > {again.text}
    assert len(engine.merge(again, ROWS[2:], "mail", 10.0, 1.0, {}, "")) == 1


def test_the_first_taken_back_alone_is_a_letter_of_its_own(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    saved = engine.save_draft(letter(account))
    reader = Reader(tmp_path)
    draft = reader.draft(saved)
    assert draft is not None
    found = engine.merge(draft, ROWS, "mail", 10.0, 1.0, {}, "")
    engine.outbox_cancel(found[0])
    engine.take_back_merge(found, draft)
    assert sorted(one.subject for one in reader.drafts()) == ["Sum 5", "Sum {{sum}}"]


def test_letters_share_what_is_attached_and_too_much_of_it_is_refused(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    part = engine.attach_bytes("plan.pdf", "application/pdf", b"x" * 200_000)
    found = engine.merge(letter(account, parts=(part,)), ROWS, "mail", 10.0, 0.0, {}, "")
    assert len(found) == 3
    assert part.blob in living_blobs(Database(tmp_path))
    with pytest.raises(Refused, match="too many"):
        engine.merge(letter(account, parts=(part,)), ROWS[:1] * 10_000, "mail", 0.0, 0.0, {}, "")
    assert len(Reader(tmp_path).outbox()) == 3


def test_templates_are_kept_changed_and_removed(engine: Engine, tmp_path: Path) -> None:
    part = engine.attach_bytes("logo.png", "image/png", b"png")
    first = Template(TemplateId(0), TemplateKind.TEMPLATE, " Report\n1 ", parts=(part,))
    number = engine.save_template(first)
    reader = Reader(tmp_path)
    kept = reader.templates()
    assert [(one.id, one.name, one.parts, one.updated) for one in kept] == [
        (number, "Report 1", (part,), NOW)
    ]
    assert reader.templates(TemplateKind.SNIPPET) == []
    assert part.blob in living_blobs(Database(tmp_path))
    engine.save_template(replace(kept[0], subject="s\ud800"))
    assert reader.templates()[0].subject == "s?"
    engine.remove_template(number)
    engine.remove_template(number)
    assert reader.templates() == []
    engine.save_template(kept[0])
    assert reader.templates()[0].id == number


@pytest.mark.parametrize(
    "wrong",
    [
        Template(TemplateId(0), TemplateKind.SNIPPET, " "),
        Template(TemplateId(0), TemplateKind.SNIPPET, "x" * 201),
        Template(TemplateId(0), TemplateKind.SNIPPET, "b", "two words"),
        Template(TemplateId(0), TemplateKind.SNIPPET, "b", "TNX"),
        Template(TemplateId(0), TemplateKind.TEMPLATE, "b", "ab"),
    ],
)
def test_what_cannot_be_kept_is_refused(engine: Engine, wrong: Template) -> None:
    engine.save_template(Template(TemplateId(0), TemplateKind.SNIPPET, "a", "tnx"))
    with pytest.raises(Refused):
        engine.save_template(wrong)


def test_pictures_of_signatures_are_kept(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    logo = engine.attach_bytes("logo.png", "image/png", b"logo")
    other = engine.attach_bytes("other.png", "image/png", b"other")
    signing = Signing(html="<b>x</b>", parts=(logo,), more=(Signature("s", parts=(other,)),))
    stored = Reader(tmp_path).account("out")
    assert stored is not None
    engine.account_edit(replace(stored, signature="x", signing=signing), "")
    assert {logo.blob, other.blob} <= living_blobs(Database(tmp_path))
    again = Reader(tmp_path).account("out")
    assert again is not None
    assert again.every_identity()[0].signing == signing


def test_an_account_kept_by_an_older_version_still_opens(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    database = Database(tmp_path)
    with database.write() as tx:
        row = tx.query("SELECT settings FROM account")[0][0]
        assert '"signing"' in row
        tx.execute("UPDATE account SET settings = json_remove(settings, '$.signing')")
    stored = Reader(tmp_path).account("out")
    assert stored is not None
    assert stored.signing == Signing()


def _stop(engine: Engine, change: Change) -> None:
    if isinstance(change, Merging):
        engine.stop_merge(change.ticket)


def test_letters_of_a_merge_for_later_know_their_time(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    later = NOW + 3600.0
    merge(engine, replace(letter(account), send_at=later), ROWS)
    times = [(entry.not_before, entry.send_at) for entry in Reader(tmp_path).outbox()]
    assert times == [(at, at) for at in (later, later + 2, later + 4)]


@pytest.mark.parametrize("pace", [float("nan"), float("-inf"), -3.0])
def test_a_pace_that_is_none(
    engine: Engine, account: AccountId, tmp_path: Path, pace: float
) -> None:
    engine.merge(letter(account), ROWS, "mail", 10.0, pace, {"date": "x"}, "")
    assert {entry.not_before for entry in Reader(tmp_path).outbox()} == {NOW + 10.0}


def test_what_was_stopped_without_a_ticket_stops_nothing(
    engine: Engine, account: AccountId
) -> None:
    engine.stop_merge("")
    found = engine.merge(letter(account), ROWS, "mail", 10.0, 1.0, {"date": "x"}, "")
    assert len(found) == len(ROWS)


def test_what_the_disk_has_no_room_for_is_refused_before_it_is_full(
    engine: Engine, account: AccountId, tmp_path: Path
) -> None:
    """After the first letter, whose size is known then, and later where others took the room."""
    size = 3_000_000
    part = engine.attach_bytes("film.mp4", "video/mp4", bytes(size))
    draft = letter(account, (part,))
    database, blobs = Database(tmp_path), Blobs(tmp_path)
    letters = Letters(database, blobs, clock=lambda: NOW, account=lambda _id: known(tmp_path))
    asked: list[int] = []

    def merged(*free: int) -> int:
        asked.clear()
        left = iter(free)
        merges = Merges(
            database,
            blobs,
            letters,
            account=lambda _id: known(tmp_path),
            clock=lambda: NOW,
            tell=lambda change: asked.append(change.done if isinstance(change, Merging) else 0),
            room=lambda: next(left),
        )
        return len(merges.merge(draft, ROWS, "mail", 0.0, 0.0, {"date": ""}, ""))

    enough = SPARE_BYTES + 10 * size
    with pytest.raises(Refused, match="not enough room on the disk"):
        merged(SPARE_BYTES + 2 * size)
    assert not asked
    with pytest.raises(Refused, match="not enough room on the disk"):
        merged(enough, SPARE_BYTES + size, enough)
    assert asked == [1]
    assert merged(enough, SPARE_BYTES + 2 * size, SPARE_BYTES) == 3
    database.close()
    blobs.close()


def known(profile: Path) -> Account:
    return Reader(profile).accounts()[0]
