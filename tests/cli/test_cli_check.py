"""`martlet show --check`: who a message is from, and what its signature proves."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.message import MessageId
from support.shelf import Shelf

RAW = b'From: "anna@bank.example" <x@evil.example>\r\nSubject: s\r\n\r\ntext\r\n'


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


def show(shelf: Shelf, message: MessageId, *words: str) -> str:
    return Cli(shelf.profile.root).ok("show", str(message), *words).out


def test_check(shelf: Shelf) -> None:
    message = shelf.put(RAW)
    assert show(shelf, message, "--check").splitlines() == [
        'From: "anna@bank.example" <x@evil.example>',
        "Warning: The name says anna@bank.example, but the mail is from x@evil.example.",
        "Note: This is the first mail from x@evil.example.",
        "Note: It bears no signature (DKIM).",
    ]
    (row,) = Cli(shelf.profile.root).ok("show", str(message), "--check", "--json").rows
    assert [one["weight"] for one in row["facts"]] == ["warning", "note"]
    assert row["signatures"] == [{"weight": "note", "fact": "It bears no signature (DKIM)."}]


def test_facts_without_being_asked(shelf: Shelf) -> None:
    message = shelf.put(RAW)
    assert "Warning: The name says anna@bank.example" in show(shelf, message)
    assert "DKIM" not in show(shelf, message)
    (row,) = Cli(shelf.profile.root).ok("show", str(message), "--json").rows
    assert [one["weight"] for one in row["facts"]] == ["warning", "note"]


def test_a_worthless_signature_is_told_without_asking_anybody(shelf: Shelf) -> None:
    signed = b"DKIM-Signature: v=1; a=rsa-sha1; d=evil.example; s=s; h=from; bh=AA==; b=AA==\r\n"
    message = shelf.put(signed + RAW)
    assert "Caution: The signature of evil.example does not fit: it is made with SHA-1" in show(
        shelf, message, "--check"
    )
