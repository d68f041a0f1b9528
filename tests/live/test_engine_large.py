"""Large messages through the whole engine and the command line, over a line that can be cut."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.engine.engine import Engine
from martlet.mail.account import (
    Account,
    AccountId,
    Keep,
    Protocol,
    SecretSource,
    Security,
    WorkerState,
)
from martlet.mail.changes import BodyArrived, Progress, Unit
from martlet.mail.errors import Offline
from martlet.mail.folder import Role
from martlet.mail.message import MessageRow
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.large import DATA, FILE_NAME, MIB, film
from support.proxy import Proxy
from support.watching import Watch

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

RAW = film()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        server.deliver("ada", RAW)
        yield server


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap) as made:
        yield made


def account(dovecot: Dovecot, port: int) -> Account:
    server = dovecot.server(Protocol.IMAP, "ada", Security.NONE)
    return Account(
        AccountId(0),
        "ada",
        "ada@example.org",
        incoming=replace(server, host="127.0.0.1", port=port),
        secret=SecretSource.COMMAND,
        password_command=f"echo {dovecot.password}",
        keep=Keep.HEADERS,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def engine(root: Path, dovecot: Dovecot, proxy: Proxy) -> Iterator[Engine]:
    """One that has the headers."""
    with closing(Engine(Profile(root))) as made:
        made.account_add(account(dovecot, proxy.port), "")
        made.sync([], False)
        yield made


def only_row(root: Path) -> MessageRow:
    reader = Reader(root)
    inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
    (row,) = reader.page(inbox.id, None, 10)
    reader.close()
    return row


def test_opened_in_a_moment_saved_over_a_bad_line(
    engine: Engine, root: Path, tmp_path: Path, proxy: Proxy
) -> None:
    row = only_row(root)
    assert (row.has_body, row.partial) == (False, False)
    watch = Watch(engine)
    # The list, the folder, the text: all of it in less than this.
    proxy.cut_after(64 * 1024)
    assert not engine.render(row.id).complete
    watch.change(lambda change: isinstance(change, BodyArrived) and change.message_id == row.id)
    shown = engine.render(row.id)
    assert shown.complete
    assert "Gartenfest" in shown.text
    assert [(a.filename, a.here) for a in shown.attachments] == [
        (FILE_NAME, False),
        ("note.txt", True),
    ]
    assert only_row(root).partial
    proxy.cut_after(9 * MIB)
    saved = engine.save_part(row.id, "2", str(tmp_path))
    assert Path(saved).read_bytes() == DATA
    last = watch.change(lambda c: isinstance(c, Progress) and 0 < c.total == c.done > MIB)
    assert isinstance(last, Progress)
    assert (last.what, last.unit, last.message_id) == (FILE_NAME, Unit.BYTES, row.id)
    assert engine.render(row.id).not_here == 0
    assert not list((root / "spool").iterdir())


def test_an_answer_needs_no_file_a_forwarded_copy_does(
    engine: Engine, root: Path, tmp_path: Path, proxy: Proxy
) -> None:
    row = only_row(root)
    proxy.cut_after(MIB)
    answer = engine.reply_draft(row.id)
    assert "> Here is the film" in answer.text
    assert answer.parts == ()
    proxy.cut_after(None)
    copy = engine.forward_draft([row.id])
    assert [(part.name, part.size) for part in copy.parts] == [
        (FILE_NAME, len(DATA)),
        ("note.txt", 8),
    ]
    # With its file it is here.
    assert only_row(root).has_body


def test_no_server_no_file(engine: Engine, root: Path, tmp_path: Path, dovecot: Dovecot) -> None:
    row = only_row(root)
    inbox = row.folder_id
    engine.folder_keep(inbox, Keep.ALL, 0)
    engine.sync([], False)
    assert only_row(root).partial  # fetched ahead, but not its file
    dovecot.stop()
    assert "Gartenfest" in engine.render(row.id).text
    with pytest.raises(Offline):
        engine.save_part(row.id, "2", str(tmp_path))
    assert engine.part_bytes(row.id, "3") == b"a note\r\n"
    dovecot.start()
    assert engine.part_bytes(row.id, "2") == DATA


def test_an_engine_that_ends_in_the_middle(engine: Engine, root: Path, proxy: Proxy) -> None:
    row = only_row(root)
    watch = Watch(engine)
    assert engine.download([row.id]) == 1
    watch.change(lambda change: isinstance(change, Progress) and change.unit is Unit.BYTES)
    engine.close()
    (spooled,) = (root / "spool").iterdir()
    had = spooled.stat().st_size
    assert 0 < had < len(RAW)
    with closing(Engine(Profile(root))) as another:
        # What is left, and not much more; once more from the beginning would be cut off.
        proxy.cut_after(len(RAW) - had + MIB)
        assert another.download([row.id], wait=True) == 0
        assert another.raw_message(row.id) == RAW
    assert not list((root / "spool").iterdir())


def test_all_of_a_folder(engine: Engine, root: Path, dovecot: Dovecot) -> None:
    opened = only_row(root)
    engine.render(opened.id, wait=True)
    dovecot.deliver_many("ada", [film(b"small"), film(DATA[: 3 * MIB]), film(b"tiny")])
    engine.sync([], False)
    reader = Reader(root)
    watch = Watch(engine)
    assert engine.download_folder(opened.folder_id) == 4
    watch.until(lambda: all(row.has_body for row in reader.page(opened.folder_id, None, 10)))
    assert engine.download_folder(opened.folder_id) == 0
    reader.close()


def test_a_download_outlives_its_line(engine: Engine, root: Path, proxy: Proxy) -> None:
    row = only_row(root)
    reader = Reader(root)
    engine.start()
    watch = Watch(engine)
    watch.state(row.account_id, Protocol.IMAP, WorkerState.IDLE)
    proxy.cut_after(4 * MIB)
    # Nobody waits for it, and nobody asks again.
    assert engine.download([row.id]) == 1
    watch.state(row.account_id, Protocol.IMAP, WorkerState.WAITING)
    engine.check_mail([])
    watch.until(lambda: reader.raw(row.id) == RAW)
    reader.close()


FETCH = """
import sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.mail.changes import Progress, Unit
from martlet.paths import Profile

