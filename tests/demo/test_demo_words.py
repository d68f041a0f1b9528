"""The demo's IMAP host on lines no decent client sends, and the written forms it reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.demo import host, imap_words
from martlet.demo.imap_parts import section, split, structure
from martlet.demo.login import Login
from martlet.demo.mailbox import INBOX, Mailbox


async def talk(lines: list[bytes]) -> list[bytes]:
    """Sends lines to a host with one letter, and returns all it says until it hangs up."""
    login = Login(password="secret")
    mailbox = Mailbox(login.address)
    mailbox.add(mailbox.folders[INBOX], b"Subject: one\r\n\r\nbody\r\n", datetime.now(UTC))
    running = await host.start(mailbox, login)
    reader, writer = await asyncio.open_connection(host.LOOPBACK, running.imap)
    writer.write(b"".join(line + b"\r\n" for line in lines))
    writer.write_eof()
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    running.close()
    return said.split(b"\r\n")


def tagged(said: list[bytes]) -> dict[bytes, bytes]:
    return {
        line.split(b" ")[0]: line.split(b" ")[1]
        for line in said
        if line[:1] in b"abcdefgh" and line
    }


def test_bad_lines_are_bad_and_the_talk_goes_on() -> None:
    lines = [
        b"a SELECT INBOX",
        b"b LOGIN robin@example.org secret",
        b"c SELECT (INBOX",
        b"d FETCH 1 (BODY[])",
        b"e SELECT nowhere",
        b"f SELECT INBOX",
        b"g FETCH x:y (NONSENSE)",
        b"h UID FETCH 1 (FLAGS BODY.PEEK[7])",
    ]
    answers = tagged(asyncio.run(talk(lines)))
    assert answers == {
        b"a": b"NO",
        b"b": b"OK",
        b"c": b"BAD",
        b"d": b"NO",
        b"e": b"NO",
        b"f": b"OK",
        b"g": b"BAD",
        b"h": b"OK",
    }


def test_a_literal_beyond_all_measure_ends_the_talk() -> None:
    said = asyncio.run(talk([b"a LOGIN robin@example.org {9999999999}"]))
    assert said[-2].startswith(b"* BYE")


@given(st.text(min_size=1).filter(lambda name: name.encode("utf-8", "ignore").decode() == name))
def test_folder_names_survive_modified_utf7(name: str) -> None:
    coded = imap_words.encode_name(name)
    assert coded.isascii()
    assert imap_words.decode_name(coded) == name


def test_folder_names_of_the_rfc() -> None:
    assert imap_words.encode_name("~peter/mail/台北/日本語") == b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"


@given(st.binary(max_size=200))
def test_no_line_breaks_the_reader(data: bytes) -> None:
    try:
        words = imap_words.tokens(data.replace(b"\n", b"") + b"\r\n")
    except imap_words.BadCommand:
        return
    assert isinstance(words, list)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_structure(raw: bytes) -> None:
    root = split(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw)
    assert structure(root, extended=True).startswith(b"(")
    assert section(root, raw, "") == raw


@pytest.mark.parametrize(
    ("numbers", "text"), [([], b""), ([1], b"1"), ([1, 2, 3, 5, 7, 8], b"1:3,5,7:8")]
)
def test_sets_are_written_short(numbers: list[int], text: bytes) -> None:
    assert imap_words.compact(numbers) == text
