"""Files that file managers give by address: names that are no text, and what lies elsewhere."""

from __future__ import annotations

import io
import os
import sys
import threading
import zipfile
from collections.abc import Callable, Generator
from pathlib import Path, PosixPath
from typing import Self
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.attaching import ANSWER_S, Attaching
from martlet.engine.file_address import located, shown
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.store.blobs import Blobs

posix = pytest.mark.skipif(sys.platform == "win32", reason="names are text there")


def taken(
    root: Path, mounts: Path | None = None, answer_s: float = ANSWER_S
) -> Callable[[str], tuple[str, bytes]]:
    blobs = Blobs(root / "profile")

    def no_message(_id: MessageId) -> str:
        raise AssertionError

    attaching = Attaching(
        blobs,
        no_message,
        lambda _: None,
        root,
        own=lambda *_: False,
        mounts=mounts,
        answer_s=answer_s,
    )

    def take(given: str) -> tuple[str, bytes]:
        part = attaching.file(given)
        return part.name, blobs.get(part.blob) or b""

    return take


@posix
@pytest.mark.parametrize(
    ("name", "called"),
    [
        (b"caf\xe9.txt", "caf_.txt"),
        ("报告.txt".encode("gbk"), "____.txt"),
        ("报告 50%.txt".encode(), "报告 50%.txt"),
        (b"back\\slash.txt", "back_slash.txt"),
        (b"a\nb.txt", "a b.txt"),
        ("gpj\u202e.exe".encode(), "gpj.exe"),
        ("می\u200cخواهم.txt".encode(), "می\u200cخواهم.txt"),
        ("👨\u200d👩\u200d👧.txt".encode(), "👨\u200d👩\u200d👧.txt"),
    ],
)
def test_names_of_any_bytes_are_taken(tmp_path: Path, name: bytes, called: str) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    Path(os.fsdecode(path)).write_bytes(b"inside")
    take = taken(tmp_path)
    assert take(f"file://{quote(path)}") == (called, b"inside")
    assert take(os.fsdecode(path)) == (called, b"inside")
    assert take(f"file://localhost{quote(path)}") == (called, b"inside")
    assert take(f"file:{quote(path)}") == (called, b"inside")


@posix
def test_a_folder_by_address_is_packed(tmp_path: Path) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"caf\xe9")
    os.mkdir(folder)
    Path(os.fsdecode(os.path.join(folder, b"\xff.txt"))).write_bytes(b"x")
    name, data = taken(tmp_path)(f"file://{quote(folder)}")
    assert name == "caf_.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.namelist() == ["caf?/?.txt"]


@posix
def test_what_is_said_of_such_a_file_is_text(tmp_path: Path) -> None:
    gone = tmp_path / os.fsdecode(b"caf\xe9\n\xe2\x80\xae.txt")
    with pytest.raises(Refused) as caught:
        taken(tmp_path)(str(gone))
    assert caught.value.summary == "The file caf\ufffd .txt is not there any more."
    with pytest.raises(Refused) as caught:
        taken(tmp_path)(str(gone.parent / os.fsdecode(b"\xff") / "x"))
    caught.value.summary.encode()
    assert shown(gone) == "caf\ufffd .txt"


@pytest.mark.parametrize(
    ("folder", "address"),
    [
        ("gvfs/smb-share:server=nas,share=docs", "smb://NAS/Docs/a%20b/%E6%8A%A5.txt"),
        ("gvfs/smb-share:server=nas,share=docs,user=bob", "smb://bob@nas/docs/a%20b/报.txt"),
        ("gvfs/sftp:host=srv.example,user=ada", "sftp://ada@srv.example/a%20b/%E6%8A%A5.txt"),
        ("gvfs/dav:host=cloud.example,ssl=true,prefix=%2Fremote.php%2Fdav",
         "davs://cloud.example/remote.php/dav/a%20b/%E6%8A%A5.txt"),
        ("gvfs/mtp:host=Pixel_7", "mtp://Pixel_7/a%20b/%E6%8A%A5.txt"),
        ("kio-fuse-XyZ/smb/nas/docs", "smb://nas/docs/a%20b/%E6%8A%A5.txt"),
    ],
)  # fmt: skip
def test_what_is_elsewhere_is_found_where_it_is_shown(
    tmp_path: Path, folder: str, address: str
) -> None:
    place = tmp_path / folder / "a b"
    place.mkdir(parents=True)
    (place / "报.txt").write_bytes(b"far")
    assert located(address, tmp_path) == place / "报.txt"


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("ftp://bob@h/a.txt", "user=bob"),
        ("ftp://alice@h/a.txt", "user=alice"),
        ("ftp://h/a.txt", ""),
        ("ftp://eve@h/a.txt", ""),
        ("ftp://h:21/a.txt", ""),
        ("ftp://h:2121/a.txt", "port=2121"),
        ("ftp://b%40b@h:2121/a.txt", "port=2121,user=b%40b"),
        ("smb://WORK;bob@h/docs/a.txt", "share=docs,user=bob"),
    ],
)
def test_of_a_server_only_the_account_that_is_named_is_meant(
    tmp_path: Path, address: str, whose: str
) -> None:
    shown_here = ["", "user=alice", "user=bob", "port=2121", "port=2121,user=b%40b"]
    folders = [f"ftp:host=h,{facts}".rstrip(",") for facts in shown_here]
    folders += [f"smb-share:server=h,share=docs,user={user}" for user in ("alice", "bob")]
    for folder in folders:
        place = tmp_path / "gvfs" / folder
        place.mkdir(parents=True)
        (place / "a.txt").touch()
    assert located(address, tmp_path).parent.name.partition(":")[2].partition(",")[2] == whose


