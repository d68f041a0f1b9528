"""Taking files into a letter: what is none, what changes meanwhile, folders as zips, messages."""

from __future__ import annotations

import contextlib
import io
import os
import random
import socket
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.attaching import Attaching, attached
from martlet.engine.zipping import Zipped
from martlet.mail.changes import Change, TakingIn
from martlet.mail.errors import Refused, StoreError
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutgoingPart
from martlet.mime.headers import Headers
from martlet.store.blobs import Blobs

NOISE = random.Random(3).randbytes(5 << 20)
posix = pytest.mark.skipif(os.name == "nt", reason="a file system of POSIX")


class Desk:
    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.home.mkdir()
        self.blobs = Blobs(root / "profile")
        self.store = root / "profile" / "blobs"
        self.told: list[Change] = []
        self.on_tell: list[Path] = []
        self.attaching = Attaching(
            self.blobs, self.blob, self._tell, root / "open", own=self.own, largest=8 << 20
        )

    def blob(self, message_id: MessageId) -> str:
        subject = {1: b"Lunch / dinner?", 2: b"=?utf-8?b?5Y2I6aWt?=", 3: b""}[message_id]
        raw = b"Subject: " + subject + b"\r\nFrom: a@b.example\r\n\r\nhello\r\n"
        return self.blobs.put(raw)

    def own(self, message_id: MessageId, headers: Headers) -> bool:
        return False

    def _tell(self, change: Change) -> None:
        self.told.append(change)
        for path in self.on_tell:
            with path.open("ab") as file:
                file.write(b"more")

    def bytes_of(self, part: OutgoingPart) -> bytes:
        data = self.blobs.get(part.blob)
        assert data is not None
        return data

    def zip_of(self, part: OutgoingPart) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.bytes_of(part)))

    def left(self) -> list[str]:
        return sorted(path.name for path in self.store.rglob("*") if path.is_file())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.blobs.close()


def refused(desk: Desk, path: Path) -> str:
    with pytest.raises(Refused) as caught:
        desk.attaching.file(str(path))
    assert not desk.left()
    said = caught.value.summary
    assert said.endswith(".")
    assert said.isprintable()
    return said


def test_a_file_is_taken_as_it_is(desk: Desk) -> None:
    file = desk.home / "报告.PDF"
    file.write_bytes(NOISE)
    part = desk.attaching.file(str(file), "t")
    assert (part.name, part.content_type, part.size) == (
        "报告.PDF",
        "application/pdf",
        len(NOISE),
    )
    file.unlink()
    assert desk.bytes_of(part) == NOISE
    first = desk.told[0]
    assert isinstance(first, TakingIn)
    assert (first.ticket, first.total) == ("t", len(NOISE))
    assert 0 < first.done <= first.total
    (desk.home / "letter.eml").write_bytes(b"Subject: x\n\ny\n")
    assert desk.attaching.file(str(desk.home / "letter.eml")).content_type == "message/rfc822"


@posix
def test_what_is_no_file_is_one_sentence(desk: Desk) -> None:
    home = desk.home
    os.mkfifo(home / "pipe")
    (home / "broken").symlink_to(home / "nowhere")
    (home / "loop").symlink_to(home / "loop")
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(home):
        listening.bind("socket")  # the whole path would be too long for it
        assert "could not be read" in refused(desk, home / "socket")
    assert refused(desk, home / "pipe") == "pipe is no file but a device or a pipe."
    assert refused(desk, Path("/dev/zero")) == "zero is no file but a device or a pipe."
    assert refused(desk, home) == "home is a folder. Attach it as a zip file instead."
    assert refused(desk, home / "broken") == "broken is a link to a file that is not there."
    assert "loop" in refused(desk, home / "loop")
    assert refused(desk, home / "gone") == "The file gone is not there any more."
    refused(desk, home / "nul\0inside")
    assert refused(desk, Path("~nosuchuser/x")) == "The file x is not there any more."
    refused(desk, Path("~no\0body/x"))
    for long in ("a" * 300 + ".pdf", "a/" * 3000 + "b", "a" * 5000):
        assert refused(desk, home / long).endswith(" is not there any more.")
    (home / "sparse").touch()
    os.truncate(home / "sparse", 1 << 40)
    assert refused(desk, home / "sparse") == "sparse is too large to be sent by mail."
    # No bytes stand in /proc's rows of files, and yet there are some.
    assert "changed" in refused(desk, Path("/proc/self/status"))


