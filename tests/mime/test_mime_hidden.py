"""What nobody sees gets into no line of ours, and one table says what that is."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable

import pytest

from martlet.mime.disguise import disguised
from martlet.mime.filenames import safe_filename
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.hidden import NEVER_SEEN, SEEN_SOMEWHERE, TURNING, hides, turns
from martlet.mime.label import label, text_of
from martlet.mime.sender_values import value
from martlet.mime.words import clean, decode_text

UNSEEN = "\u034f\u115f\u1160\u180e\u200b\u2060\u2061\u206a\u2800\u3164\ufeff\uffa0\ufff9\U0001d173"
TURNS = "\u202a\u202e\u2066\u2069"
LABELS: tuple[Callable[[str], str], ...] = (clean, label, text_of, value, lambda text: sent(text))


def members(range_text: str) -> list[str]:
    """The characters of a regular expression's class."""
    found: list[str] = []
    chars = list(range_text)
    while chars:
        low = chars.pop(0)
        if chars[:1] == ["-"]:
            found.extend(map(chr, range(ord(low), ord(chars[1]) + 1)))
            del chars[:2]
        else:
            found.append(low)
    return found


def word(text: str) -> bytes:
    return b"=?utf-8?b?" + base64.b64encode(text.encode()) + b"?="


def sent(text: str) -> str:
    """As the name of who sends a message, of which the subject reads the same."""
    head = envelope(
        parse_headers(b"From: %b <a@b.example>\r\nSubject: %b\r\n" % ((word(text),) * 2))
    )
    assert head.sender.name == head.subject
    return head.sender.name


@pytest.mark.parametrize("shown", LABELS)
def test_no_line_of_ours_has_it(shown: Callable[[str], str]) -> None:
    every = members(NEVER_SEEN + TURNING + SEEN_SOMEWHERE)
    for char in [char for char in every if char < "\U000e0000"] + every[::50]:
        assert (shown(f"Ba{char * 3}nk"), ascii(char)) == ("Bank", ascii(char))


@pytest.mark.parametrize("char", UNSEEN + TURNS)
def test_no_file_is_saved_with_it(char: str) -> None:
    assert safe_filename(f"photo.jpg{char * 5}.exe", "") == "photo.jpg.exe"


@pytest.mark.parametrize("char", UNSEEN + TURNS)
def test_a_file_or_sender_written_with_it_is_told_of(char: str) -> None:
    name = b"attachment; filename*=utf-8''photo.jpg%b.exe"
    coded = b"".join(b"%%%02X" % byte for byte in char.encode())
    field = b"Content-Disposition: " + name % (coded * 3) + b"\r\n\r\n"
    assert disguised(parse_headers(field))
    assert hides(f"Ba{char}nk") or turns(f"Ba{char}nk")


@pytest.mark.parametrize(
    "text", ["می\u200cشود", "👩\u200d🔬", "क्\u200dष", "❤\ufe0f", "葛\U000e0100城", "ᠠ\u180b"]
)
def test_what_a_writing_needs_stays(text: str) -> None:
    assert clean(text) == label(text) == decode_text(word(text)) == text
    assert not hides(text) or "\u180b" in text


def test_the_sets_do_not_overlap_and_hold_nothing_that_is_seen() -> None:
    every = members(NEVER_SEEN + TURNING + SEEN_SOMEWHERE)
    assert len(every) == len(set(every))
    assert set(UNSEEN) <= set(members(NEVER_SEEN))
    seen = {char for char in every if unicodedata.category(char) not in ("Cf", "Cn")}
    assert seen == set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