def told(change):
    if isinstance(change, Progress) and change.unit is Unit.BYTES:
        print(change.done, flush=True)

engine = Engine(Profile(Path(sys.argv[1])))
engine.listen(told)
engine.download([int(sys.argv[2])], True)
print("ended", flush=True)
"""


def test_an_engine_that_is_killed(engine: Engine, root: Path, proxy: Proxy) -> None:
    row = only_row(root)
    engine.close()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", FETCH, str(root), str(row.id)],
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        told = int(process.stdout.readline())
        process.kill()
        assert b"ended" not in process.stdout.read()
    (spooled,) = (root / "spool").iterdir()
    had = spooled.stat().st_size
    assert had >= told
    with closing(Engine(Profile(root))) as another:
        proxy.cut_after(len(RAW) - had + MIB)
        assert another.raw_message(row.id) == RAW
    assert not list((root / "spool").iterdir())


def test_the_command_line(root: Path, tmp_path: Path, dovecot: Dovecot) -> None:
    with closing(Engine(Profile(root))) as engine:
        engine.account_add(account(dovecot, dovecot.imap), "")
    cli = Cli(root)
    cli.ok("sync")
    number = str(cli.ok("list", "INBOX", "--json").rows[0]["id"])
    out = cli.ok("show", number).out
    assert f"Attachment 2: {FILE_NAME} (21 MB, on the server)" in out
    assert "Gartenfest" in out
    shown = cli.ok("show", number, "--json").rows[0]
    assert [one["here"] for one in shown["attachments"]] == [False, True]
    assert len(DATA) < shown["not_here"] < shown["size"] == len(RAW)
    names = cli.ok("save", number, "--to", str(tmp_path)).out.splitlines()
    assert [Path(name).name for name in names] == [FILE_NAME, "note.txt"]
    assert Path(names[0]).read_bytes() == DATA
    assert ", on the server" not in cli.ok("show", number).out
    # Nothing is left to be fetched, and with its last part it was put together.
    assert cli.ok("search", "--json", "--", "-is:here").rows == []
    assert cli.ok("download", number).out == "Everything is here already.\n"
    assert cli.ok("show", number, "--raw").raw == RAW
    for count in range(30):
        dovecot.deliver("ada", film(b"x" * (count + 1)))
    cli.ok("sync", "--headers-only")
    assert cli.ok("download", "--folder", "INBOX", "--json").rows == [
        {"fetched": 30, "not_here": 0}
    ]
    cli.refused("download", status=2)
    cli.refused("download", number, "--folder", "INBOX", status=2)
    assert "999" in cli.refused("download", "999")
    dovecot.deliver("ada", film(b"y"))
    cli.ok("sync", "--headers-only")
    dovecot.stop()
    cli.refused("download", "--folder", "INBOX")
