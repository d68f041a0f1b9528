"""Servers that stop in the middle, drip, never end, or whisper before STARTTLS; folders by the
thousand and of the worst names. Passes of the whole engine, with a short patience.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Security
from martlet.paths import Profile
from support.awkward import USUAL, Awkward, Call, Silence, behave
from support.certificates import Certificates, issue
from support.passes import Here, account, letter

PATIENCE_S = 1.0
PLACES = (
    ("CAPABILITY", b"* CAPA"),
    ("LOGIN", b"* OK half"),
    ("AUTHENTICATE", b""),
    ("LIST", b'* LIST () "/" {30}\r\nhalf'),
    ("SELECT", b"* 7 EXISTS\r\n* OK [UIDVAL"),
    ("UID SEARCH", b"* SEARCH 1 2"),
    ("UID FETCH", b"* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[HEADER.FIELDS (SUBJECT)] {100}\r\nSub"),
    ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {1000000}\r\nhalf"),
    ("UID STORE", b""),
    ("UID MOVE", b"* OK [COPYUID 1 2"),
    ("CREATE", b""),
)


class Impatient(Here):
    """An engine that waits but a moment."""

    def __init__(self, root: Path, server: Awkward, **changes: str) -> None:
        super().__init__(root, account(server.account(), **changes))
        self.engine.close()
        self.engine = Engine(Profile(root), timeout_s=PATIENCE_S)
        self.engine.listen(self._heard)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"))


def fill(server: Awkward) -> None:
    for number in range(1, 5):
        server.put("INBOX", letter(number))


@pytest.mark.parametrize(("name", "last"), PLACES)
def test_half_an_answer_then_silence(tmp_path: Path, name: str, last: bytes) -> None:
    def tamper(call: Call) -> bytes:
        if call.name == name:
            raise Silence(last)
        return call.run()

    with Awkward() as server:
        fill(server)
        with Impatient(tmp_path / "p", server) as here:
            if name in ("UID STORE", "UID MOVE", "CREATE"):
                assert here.sync().error == ""
                server.tamper = tamper
                here.engine.set_flags([here.row(1).id], ["\\Seen"], [])
                here.engine.move([here.row(2).id], here.folder("Archive").id)
                here.engine.folder_create(here.reader.accounts()[0].id, "Plans")
            server.tamper = tamper
            report = here.sync()
            if name in server.names():
                assert report.error
            server.tamper = behave
            for _ in range(3):
                report = here.sync()
            assert (report.error, here.pending()) == ("", 0)
            assert here.world() == server.shown()


def test_one_byte_at_a_time(tmp_path: Path) -> None:
    with Awkward(drip=True) as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            assert here.sync().error == ""
            assert here.world() == server.shown()
            assert sum(here.bodies().values()) == 4


@pytest.mark.parametrize("line", [b"* OK still here\r\n", b"+ \r\n"])
def test_an_answer_without_end(tmp_path: Path, line: bytes) -> None:
    def tamper(call: Call) -> bytes:
        return line * 100_000 + call.run() if call.name == "SELECT" else call.run()

    with Awkward() as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            server.tamper = tamper
            report = here.sync()
            assert "inside Martlet" not in report.error
            server.tamper = behave
            for _ in range(2):
                report = here.sync()
            assert report.error == ""
            assert here.world() == server.shown()


@pytest.mark.parametrize(
    "greeting",
    [b"* BYE full\r\n", b"* OK " + b"x" * 100_000_000, b"\0\0\0\r\n", b"220 smtp\r\n",
     b"* OK [CAPABILITY]\r\n", b"* NO\r\n"],
    ids=["bye", "endless", "zeros", "smtp", "no capability", "no"],
)  # fmt: skip
def test_odd_greetings_are_sentences(tmp_path: Path, greeting: bytes) -> None:
    with Awkward(greeting=greeting) as server, Impatient(tmp_path / "p", server) as here:
        report = here.sync()
        assert "inside Martlet" not in report.error
        if greeting.startswith(b"* OK [CAPABILITY]"):
            return
        assert report.error.endswith(".")
        assert not any(line.startswith((b"LOGIN", b"AUTH")) for line in server.commands)


def test_what_was_said_before_starttls_is_thrown_away(
    tmp_path: Path, certificates: Certificates
) -> None:
    evil = (
        b'* LIST () "/" "Evil"\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN XEVIL] x\r\n* 9 EXISTS\r\n'
    )
    with Awkward(
        capabilities=USUAL + " STARTTLS", certificates=certificates, before_tls=evil
    ) as server:
        fill(server)
        made = account(
            server.account(Security.STARTTLS, "localhost"),
            ca_file=str(certificates.ca_file),
        )
        with Here(tmp_path / "p", made) as here:
            report = here.sync()
            assert report.error == ""
            assert "Evil" not in here.names()
            assert here.subjects() == ["1", "2", "3", "4"]
        after = server.names()[server.names().index("STARTTLS") + 1 :]
        assert "CAPABILITY" in after[:1]


def test_signed_in_before_starttls_is_refused(tmp_path: Path, certificates: Certificates) -> None:
    with Awkward(
        capabilities=USUAL + " STARTTLS",
        certificates=certificates,
        greeting=b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n",
    ) as server:
        made = account(
            server.account(Security.STARTTLS, "localhost"),
            ca_file=str(certificates.ca_file),
        )
        with Here(tmp_path / "p", made) as here:
            assert here.sync().error
        assert not {"LOGIN", "AUTHENTICATE", "LIST", "SELECT"} & set(server.names())


NAMES = (
    b"../../../../tmp/evil", b"/etc/passwd", b"..", b".", b"C:\\\\Windows\\\\evil", b"a/../../b",
    b"con", b"%s%n", b"", b"x" * 5000, b"&AGE", b"&&&&-", b"&2D8-", b"a\x01b", b"\xff\xfe",
    b"&AAA-", b"&AC4ALgAvAC4ALg-", b"INBOX/../INBOX", b"inbox", b"Trash ", b"*", b"NIL",
    b"'; DROP TABLE folder; --", b"<script>alert(1)</script>", b"/", b"//", b"Archive//x",
)  # fmt: skip


def test_folder_names_reach_no_file(tmp_path: Path) -> None:
    def tamper(call: Call) -> bytes:
        answer = call.run()
        if call.name == "LIST":
            for name in NAMES:
                answer = b'* LIST (\\HasNoChildren) "/" "%s"\r\n' % name + answer
            answer = b'* LIST () "/" {4}\r\na\0\0b\r\n* LIST () NIL "no delimiter/x"\r\n' + answer
        return answer

    root = tmp_path / "p"
    with Awkward() as server:
        fill(server)
        with Here(root, account(server.account())) as here:
            server.tamper = tamper
            report = here.sync()
            assert "inside Martlet" not in report.error
            assert len(here.subjects()) == 4
            server.tamper = behave
            for _ in range(2):
                assert here.sync().error == ""
            assert here.world() == server.shown()
    assert os.listdir(tmp_path) == ["p"]
    assert not any(b".." in os.fsencode(path) for path in root.rglob("*"))


def test_very_many_folders(tmp_path: Path) -> None:
    many = b"".join(b'* LIST (\\HasNoChildren) "/" "f%d"\r\n' % n for n in range(3000))

    def tamper(call: Call) -> bytes:
        return many + call.run() if call.name == "LIST" else call.run()

    with Awkward(tamper) as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            report = here.sync()
            assert "inside Martlet" not in report.error
            assert len(here.subjects()) == 4


def test_a_million_folders_end_in_a_sentence(tmp_path: Path) -> None:
    def tamper(call: Call) -> bytes:
        if call.name == "LIST":
            return b"".join(b"* LIST () NIL f%d\r\n" % n for n in range(1_100_000)) + call.run()
        return call.run()

    with Awkward(tamper) as server:
        fill(server)
        with Here(tmp_path / "p", account(server.account())) as here:
            report = here.sync()
            assert report.error
            assert "inside Martlet" not in report.error
            server.tamper = behave
            assert here.sync().error == ""
            assert here.world() == server.shown()
