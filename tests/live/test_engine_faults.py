"""What goes wrong in the middle: folders deleted under us, lines cut, full disks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, SecretSource, Server
from martlet.mail.changes import Change, Notice
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")


def letter(number: int, filler: int = 0) -> bytes:
    return b"From: a@example.org\r\nSubject: L%d\r\nMessage-ID: <l%d@x.example>\r\n\r\n%s\r\n" % (
        number,
        number,
        os.urandom(filler).hex().encode() if filler else b"body",
    )


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


def account(server: Server, dovecot: Dovecot) -> Account:
    return Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=server,
        secret=SecretSource.COMMAND,
        password_command=f"echo {dovecot.password}",
        ca_file=dovecot.ca_file,
    )


@pytest.fixture
def engine(tmp_path: Path, dovecot: Dovecot) -> Iterator[Engine]:
    made = Engine(Profile(tmp_path / "profile"))
    made.account_add(account(dovecot.server(Protocol.IMAP), dovecot), "")
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path: Path, engine: Engine) -> Reader:
    return Reader(tmp_path / "profile")


def subjects(reader: Reader, role: Role) -> list[str]:
    folder = next(f for f in reader.folders() if f.role is role)
    return [row.subject for row in reader.page(folder.id, None, 100)]


def test_a_folder_deleted_on_the_server_goes_here(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver("ada", letter(1), "Plans")
    engine.sync([], False)
    assert "Plans" in [f.name for f in reader.folders()]
    dovecot.doveadm("mailbox", "delete", "-u", "ada", "-s", "Plans")
    (report,) = engine.sync([], False)
    assert (report.error, report.problems) == ("", ())
    assert "Plans" not in [f.name for f in reader.folders()]


def test_a_move_into_a_folder_that_is_gone_comes_back(
    engine: Engine, reader: Reader, dovecot: Dovecot
) -> None:
    dovecot.deliver("ada", letter(1))
    dovecot.deliver("ada", letter(2), "Plans")
    engine.sync([], False)
    plans = next(f for f in reader.folders() if f.name == "Plans")
    inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
    (row,) = reader.page(inbox.id, None, 10)
    # First: the engine tells its server of a move as soon as it can.
    dovecot.doveadm("mailbox", "delete", "-u", "ada", "-s", "Plans")
    told: list[Change] = []
    engine.listen(told.append)
    engine.move([row.id], plans.id)
    engine.sync([], False)
    engine.sync([], False)
    assert subjects(reader, Role.INBOX) == ["L1"]
    assert any(isinstance(change, Notice) for change in told)
    assert reader.search_count("subject:L1") == 1


def test_mail_nobody_saw_is_not_deleted_with_its_folder(
    engine: Engine, reader: Reader, dovecot: Dovecot, tmp_path: Path
) -> None:
    dovecot.deliver("ada", letter(1), "Plans")
    dovecot.deliver("ada", letter(2), "Work")
    dovecot.deliver("ada", letter(4), "Listed")
    engine.sync([], False)
    listed = next(f for f in reader.folders() if f.name == "Listed")
    engine.folder_keep(listed.id, Keep.OFF, 0)
    engine.sync([], False)
    engine.close()
    later = Engine(Profile(tmp_path / "profile"))
    try:
        for name in ("Plans", "Work", "Listed"):
            folder = next(f for f in reader.folders() if f.name == name)
            later.folder_delete(folder.id, True)
        dovecot.deliver("ada", letter(3), "Plans")
        for _ in range(2):
            later.sync([], False)
    finally:
        later.close()
    plans = next(f for f in reader.folders() if f.name == "Plans")
    assert sorted(row.subject for row in reader.page(plans.id, None, 10)) == ["L1", "L3"]
    assert not {"Work", "Listed"} & {f.name for f in reader.folders()}
    (one,) = reader.accounts()
    assert any("have not been seen" in e.detail + e.sentence for e in reader.log(one.id, 20))


def test_wrong_port_and_unknown_host_are_sentences(engine: Engine, dovecot: Dovecot) -> None:
    good = dovecot.server(Protocol.IMAP)
    for bad in (
        replace(good, port=1),
        replace(good, host="no-such-host.invalid"),
        replace(good, port=dovecot.imap),  # TLS from the first byte to a port that greets plainly
    ):
        *_, step = engine.account_test(account(bad, dovecot), "secret")
        assert not step.ok
        assert step.said.endswith((".", ")"))
        assert "Traceback" not in step.said
        assert "Errno" not in step.said.split("(")[0]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.paths import Profile

engine = Engine(Profile(Path(sys.argv[1])))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
print([report.error for report in engine.sync([], False)])
"""


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_a_full_disk_is_a_sentence_and_loses_nothing(
    tmp_path: Path, dovecot: Dovecot, protocol: Protocol
) -> None:
    root = tmp_path / "full"
    dovecot.deliver_many("ada", [letter(n, filler=20_000) for n in range(60)])
    engine = Engine(Profile(root))
    settings = replace(account(dovecot.server(protocol), dovecot), leave_on_server=False)
    engine.account_add(settings, "")
    engine.close()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(root)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() not in ("['']", "[]")
    assert "Traceback" not in done.stdout
    engine = Engine(Profile(root))
    try:
        (report,) = engine.sync([], False)
        assert report.error == ""
        reader = Reader(root)
        assert sorted(subjects(reader, Role.INBOX)) == sorted(f"L{n}" for n in range(60))
    finally:
        engine.close()
