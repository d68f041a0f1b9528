"""What `show` says of a message besides its words; and of attachments that are saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from support.shelf import Shelf

ODD = (
    b"From: Eve <eve@example.org>\r\nFrom: m@evil.example\r\nTo: work@example.org\r\nSubject: x\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=big5\r\n\r\n\xa7A\xa6n "
    b"<img src=https://p.example/a.jpg width=80 height=80>"
    b"<img src=https://p.example/t.gif width=1 height=1>\r\n"
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


def test_facts_and_pictures_are_told(shelf: Shelf) -> None:
    message = shelf.put(ODD)
    cli = Cli(shelf.profile.root)
    (row,) = cli.ok("show", str(message), "--json").rows
    assert row["charset"] == "big5"
    assert "\u4f60\u597d" in row["text"]
    assert row["remote"]["pictures"] == ["https://p.example/a.jpg"]
    assert (row["remote"]["trackers"], row["remote"]["allowed_by"]) == (1, "")
    assert {fact["weight"] for fact in row["facts"]} <= {"note", "caution", "warning"}
    assert any(fact["weight"] == "warning" for fact in row["facts"])
    out = cli.ok("show", str(message)).out
    assert f"Warning: {row['facts'][0]['fact']}" in out
    assert "a.jpg" not in cli.ok("show", str(message), "--html").out


def test_what_is_wrong_with_a_message_is_told(shelf: Shelf) -> None:
    message = shelf.put(
        b"From: a@example.org\r\nContent-Type: multipart/x; boundary=zz\r\n\r\nno\r\n"
    )
    cli = Cli(shelf.profile.root)
    (row,) = cli.ok("show", str(message), "--json").rows
    assert row["problems"]
    assert f"Problem: {row['problems'][0]}" in cli.ok("show", str(message)).out
