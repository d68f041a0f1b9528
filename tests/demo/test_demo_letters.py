"""The demo's letters: all of them can be built, and show what they are there to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from martlet.demo import letters
from martlet.demo.login import Login
from martlet.demo.mailbox import Mailbox

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    box = Mailbox("robin@example.org")
    letters.fill(box, Login(), NOW)
    return box


def messages(mailbox: Mailbox, folder: str) -> list[EmailMessage]:
    parser = BytesParser(EmailMessage, policy=policy.default)
    return [parser.parsebytes(letter.raw) for letter in mailbox.folders[folder].letters]


def everything(mailbox: Mailbox) -> list[EmailMessage]:
    return [message for folder in mailbox.folders for message in messages(mailbox, folder)]


def test_there_are_some_sixty_in_every_folder(mailbox: Mailbox) -> None:
    counts = {name: len(folder.letters) for name, folder in mailbox.folders.items()}
    assert sum(counts.values()) >= 55
    assert [name for name, count in counts.items() if not count] == ["Projects"]


def test_the_newest_is_the_welcome_with_its_picture(mailbox: Mailbox) -> None:
    newest = messages(mailbox, "INBOX")[-1]
    assert newest["Subject"] == "Welcome aboard, Robin"
    html = newest.get_body(("html",))
    assert html is not None
    assert "cid:welcome.png" in html.get_content()
    pictures = [part for part in newest.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == ["<welcome.png>"]


def test_only_the_torn_one_is_torn(mailbox: Mailbox) -> None:
    torn = [
        message["Subject"]
        for message in everything(mailbox)
        if any(part.defects for part in message.walk())
    ]
    assert torn == ["A letter with torn headers"]


def test_message_ids_are_unique_and_threads_hold(mailbox: Mailbox) -> None:
    read = everything(mailbox)
    ids = {str(message["Message-ID"]) for message in read}
    assert len(ids) == len(read)
    answers = [str(message["In-Reply-To"]) for message in read if message["In-Reply-To"]]
    assert len(answers) >= 5
    assert set(answers) <= ids


def test_old_charsets_are_really_used(mailbox: Mailbox) -> None:
    charsets = {
        str(part.get_content_charset())
        for message in everything(mailbox)
        for part in message.walk()
    }
    assert {"gb18030", "big5", "iso-2022-jp", "koi8-r", "iso-8859-1", "utf-8"} <= charsets
    subjects = {str(message["Subject"]) for message in everything(mailbox)}
    assert {"灯台の写真展について", "讀書會：下個月換到星期三".replace("：", ":")} <= subjects


def test_flowed_text_flows(mailbox: Mailbox) -> None:
    sail = next(m for m in messages(mailbox, "INBOX") if m["Subject"] == "Sailing on Saturday?")
    assert sail.get_param("format") == "flowed"
    lines = sail.get_content().splitlines()
    assert max(len(line) for line in lines) < 80
    assert sum(line.endswith(" ") for line in lines) >= 3


def test_ages() -> None:
    assert letters.age("1d 2h 3m") == timedelta(days=1, hours=2, minutes=3)
    with pytest.raises(ValueError, match="not an age"):
        letters.age("soon")
