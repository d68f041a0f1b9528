"""Message files made fit to be submitted: what is missing, and nothing else, is added."""

from __future__ import annotations

from martlet.mail.message import Address
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.writing.complete import complete


def test_what_is_missing_is_added() -> None:
    made = complete(b"Subject: x\n\nhi", Address("", "ada@example.org"), 0.0)
    assert made.startswith(b"From: ada@example.org\r\nDate: ")
    assert made.endswith(b"Subject: x\r\n\r\nhi")
    assert complete(made, Address("", "b@example.org"), 9.0) == made


def test_a_sender_beyond_ascii_stands_as_it_is() -> None:
    made = complete(b"Subject: x\n\nhi", Address("Jürgen", "jürgen@bücher.example"), 0.0)
    assert made.split(b"\r\n")[0].endswith("<jürgen@xn--bcher-kva.example>".encode())
    assert envelope(parse_headers(made)).sender.address == "jürgen@xn--bcher-kva.example"