def test_another_s_file_is_not_taken_for_it(tmp_path: Path) -> None:
    for facts in ("user=alice", "port=2121"):
        place = tmp_path / "gvfs" / f"ftp:host=h,{facts}"
        place.mkdir(parents=True)
        (place / "a.txt").touch()
    for address in ("ftp://bob@h/a.txt", "ftp://h:2122/a.txt"):
        with pytest.raises(Refused):
            located(address, tmp_path)


@posix
def test_names_of_any_bytes_are_found_on_shares(tmp_path: Path) -> None:
    place = tmp_path / "gvfs/smb-share:server=nas,share=docs"
    place.mkdir(parents=True)
    file = place / os.fsdecode(b"caf\xe9.txt")
    file.touch()
    assert located("smb://nas/docs/caf%E9.txt", tmp_path) == file
    with pytest.raises(Refused, match=r"^gr\ufffdn.txt is not on this computer\."):
        located("smb://nas/docs/gr%FCn.txt", tmp_path)


def test_a_name_may_begin_like_an_address(tmp_path: Path) -> None:
    assert located("file:x.txt", None) == Path("file:x.txt")
    assert located("FILE:/x.txt", None) == Path("/x.txt")
    for wrong in ("sftp://h:99999/x", "sftp://h/\ud800"):
        with pytest.raises(Refused, match="cannot be read"):
            located(wrong, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "smb://nas/docs/x.pdf",
        "smb://nas/../../etc/passwd",
        "sftp://srv.example/%2e%2e/%2e%2e/secret",
        "https://x.example/a.png",
        "file://otherhost/etc/passwd",
        "smb://[broken/x",
        "trash:///x",
        "smb://",
    ],
)
def test_what_is_not_here_is_said_so(tmp_path: Path, address: str) -> None:
    (tmp_path / "gvfs/smb-share:server=nas,share=docs").mkdir(parents=True)
    (tmp_path / "gvfs/sftp:host=srv.example").mkdir()
    (tmp_path / "secret").write_text("not theirs")
    with pytest.raises(Refused) as caught:
        located(address, tmp_path)
    assert caught.value.summary.endswith(".")
    with pytest.raises(Refused):
        located(address, None)


@posix
def test_a_mount_that_hangs_is_left_behind(tmp_path: Path) -> None:
    """Its camera was unplugged; files of this computer are taken all the same."""
    back = threading.Event()

    class Camera(PosixPath):
        def iterdir(self) -> Generator[Self, None, None]:
            back.wait()
            return super().iterdir()

    place = tmp_path / "gvfs/mtp:host=camera"
    place.mkdir(parents=True)
    (place / "a.txt").write_bytes(b"far")
    (tmp_path / "b.txt").write_bytes(b"near")
    take = taken(tmp_path, mounts=Camera(tmp_path), answer_s=0.05)
    for _ in range(2):
        with pytest.raises(Refused, match="does not answer"):
            take("mtp://camera/a.txt")
    assert take(f"file://{tmp_path}/b.txt") == ("b.txt", b"near")
    assert take(f"FILE://{tmp_path}/b.txt") == ("b.txt", b"near")
    back.set()
    unhurried = taken(tmp_path / "2", mounts=Camera(tmp_path))
    assert unhurried("mtp://camera/a.txt") == ("a.txt", b"far")


def test_a_long_name_is_told_by_its_begin_and_end(tmp_path: Path) -> None:
    (tmp_path / "gvfs/smb-share:server=nas,share=docs").mkdir(parents=True)
    assert len(shown(Path("a" * 5000))) == 80
    assert shown(Path("a" * 200 + " of May.pdf")).endswith("aaa of May.pdf")
    assert shown(Path("a" * 80)) == "a" * 80
    with pytest.raises(Refused, match=r"^.{40,140}$"):
        located("smb://nas/docs/" + "x" * 5000, tmp_path)


@given(st.text(max_size=60))
def test_any_address_is_a_path_or_refused(text: str) -> None:
    try:
        found = located(f"smb://{text}", Path("/nowhere"))
    except Refused as error:
        error.summary.encode()
    else:
        raise AssertionError(found)
