"""Large letters: killed while they are built they are still drafts; an upload to a folder that
cannot be read to its end puts nothing there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.link import messages
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.changes import Change, TakingIn
from martlet.mail.letter_size import SizeLimit
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.paths import Profile
from martlet.store import size_limits
from martlet.store.database import Database
from martlet.store.reader import Reader

SENT = """
import sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.link import messages
from martlet.link.start import connect
from martlet.paths import Profile
from martlet.store.reader import Reader

engine = Engine(Profile(Path(sys.argv[1])))
(draft,) = Reader(Path(sys.argv[1])).drafts()
print("begun", flush=True)
engine.send(draft, 0.0)
print("queued", flush=True)
sys.stdin.read()
"""
SERVER = Server(Protocol.SMTP, "Mail.Example.org", 465, Security.TLS, "ada")
ACCOUNT = Account(AccountId(0), "out", "ada@example.org", outgoing=SERVER, secret=SecretSource.ASK)


def beside(root: Path) -> list[Path]:
    return [path for path in (root / "blobs").iterdir() if path.suffix == ".part"]


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("until", ["begun", "half", "queued"])
def test_killed_while_it_is_built(tmp_path: Path, until: str) -> None:
    root = tmp_path / "profile"
    file = tmp_path / "film.mkv"
    noise = random.Random(8)
    with file.open("wb") as out:
        for _ in range(24):
            out.write(noise.randbytes(1_000_000))
    engine = Engine(Profile(root))
    account = engine.account_add(ACCOUNT, "secret")
    part = engine.attach_file(str(file))
    draft = Draft(
        DraftId(0), account, (Address("", "bruno@example.org"),), subject="Film", parts=(part,)
    )
    engine.save_draft(draft)
    engine.close()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", SENT, str(root)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        if until == "half":
            while not beside(root):
                assert child.poll() is None
        elif until == "queued":
            assert child.stdout.readline() == "queued\n"
        child.kill()
        child.wait()
    engine = Engine(Profile(root))
    reader = Reader(root)
    waiting, drafts = reader.outbox(), reader.drafts()
    # It is a draft or it waits to be sent: never both, never neither.
    assert len(waiting) + len(drafts) == 1
    assert bool(waiting) == (until == "queued")
    kept = waiting[0].size if waiting else drafts[0].parts[0].size
    assert kept >= 24_000_000
    engine.tidy()
    engine.close()
    reader.close()


def test_what_a_server_takes_is_remembered(tmp_path: Path) -> None:
    engine = Engine(Profile(tmp_path))
    account = engine.account_add(ACCOUNT, "secret")
    reader = Reader(tmp_path)
    assert reader.size_limit(account) == SizeLimit()
    database = Database(tmp_path)
    for limit in (SizeLimit(35_000_000), SizeLimit(25_000_000, sure=True), SizeLimit(0)):
        with database.write() as tx:
            size_limits.remember(tx, SERVER, limit, 1.0)
        assert reader.size_limit(account) == limit
        assert reader.size_limit(account, 99) == limit
    assert reader.size_limit(AccountId(77)) == SizeLimit()
    database.close()
    reader.close()
    engine.close()


def test_a_window_hears_how_far_a_file_is(tmp_path: Path) -> None:
    """Over the link, as the window asks it."""
    file = tmp_path / "film.mkv"
    file.write_bytes(bytes(3_000_000))
    heard: list[Change] = []
    client = connect(Profile(tmp_path / "profile"))
    client.on_change = heard.append
    part = client.call(messages.AttachFile(str(file), "ticket"))
    told = [change for change in heard if isinstance(change, TakingIn)]
    assert told[0].ticket == "ticket"
    assert told[0].total == part.size == 3_000_000
    path = Path(client.call(messages.OpenAttached(part)))
    assert path.read_bytes() == bytes(3_000_000)
    client.call(messages.StopAttaching("ticket"))
    client.call(messages.Shutdown())
    client.close()
