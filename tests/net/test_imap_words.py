"""Folder names, UID sets, dates, attachment hints and roles of the IMAP adapter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer, Refused
from martlet.mail.folder import Role
from martlet.mail.sync import ListedFolder
from martlet.net.imap_cursor import Structure
from martlet.net.imap_fetch import format_date, parse_date
from martlet.net.imap_folders import with_roles
from martlet.net.imap_names import decode, encode, quoted
from martlet.net.imap_sets import batches, compact, expand
from martlet.net.imap_structure import attachments_hint

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(NAMES)
def test_names_come_back(name: str) -> None:
    wire = encode(name)
    assert all(32 <= byte < 127 for byte in wire)
    assert decode(wire) == name


@given(st.binary(max_size=60))
def test_any_name_can_be_decoded(raw: bytes) -> None:
    assert isinstance(decode(raw), str)


def test_examples_of_the_standard() -> None:
    assert encode("~peter/mail/台北/日本語") == b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert encode("R&D") == b"R&-D"
    assert decode(b"Entw&APw-rfe") == "Entwürfe"


def test_names_that_are_no_utf7_are_read_as_they_are() -> None:
    assert decode("Entwürfe".encode()) == "Entwürfe"
    assert decode(b"Entw\xfcrfe") == "Entwürfe"
    assert decode(b"R&D") == "R&D"
    assert decode(b"bad &2AA- half") == "bad &2AA- half"


@pytest.mark.parametrize("name", ["", "a\r\nA1 DELETE x", "a\0b", "a\nb", "tab\t", "\ud800"])
def test_names_that_could_inject_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        encode(name)


def test_quoting() -> None:
    assert quoted(b'a"b\\c') == b'"a\\"b\\\\c"'
    with pytest.raises(Refused):
        quoted(b"a\r\nb")


@given(st.sets(st.integers(1, 300)))
def test_sets_come_back(uids: set[int]) -> None:
    assert expand(compact(uids).encode()) == sorted(uids)


@given(st.lists(st.integers(1, 1000), unique=True), st.integers(1, 50))
def test_batches_hold_everything_once(uids: list[int], count: int) -> None:
    found = [uid for some in batches(uids, count) for uid in expand(some.encode())]
    assert sorted(found) == sorted(uids)


def test_sets_are_short_and_bounded() -> None:
    assert compact([5, 3, 2, 1, 9]) == "1:3,5,9"
    assert compact([]) == ""
    for raw in (b"1:4294967295", b"1:*", b"a", b"1,,2", b"99999999999"):
        with pytest.raises(BadServer):
            expand(raw)


@given(st.integers(0, 4_000_000_000))
def test_dates_come_back(when: int) -> None:
    assert parse_date(format_date(when).strip(b'"')) == when


def test_dates_of_servers() -> None:
    assert parse_date(b"17-Jul-1996 02:44:25 -0700") == 837596665
    assert parse_date(b" 7-jul-1996 02:44:60 +0000") == 836707499
    for raw in (b"", b"yesterday", b"31-Feb-2020 00:00:00 +0000", b"01-Jan-0000 00:00:00 +9999"):
        assert parse_date(raw) == 0.0


PLAIN = b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 10 1 NIL NIL NIL NIL)'
PDF = (
    b'("application" "pdf" ("name" "a.pdf") NIL NIL "base64" 99 NIL '
    b'("attachment" ("filename" "a.pdf")) NIL NIL)'
)
LOGO = (
    b'("image" "png" ("name" "l.png") "<l@x>" NIL "base64" 9 NIL '
    b'("inline" ("filename" "l.png")) NIL NIL)'
)
NAMED = b'("image" "jpeg" ("name*0" "long") NIL NIL "base64" 9)'


@pytest.mark.parametrize(
    ("structure", "count"),
    [
        (PLAIN, 0),
        (PDF, 1),
        (b"(" + PLAIN + PDF + NAMED + b' "mixed" ("boundary" "x") NIL NIL NIL)', 2),
        (b"(" + PLAIN + LOGO + b' "related" ("boundary" "x") NIL NIL NIL)', 0),
        (b"((" + PLAIN + LOGO + b' "related")' + PDF + b' "mixed")', 1),
        (b'("message" "rfc822" NIL NIL NIL "7bit" 10 (NIL) ' + PDF + b" 3)", 1),
        (b'("name"', 0),
        (b"()", 0),
        (b'(("name"))', 0),
    ],
)
def test_attachments_are_counted(structure: bytes, count: int) -> None:
    assert attachments_hint(Structure(structure, ())) == count


def folder(name: str, role: Role = Role.NONE, delimiter: str = ".") -> ListedFolder:
    return ListedFolder(name, delimiter, role)


def test_roles_by_attribute_go_before_names() -> None:
    found = with_roles(
        [
            folder("INBOX", Role.INBOX),
            folder("INBOX.Sent"),
            folder("Gesendete Objekte", Role.SENT),
            folder("INBOX.Entwürfe"),
            folder("Junk", Role.TRASH),
            folder("Bin", Role.TRASH),
            folder("spam"),
        ]
    )
    assert {f.role: f.name for f in found if f.role is not Role.NONE} == {
        Role.INBOX: "INBOX",
        Role.SENT: "Gesendete Objekte",
        Role.DRAFTS: "INBOX.Entwürfe",
        Role.TRASH: "Junk",
        Role.JUNK: "spam",
    }
