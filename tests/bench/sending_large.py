"""What a large attachment costs: memory at most, and time; ours beside smtplib with email.

Run: PYTHONPATH=app:tests python tests/bench/sending_large.py [MEGABYTES ...]
Each is a process of its own that attaches one file of noise and sends it to support.smtp_sink. Ours
keeps it in its store first, twice: the file, and the letter as it goes out.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.server import Protocol, Security, Server
from martlet.paths import Profile
from support.smtp_sink import Sink

MEGABYTE = 1_000_000
OFFERS = ("PIPELINING", "8BITMIME")


def ours(file: Path, port: int) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        engine = Engine(Profile(Path(folder)))
        server = Server(Protocol.SMTP, "127.0.0.1", port, Security.NONE, "")
        account = engine.account_add(
            Account(
                AccountId(0),
                "out",
                "ada@example.org",
                outgoing=server,
                secret=SecretSource.COMMAND,
                password_command="echo none",
            ),
            "",
        )
        begun = time.perf_counter()
        base = peak_mb()
        part = engine.attach_file(str(file))
        attached = time.perf_counter()
        engine.send(
            Draft(
                DraftId(0),
                account,
                to=(Address("", "bruno@example.org"),),
                subject="Large",
                text="Here.",
                parts=(part,),
            ),
            0.0,
        )
        queued = time.perf_counter()
        (report,) = engine.sync([account], False)
        assert not report.error, report.error
        told("ours", base, begun, (attached, queued))
        engine.close()


def theirs(file: Path, port: int) -> None:
    begun = time.perf_counter()
    base = peak_mb()
    message = EmailMessage()
    message["From"], message["To"] = "ada@example.org", "bruno@example.org"
    message["Subject"] = "Large"
    message.set_content("Here.")
    message.add_attachment(
        file.read_bytes(), maintype="application", subtype="octet-stream", filename=file.name
    )
    attached = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)
    told("smtplib", base, begun, (attached,))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def told(who: str, base: float, begun: float, steps: tuple[float, ...]) -> None:
    times = [begun, *steps, time.perf_counter()]
    parts = " + ".join(f"{b - a:.2f}" for a, b in itertools.pairwise(times))
    print(
        f"  {who:8} {peak_mb():7.0f} MB at most ({base:.0f} before), "
        f"{times[-1] - begun:6.2f} s ({parts})",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] in (["ours"], ["theirs"]):
        {"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        return
    sizes = [int(each) for each in sys.argv[1:]] or [10, 100, 500]
    with tempfile.TemporaryDirectory() as folder, Sink(*OFFERS) as sink:
        for size in sizes:
            file = Path(folder) / f"{size}.bin"
            noise = random.Random(size)
            with file.open("wb") as out:
                for _ in range(size):
                    out.write(noise.randbytes(MEGABYTE))
            print(f"{size} MB")
            for who in ("ours", "theirs"):
                command = [sys.executable, __file__, who, str(file), str(sink.port)]
                subprocess.run(command, check=True, env=os.environ)
            file.unlink()


if __name__ == "__main__":
    main()