@contextlib.contextmanager
def as_stranger() -> Iterator[None]:
    """Root may enter any folder."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@posix
def test_a_folder_that_may_not_be_entered_is_one_sentence(desk: Desk) -> None:
    closed = desk.home / "closed"
    closed.mkdir()
    (closed / "a.txt").touch()
    closed.chmod(0)
    take, pack = desk.attaching.file, desk.attaching.folder
    address = (closed / "a.txt").as_uri()
    for ask, asked, said in (
        (take, str(closed / "a.txt"), "The file a.txt could not be read."),
        (take, address, "The file a.txt could not be read."),
        (pack, str(closed), "The folder closed could not be read."),
        (pack, str(closed / "a.txt"), "The folder a.txt could not be read."),
    ):
        with as_stranger(), pytest.raises(Refused) as caught:
            ask(asked)
        assert caught.value.summary == said
    closed.chmod(0o700)
    assert not desk.left()


def test_an_empty_file_is_a_file(desk: Desk) -> None:
    (desk.home / "__init__.py").touch()
    assert desk.attaching.file(str(desk.home / "__init__.py")).size == 0


def test_a_file_that_grows_meanwhile_is_refused(desk: Desk) -> None:
    file = desk.home / "download.iso"
    file.write_bytes(NOISE)
    desk.on_tell = [file]
    with pytest.raises(Refused, match="changed while it was read"):
        desk.attaching.file(str(file), "t")
    assert not desk.left()


def test_one_that_is_stopped_leaves_nothing(desk: Desk) -> None:
    file = desk.home / "film.mkv"
    file.write_bytes(NOISE)
    desk.attaching.stop("t")
    with pytest.raises(Refused, match="taken out"):
        desk.attaching.file(str(file), "t")
    assert not desk.left()
    assert desk.attaching.file(str(file), "u").size == len(NOISE)


@posix
def test_a_folder_is_zipped(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("not yours")
    folder = desk.home / "Übersicht 概要"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "a.txt").write_text("hello " * 1000)
    (folder / "deep" / "er" / "图.png").write_bytes(NOISE[:300_000])
    (folder / ".hidden").write_text("x")
    (folder / "inside").symlink_to("a.txt")
    (folder / "outside").symlink_to(outside)
    (folder / "up").symlink_to("..")
    (folder / "broken").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    with (folder / os.fsdecode(b"caf\xe9.txt")).open("w") as file:
        file.write("latin")
    os.utime(folder / "a.txt", (0, 0))
    part = desk.attaching.folder(str(folder), "t")
    assert part.name == "Übersicht 概要.zip"
    assert part.content_type == "application/zip"
    archive = desk.zip_of(part)
    assert archive.testzip() is None
    root = "Übersicht 概要/"
    assert sorted(archive.namelist()) == sorted(
        root + name
        for name in (
            ".hidden", "a.txt", "caf?.txt", "deep/er/图.png", "empty/", "inside",
        )
    )  # fmt: skip
    assert archive.read(f"{root}deep/er/图.png") == NOISE[:300_000]
    assert archive.read(f"{root}inside") == b"hello " * 1000
    assert all(entry.flag_bits & 0x800 for entry in archive.infolist())
    assert archive.getinfo(f"{root}a.txt").date_time[0] == 1980
    assert desk.told[-1] == TakingIn("t", 306_006 + 6_000, 306_006 + 6_000, left_out=4)


def test_folders_that_cannot_go(desk: Desk) -> None:
    folder = desk.home / "f"
    folder.mkdir()
    with pytest.raises(Refused, match="no file in the folder"):
        desk.attaching.folder(str(folder))
    (folder / "a").write_bytes(bytes(9 << 20))
    with pytest.raises(Refused, match="too large"):
        desk.attaching.folder(str(folder))
    with pytest.raises(Refused, match="not there any more"):
        desk.attaching.folder(str(desk.home / "gone"))
    with pytest.raises(Refused, match="not there any more"):
        desk.attaching.folder(str(folder / "a"))


@pytest.mark.parametrize("name", ["a", "b", "c", "new"])
def test_a_folder_that_changes_meanwhile_is_refused(desk: Desk, name: str) -> None:
    folder = desk.home / "f"
    folder.mkdir()
    for each in "abc":
        (folder / each).write_bytes(NOISE[: 2 << 20])
    desk.on_tell = [folder / name]
    with pytest.raises(Refused, match="changed while it was packed"):
        desk.attaching.folder(str(folder), "t")
    assert not desk.left()


def test_messages_are_called_by_their_subject(desk: Desk) -> None:
    names = [desk.attaching.message(MessageId(number)).name for number in (1, 2, 3)]
    assert names == ["Lunch _ dinner_.eml", "午饭.eml", "message.eml"]
    part = desk.attaching.message(MessageId(1))
    assert part.content_type == "message/rfc822"
    # It is the one that is here: nothing is copied.
    assert part.blob == desk.blob(MessageId(1))
    assert part.size == len(desk.bytes_of(part))


@posix
def test_private_copies_are_read_only_and_never_overwrite(desk: Desk) -> None:
    part = desk.attaching.bytes("../../evil\u202etxt.exe", "text/plain", b"hello")
    paths = [Path(desk.attaching.opened(part)) for _ in range(2)]
    assert paths[0] != paths[1]
    for path in paths:
        assert path.read_bytes() == b"hello"
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert path.parent.name == "letters"


def test_what_is_lost_is_named(desk: Desk) -> None:
    part = desk.attaching.bytes("plan.bin", "application/octet-stream", NOISE)
    (file,) = desk.store.rglob("*.zst")
    packed = file.read_bytes()
    file.write_bytes(packed[:1000] + bytes(9) + packed[1009:])
    with pytest.raises(StoreError, match=r"^plan\.bin cannot be read .* attach it again\."):
        read_through(desk.blobs, part)
    file.unlink()
    with pytest.raises(StoreError, match=r"^plan\.bin cannot be read"):
        desk.attaching.opened(part)


def read_through(blobs: Blobs, part: OutgoingPart) -> None:
    with attached(blobs, part) as stream:
        while stream.read(1 << 16):
            pass


def test_what_was_taken_in_is_read_as_any_stream(desk: Desk) -> None:
    part = desk.attaching.bytes("a.bin", "application/octet-stream", NOISE)
    with attached(desk.blobs, part) as stream:
        room = bytearray(10)
        assert isinstance(stream, io.BufferedIOBase)
        assert stream.readinto(room) == 10
        assert bytes(room) + stream.read() == NOISE


@posix
def test_a_folder_swapped_for_a_link_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    folder, outside = desk.home / "f", tmp_path / "outside"
    for each, words in ((folder / "sub", "mine"), (outside, "SECR")):
        each.mkdir(parents=True)
        (each / "a").write_text(words)
        os.utime(each / "a", ns=(10**18, 10**18))
    zipped = Zipped(folder, 1 << 20)
    away = desk.home / "away"
    (folder / "sub").rename(away)
    (folder / "sub").symlink_to(outside)

    def swap_back(_done: int) -> None:
        (folder / "sub").unlink()
        away.rename(folder / "sub")

    with pytest.raises(Refused, match="changed while it was packed"):
        b"".join(zipped.pieces(swap_back))
