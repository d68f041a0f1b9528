"""What large providers do unlike the book, each as a server that does just that (PRODUCT 4.12)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.folder import Role
from support.awkward import PLAIN, USUAL, Awkward, Call, HangUp
from support.certificates import issue
from support.dovecot import Dovecot
from support.dovecot import installed as dovecot_installed
from support.passes import Here, account, letter

GMAIL = (
    ("[Gmail]/All Mail", "\\All"),
    ("[Gmail]/Sent Mail", "\\Sent"),
    ("[Gmail]/Trash", "\\Trash"),
    ("[Gmail]/Spam", "\\Junk"),
    ("[Gmail]/Drafts", "\\Drafts"),
    ("[Gmail]/Starred", "\\Flagged"),
    ("[Gmail]/Important", "\\Important"),
    ("Receipts", ""),
)


def gmail(call: Call) -> bytes:
    """X-GM-EXT-1: every message has an id that is the same under all of its labels."""
    if call.name != "UID FETCH":
        return call.run()
    asked = b"X-GM-MSGID" in call.line
    line = re.sub(rb" X-GM-\w+", b"", call.line)
    answer = call.run_as(line)
    if not asked:
        return answer

    def labelled(found: re.Match[bytes]) -> bytes:
        uid = int(found[1])
        folder = call.session.folder
        assert folder is not None
        each = folder.by_uid(uid)
        assert each is not None
        number = int(each.raw.partition(b"Subject: ")[2].partition(b"\r\n")[0]) + 10**18
        return b'(UID %d X-GM-MSGID %d X-GM-THRID %d X-GM-LABELS ("\\\\Inbox" Receipts)' % (
            uid,
            number,
            number,
        )

    return re.sub(rb"\(UID (\d+)", labelled, answer)


def asked_for(commands: bytes) -> int:
    """How many messages these UID FETCH commands of single uids and ranges name."""
    return sum(
        int(last or first) - int(first) + 1
        for sets in re.findall(rb"UID FETCH ([\d:,]+)", commands)
        for first, last in re.findall(rb"(\d+)(?::(\d+))?", sets)
    )


def test_gmail_labels_cost_one_download(tmp_path: Path) -> None:
    with Awkward(gmail, capabilities=USUAL + " X-GM-EXT-1", folders=GMAIL) as server:
        for number in range(1, 6):
            for folder in ("INBOX", "Receipts", "[Gmail]/All Mail", "[Gmail]/Important"):
                server.put(folder, letter(number))
        server.put("[Gmail]/All Mail", letter(9))
        with Here(tmp_path / "p", account(server.account())) as here:
            report = here.sync()
            assert (report.error, report.problems) == ("", ())
            assert here.subjects() == here.subjects("Receipts") == ["1", "2", "3", "4", "5"]
            # All Mail shows what is elsewhere once more: it is not fetched ahead.
            assert here.subjects("[Gmail]/All Mail") == []
            assert sum(here.bodies().values()) == 10
            roles = {f.name: f.role for f in here.reader.folders()}
            assert roles["[Gmail]/All Mail"] is Role.ALL
            assert roles["[Gmail]/Sent Mail"] is Role.SENT
            fetched = b" ".join(line for line in server.commands if b"BODY.PEEK[]" in line)
            assert asked_for(fetched) == 5
            # A label more is a message here at once, and no second download.
            before = len(server.commands)
            server.mailbox.create("Taxes")
            for number in range(1, 6):
                server.put("Taxes", letter(number))
            assert here.sync().error == ""
            assert here.subjects("Taxes") == ["1", "2", "3", "4", "5"]
            assert sum(here.bodies().values()) == 15
        assert not [line for line in server.commands[before:] if b"BODY.PEEK[]" in line]


def test_163_wants_to_be_told_who_we_are(tmp_path: Path) -> None:
    named: set[int] = set()

    def tamper(call: Call) -> bytes:
        if call.name == "ID":
            named.add(call.connection)
        if call.name in ("SELECT", "EXAMINE", "STATUS") and call.connection not in named:
            return call.no("SELECT Unsafe Login. Please contact kefu@188.com for help")
        return call.run()

    folders = (("已发送", ""), ("草稿箱", ""), ("已删除", ""), ("垃圾邮件", ""))
    with Awkward(tamper, capabilities=f"{PLAIN} ID IDLE", folders=folders) as server:
        server.put("INBOX", letter(1))
        with Here(tmp_path / "p", account(server.account())) as here:
            assert here.sync().error == ""
            assert here.subjects() == ["1"]
            roles = {f.name: f.role for f in here.reader.folders()}
        assert roles == {
            "INBOX": Role.INBOX,
            "已发送": Role.SENT,
            "草稿箱": Role.DRAFTS,
            "已删除": Role.TRASH,
            "垃圾邮件": Role.JUNK,
        }
        names = server.names()
        assert names.index("ID") < names.index("SELECT")


NAMES = {
    "outlook, German": {
        "Gesendete Elemente": Role.SENT,
        "Gelöschte Elemente": Role.TRASH,
        "Entwürfe": Role.DRAFTS,
        "Junk-E-Mail": Role.NONE,
    },
    "outlook": {"Sent Items": Role.SENT, "Deleted Items": Role.TRASH, "Junk Email": Role.JUNK},
    "icloud": {"Sent Messages": Role.SENT, "Deleted Messages": Role.TRASH, "Archive": Role.ARCHIVE},
    "yahoo": {"Sent": Role.SENT, "Draft": Role.DRAFTS, "Bulk": Role.JUNK, "Trash": Role.TRASH},
}


@pytest.mark.parametrize("provider", NAMES)
def test_folders_are_known_by_their_names(tmp_path: Path, provider: str) -> None:
    wanted = NAMES[provider]
    folders = [(name, "") for name in wanted]
    with Awkward(capabilities=f"{PLAIN} NAMESPACE IDLE UIDPLUS", folders=folders) as server:
        server.put("INBOX", letter(1))
        server.put("INBOX", letter(2))
        with Here(tmp_path / "p", account(server.account())) as here:
            here.sync()
            roles = {f.name: f.role for f in here.reader.folders() if f.name != "INBOX"}
            if provider == "outlook, German":
                roles["Junk-E-Mail"] = Role.NONE  # known or not, nothing is made in its place
            assert roles == wanted
            here.engine.delete([here.row(1).id], False)
            assert here.sync().error == ""
            trash = next(name for name, role in wanted.items() if role is Role.TRASH)
            assert here.subjects(trash) == ["1"]
        # Never a second set.
        assert set(server.mailbox.folders) == {"INBOX", *wanted}


def test_outlook_sizes_are_not_believed(tmp_path: Path) -> None:
    """Exchange guesses RFC822.SIZE, and leaves fields of BODYSTRUCTURE out."""

    def tamper(call: Call) -> bytes:
        answer = call.run()
        if call.name == "UID FETCH":
            answer = re.sub(rb"RFC822.SIZE \d+", b"RFC822.SIZE 77", answer)
            answer = re.sub(rb'NIL NIL "7BIT" \d+ \d+ [^)]*\)', b'NIL NIL "7BIT" NIL NIL)', answer)
        return answer

    with Awkward(tamper) as server:
        for number in range(1, 4):
            server.put("INBOX", letter(number, "x" * 1000))
        with Here(tmp_path / "p", account(server.account())) as here:
            report = here.sync()
            assert (report.error, report.problems) == ("", ())
            assert {len(here.reader.raw(row.id) or b"") for row in here.rows()} == {
                len(letter(1, "x" * 1000))
            }
            here.restart()
            here.engine.move([here.row(1).id], here.folder("Archive").id)
            for _ in range(2):
                assert here.sync().error == ""
            assert here.world() == server.shown()


def test_yahoo_takes_few_connections(tmp_path: Path) -> None:
    """A connection too many is refused, which ends nothing that goes over the first."""
    now: set[int] = set()

    def tamper(call: Call) -> bytes:
        if call.name in ("LOGIN", "AUTHENTICATE"):
            now.add(call.connection)
            if len(now) > 1:
                now.discard(call.connection)
                raise HangUp(call.tag + b" NO [LIMIT] Rate limit hit\r\n* BYE\r\n")
        if call.name == "LOGOUT":
            now.discard(call.connection)
        return call.run()

    with Awkward(tamper) as server:
        for number in range(1, 4):
            server.put("INBOX", letter(number))
        with Here(tmp_path / "p", account(server.account())) as here:
            for _ in range(3):
                assert here.sync().error == ""
            assert here.world() == server.shown()


def test_a_bridge_on_this_machine_may_sign_its_own_certificate(tmp_path: Path) -> None:
    """Proton's: the certificate is shown, and taken once the user says so; that one only."""
    certificates = issue(tmp_path / "tls")
    with Awkward(capabilities=USUAL + " STARTTLS", certificates=certificates) as server:
        server.put("INBOX", letter(1))
        made = account(server.account(Security.STARTTLS, "127.0.0.1"))
        with Here(tmp_path / "p", made) as here:
            assert here.sync().error
            assert "LOGIN" not in server.names()
            assert "AUTHENTICATE" not in server.names()
            (state,) = here.engine.account_states()
            assert state.fingerprint
            here.engine.trust_certificate(state.account_id, state.host, state.fingerprint)
            assert here.sync().error == ""
            assert here.subjects() == ["1"]


@pytest.mark.skipif(not dovecot_installed(), reason="Dovecot is not installed")
def test_dovecot_with_all_below_inbox(tmp_path: Path) -> None:
    namespace = """
namespace inbox {
  inbox = yes
  separator = .
  prefix = INBOX.
}
"""
    with Dovecot(special_use=False, settings=namespace) as server:
        server.deliver("ada", letter(1))
        server.deliver("ada", letter(2), "Trash")
        made = account(server.server(Protocol.IMAP, security=Security.NONE), server.password)
        with Here(tmp_path / "p", made) as here:
            assert here.sync().error == ""
            assert here.role(Role.TRASH).name == "INBOX.Trash"
            here.restart()
            (one,) = here.reader.accounts()
            plans = here.engine.folder_create(one.id, "INBOX.Plans")
            here.engine.move([here.row(1).id], plans)
            for _ in range(2):
                assert here.sync().error == ""
            assert here.subjects("INBOX.Plans") == ["1"]
            assert (server.maildir("ada", "Plans") / "cur").is_dir()
