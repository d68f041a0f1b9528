"""Files of letters through Postfix and Dovecot: byte for byte, whatever is in them and however they
are called; and what is lost on the way is said."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.errors import StoreError
from martlet.mail.folder import Role
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId, OutboxState, OutgoingPart
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import SIZE_LIMIT, Postfix, mail_host, unusable

pytestmark = pytest.mark.skipif(unusable() != "", reason=unusable() or "usable")

Host = tuple[Dovecot, Postfix]
NOISE = random.Random(9)
FILES = {
    "crlf.txt": b"one\r\ntwo\r\n\r\n.\r\nFrom here\r\n",
    "lf 行.txt": b"one\ntwo\n.\nFrom here\n\n",
    "cr.txt": b"one\rtwo\r",
    "no end.csv": "a;b;ü".encode("latin-1"),
    "nul\u2002space.bin": bytes(range(256)) * 300,
    "Überblick – 报告.pdf": NOISE.randbytes(10_000_000),
    "page.html": b"<script>alert(1)</script>",
    "old.eml": b"Subject: inner\nFrom: a@b.example\n\n.\nFrom here\nwords\n",
    "eight.eml": "Subject: inner ü\r\n\r\nwörds\r\n".encode(),
    "مرفق.docx": NOISE.randbytes(57 * 1000),
    "empty": b"",
    "dots.txt": b"." * 200_000,
}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with mail_host() as servers:
        yield servers


def account(host: Host, user: str) -> Account:
    return Account(
        AccountId(0),
        user,
        f"{user}@example.org",
        incoming=host[0].server(Protocol.IMAP, user),
        outgoing=host[1].server(user),
        secret=SecretSource.ASK,
        ca_file=host[0].ca_file,
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path / "profile"))
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path, engine: Engine) -> Iterator[Reader]:
    made = Reader(tmp_path / "profile")
    yield made
    made.close()


def pass_over(engine: Engine, account_id: AccountId) -> None:
    assert [report.error for report in engine.sync([account_id], False)] == [""]


def newest(reader: Reader, account_id: AccountId, role: Role) -> MessageId:
    folder = next(each for each in reader.folders(account_id) if each.role is role)
    return reader.page(folder.id, None, 1)[0].id


def letter(sender: AccountId, parts: tuple[OutgoingPart, ...], subject: str) -> Draft:
    to = (Address("Bruno", "bruno@example.org"),)
    return Draft(
        DraftId(0), sender, to, subject=subject, html="<p>Here.</p>", text="Here.", parts=parts
    )


def files_of(raw: bytes) -> dict[str, Message]:
    """By another parser; those of an attached message are its own."""
    whole = message_from_bytes(raw)
    parts = whole.get_payload()
    assert isinstance(parts, list)
    found = {}
    for part in parts[1:]:
        assert isinstance(part, Message)
        found[str(part.get_filename())] = part
    return found


def test_all_files_arrive_as_they_were(
    engine: Engine, reader: Reader, host: Host, tmp_path: Path
) -> None:
    ada = engine.account_add(account(host, "ada"), "secret")
    bruno = engine.account_add(account(host, "bruno"), "secret")
    home = tmp_path / "home"
    home.mkdir()
    parts = []
    for name, data in FILES.items():
        (home / name).write_bytes(data)
        parts.append(engine.attach_file(str(home / name)))
        (home / name).unlink()
    zipped = home / "zipped"
    zipped.mkdir()
    (zipped / "in.txt").write_text("in it")
    parts.append(engine.attach_folder(str(zipped)))
    assert reader.size_limit(ada) == SizeLimit()
    engine.ask_size_limit(ada)
    assert reader.size_limit(ada) == SizeLimit(SIZE_LIMIT, sure=False)
    engine.send(letter(ada, tuple(parts), "Files"), 0.0)
    pass_over(engine, ada)
    assert reader.outbox() == []
    assert reader.size_limit(ada) == SizeLimit(SIZE_LIMIT, sure=True)
    host[1].wait_until_delivered()
    pass_over(engine, bruno)
    arrived = newest(reader, bruno, Role.INBOX)
    rendered = engine.render(arrived, wait=True)
    ours = {each.filename: each.part for each in rendered.attachments}
    others = files_of(engine.raw_message(arrived))
    assert [part.name for part in parts] == list(others)
    for part, data in zip(parts, FILES.values(), strict=False):
        if part.name == "old.eml":
            data = data.replace(b"\n", b"\r\n")
            inner = others[part.name].get_payload()
            assert isinstance(inner, list)
            assert isinstance(inner[0], Message)
            assert inner[0]["Subject"] == "inner"
            assert others[part.name].get_content_type() == "message/rfc822"
        else:
            assert others[part.name].get_payload(decode=True) == data
        got = engine.part_bytes(arrived, ours[part.name])
        assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest(), part.name
    assert {part.get_content_disposition() for part in others.values()} == {"attachment"}
    pass_over(engine, ada)
    copy = engine.raw_message(newest(reader, ada, Role.SENT))
    assert list(files_of(copy)) == list(others)
    # A whole message goes as it is.
    again = engine.attach_message(arrived)
    engine.send(letter(ada, (again,), "Passed on"), 0.0)
    pass_over(engine, ada)
    host[1].wait_until_delivered()
    pass_over(engine, bruno)
    passed = newest(reader, bruno, Role.INBOX)
    (shown,) = engine.render(passed, wait=True).attachments
    assert shown.filename == "Files.eml"
    assert engine.part_bytes(passed, shown.part) == engine.raw_message(arrived)


def test_a_built_letter_that_is_damaged_is_not_sent(
    engine: Engine, reader: Reader, host: Host, tmp_path: Path
) -> None:
    ada = engine.account_add(account(host, "ada"), "secret")
    file = tmp_path / "big.bin"
    file.write_bytes(NOISE.randbytes(6_000_000))
    part = engine.attach_file(str(file))
    stored = tmp_path / "profile" / "blobs"
    (attached,) = stored.rglob("*.zst")
    engine.send(letter(ada, (part,), "Damaged"), 0.0)
    (built,) = [path for path in stored.rglob("*.zst") if path != attached]
    packed = bytearray(built.read_bytes())
    packed[len(packed) // 2] ^= 255
    built.write_bytes(packed)
    pass_over(engine, ada)
    (entry,) = reader.outbox()
    assert entry.state is OutboxState.FAILED
    assert entry.problem == "The mail store is damaged and cannot be read."
    # The letter is still there to be written anew, and says which file is missing if one is.
    draft = reader.draft(engine.outbox_cancel(entry.id))
    assert draft is not None
    assert draft.parts == (part,)
    attached.unlink()
    with pytest.raises(StoreError, match=r"^big\.bin cannot be read"):
        engine.send(draft, 0.0)
    assert reader.draft(draft.id) is not None
