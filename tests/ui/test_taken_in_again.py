"""Files on their way while an engine ends and the next one comes, over real lines."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from link.fake_engine import FakeEngine
from martlet.link.client import greet
from martlet.link.host import Host
from martlet.link.messages import AttachFile
from martlet.mail.outgoing import OutgoingPart
from martlet.paths import Profile
from martlet.ui.compose.files.attachments import AttachmentBar
from martlet.ui.compose.files.taking import Taking
from martlet.ui.link import EngineLink


class Attaching(FakeEngine):
    """Takes files in when `go` is set."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self.begun = threading.Semaphore(0)

    def attach_file(self, path: str, ticket: str) -> OutgoingPart:
        self.begun.release()
        self.go.wait()
        return OutgoingPart(Path(path).name, "text/plain", 5, "0" * 64)


def test_what_one_engine_began_the_next_one_takes_in(qtbot: QtBot, tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    profile.create()
    first, then = Attaching(profile), Attaching(profile)
    then.go.set()
    host = Host(profile, first)
    window = QWidget()
    qtbot.addWidget(window)
    link = EngineLink(lambda: greet(profile, lasting=True))
    bar = AttachmentBar(window)
    taking = Taking(link, bar, window)
    said: list[str] = []
    arrived: list[str] = []
    taking.refused.connect(said.append)
    taking.arrived.connect(lambda part: arrived.append(part.name))
    qtbot.waitUntil(lambda: not link.away)
    for name in ("a.bin", "b.bin"):
        taking.ask(AttachFile(f"/x/{name}", taking.ticket()), bar.add(name, 5))
    for _ in range(2):
        assert first.begun.acquire(timeout=10)
    host.close()
    host = Host(profile, then)
    qtbot.waitUntil(lambda: len(arrived) == 2 or bool(said))
    assert said == []
    assert sorted(arrived) == ["a.bin", "b.bin"]
    link.close()
    first.close()
    host.close()
