"""The same message in other ways: an attached one, simple; and what is kept ready of it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.one_file import OneFile
from martlet.link import messages
from martlet.link.dispatch import method_name
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.mail.reading import View
from martlet.mail.sender_facts import FactKind
from support.shelf import Shelf

DEEP = (
    b"From: a@example.org\r\nSubject: outer\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
    b"--o\r\n\r\nouter text\r\n"
    b"--o\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: b@example.org\r\nSubject: middle\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
    b"--m\r\n\r\nmiddle text\r\n"
    b"--m\r\nContent-Type: application/octet-stream; name=m.bin\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nbWlkZGxl\r\n"
    b"--m\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"RnJvbTogY0BleGFtcGxlLm9yZw0KU3ViamVjdDogaW5uZXINCg0KaW5uZXIgdGV4dA0K\r\n--m--\r\n"
    b"--o\r\nContent-Type: text/plain; name=note.txt\r\nContent-Disposition: attachment\r\n\r\n"
    b"a note\r\n--o--\r\n"
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


@pytest.fixture
def engine(shelf: Shelf) -> Iterator[Engine]:
    made = Engine(shelf.profile)
    yield made
    made.close()


def test_an_attached_message_is_shown_as_one(shelf: Shelf, engine: Engine) -> None:
    message = shelf.put(DEEP)
    whole = engine.render(message)
    assert [(one.part, one.filename) for one in whole.attachments] == [
        ("2", "middle.eml"),
        ("3", "note.txt"),
    ]
    middle = engine.render(message, view=View(part="2"))
    assert (middle.message_id, middle.view.part) == (message, "2")
    assert (middle.envelope.subject, middle.text.strip()) == ("middle", "middle text")
    assert dict(middle.headers)["Subject"] == "middle"
    assert [one.part for one in middle.attachments] == ["2.2", "2.3"]
    assert engine.part_bytes(message, "2.2") == b"middle"
    saved = engine.save_part(message, "2.2", str(shelf.profile.root))
    assert Path(saved).name == "m.bin"
    inner = engine.render(message, view=View(part="2.3"))
    assert (inner.envelope.subject, inner.text.strip()) == ("inner", "inner text")
    assert inner.raw_size == len(engine.part_bytes(message, "2.3"))


@pytest.mark.parametrize("part", ["1", "3", "2.2", "9", "2.9", "../x", "0", "\0", "2." * 500])
def test_what_is_no_attached_message_is_refused(shelf: Shelf, engine: Engine, part: str) -> None:
    message = shelf.put(DEEP)
    with pytest.raises(Refused):
        engine.render(message, view=View(part=part))


def test_its_cards_are_there_with_it(shelf: Shelf, engine: Engine) -> None:
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bruno Rossi\r\nEND:VCARD\r\n"
    inner = b"Subject: in\r\nContent-Type: text/vcard; name=b.vcf\r\nContent-Disposition: "
    raw = (
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nhi\r\n"
        b"--o\r\nContent-Type: text/vcard; name=b.vcf\r\n\r\n" + card + b"\r\n--o\r\n"
        b"Content-Type: message/rfc822\r\n\r\n"
        + inner
        + b"attachment\r\n\r\n"
        + card
        + b"\r\n--o--\r\n"
    )
    message = shelf.put(raw)
    (person,) = engine.render(message).cards.people
    assert (person.name, person.part) == ("Bruno Rossi", "2")
    (inside,) = engine.render(message, view=View(part="3")).cards.people
    assert inside.part == "3.1"
    assert engine.part_bytes(message, inside.part).startswith(b"BEGIN:VCARD")


def test_a_message_that_is_gone(engine: Engine) -> None:
    with pytest.raises(Refused):
        engine.render(MessageId(77))
    with pytest.raises(Refused):
        engine.structure(MessageId(77))


def test_the_charset_a_person_says_counts(shelf: Shelf, engine: Engine) -> None:
    text = "\u4f60\u597d\uff0c\u4e16\u754c".encode("big5")
    head = b"From: a@example.org\r\nSubject: " + text + b"\r\nContent-Type: text/plain; charset="
    message = shelf.put(head + b"iso-8859-1\r\n\r\n" + text)
    as_sent = engine.render(message)
    assert "\u4f60" not in as_sent.text
    shown = engine.render(message, view=View(charset="big5"))
    assert shown.text.strip() == "\u4f60\u597d\uff0c\u4e16\u754c"
    assert shown.envelope.subject == "\u4f60\u597d\uff0c\u4e16\u754c"
    assert dict(shown.headers)["Subject"] == shown.envelope.subject
    assert (shown.charset, shown.view.charset) == ("big5", "big5")
    assert engine.render(message) == as_sent
    # In an attached message too; and a charset that is none changes nothing.
    outer = b"Content-Type: message/rfc822\r\n\r\n" + head + b"iso-8859-1\r\n\r\n" + text
    inside = engine.render(shelf.put(outer), view=View(part="1", charset="big5"))
    assert inside.text.strip() == "\u4f60\u597d\uff0c\u4e16\u754c"
    assert engine.render(message, view=View(charset="no-such")).text == as_sent.text


def test_an_unreadable_message_says_why_and_has_its_source(shelf: Shelf, engine: Engine) -> None:
    raw = b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\nno parts\r\n"
    message = shelf.put(raw)
    shown = engine.render(message)
    assert shown.problems
    assert "no parts" in shown.text
    assert engine.raw_message(message) == raw


def test_simple_takes_the_looks_away(shelf: Shelf, engine: Engine) -> None:
    html = b"<p style='color: #ff0000'>red <b>words</b></p>"
    message = shelf.put(b"From: a@example.org\r\nContent-Type: text/html\r\n\r\n" + html)
    assert "ff0000" in (engine.render(message).html or "")
    simple = engine.render(message, view=View(simple=True)).html or ""
    assert "ff0000" not in simple
    assert "words" in simple


@pytest.mark.parametrize(
    "verb",
    [
        messages.Render,
        messages.Structure,
        messages.AllowPictures,
        messages.RemotePicture,
        messages.CheckSignature,
        messages.PartBytes,
        messages.SavePart,
        messages.OpenPart,
        messages.RawMessage,
    ],
    ids=lambda verb: verb.__name__,
)
def test_a_file_answers_all_verbs_of_reading(verb: type[messages.Request[object]]) -> None:
    """With the same parameters as the engine."""
    of_file = inspect.signature(getattr(OneFile, method_name(verb)))
    of_engine = inspect.signature(getattr(Engine, method_name(verb)))
    assert of_file == of_engine


def test_an_unsigned_file_says_so(tmp_path: Path) -> None:
    file = OneFile(DEEP, tmp_path)
    assert [fact.kind for fact in file.check_signature(MessageId(0))] == [FactKind.UNSIGNED]
