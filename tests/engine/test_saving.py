"""Attachments as files: under safe names, in private places, never over anything, never to run."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.engine import Engine
from martlet.engine.saving import write_new
from martlet.mail.errors import Refused, StoreError
from martlet.mime.filenames import safe_filename
from support.shelf import Shelf


def letter(*names: str) -> bytes:
    made = EmailMessage()
    made["From"] = "a@example.org"
    made.set_content("text")
    for name in names:
        made.add_attachment(b"#!/bin/sh\n", maintype="application", subtype="x", filename=name)
    return made.as_bytes()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "profile")


@pytest.fixture
def engine(shelf: Shelf) -> Iterator[Engine]:
    made = Engine(shelf.profile)
    yield made
    made.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_what_is_opened_is_private_and_can_be_neither_changed_nor_run(
    shelf: Shelf, engine: Engine
) -> None:
    message = shelf.put(letter("run.sh"))
    # A folder that somebody made wider is narrowed again.
    shelf.profile.open_folder.mkdir(parents=True, exist_ok=True)
    shelf.profile.open_folder.chmod(0o755)
    path, again = (Path(engine.open_part(message, "2")) for _ in range(2))
    assert path.read_bytes() == b"#!/bin/sh\n"
    assert mode(path) == 0o400
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    assert (path.name, again.name) == ("run.sh", "run (2).sh")


def test_copies_are_gone_at_the_next_start(shelf: Shelf, engine: Engine) -> None:
    message = shelf.put(letter("run.sh"))
    # Windows lets nobody remove a file that is read-only.
    path = Path(engine.open_part(message, "2"))
    engine.close()
    Engine(shelf.profile).close()
    assert not path.exists()
    assert list(shelf.profile.open_folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_a_link_among_them_goes_alone(shelf: Shelf, engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"x")
    kept.chmod(0o444)
    path = Path(engine.open_part(shelf.put(letter("run.sh")), "2"))
    link = path.with_name("link")
    link.symlink_to(kept)
    engine.close()
    Engine(shelf.profile).close()
    assert not link.is_symlink()
    assert (kept.read_bytes(), mode(kept)) == (b"x", 0o444)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "..\\..\\x.txt", "..", ".", ".bashrc", "a\x00b", "CON.txt",
     "a\u202egnp.exe", "x" * 10_000 + ".pdf", "\u4f60" * 300 + ".txt", "~/x", "C:\\x", " "],
)  # fmt: skip
def test_names_lead_nowhere(shelf: Shelf, engine: Engine, name: str, tmp_path: Path) -> None:
    raw = letter("plain").replace(b'filename="plain"', b'filename="%s"' % name.encode())
    message = shelf.put(raw)
    out = tmp_path / "out"
    out.mkdir()
    for _ in range(3):
        path = Path(engine.save_part(message, "2", str(out)))
        assert path.parent == out
        assert not path.name.startswith(".")
    assert len(list(out.iterdir())) == 3
    opened = Path(engine.open_part(message, "2"))
    assert opened.parent.parent == shelf.profile.open_folder


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "a.txt").symlink_to(target)
    path = write_new(tmp_path, "a.txt", b"x")
    assert path.name == "a (2).txt"
    assert not target.exists()


def test_where_nothing_can_be_written_it_is_said(shelf: Shelf, engine: Engine) -> None:
    message = shelf.put(letter("a.txt"))
    with pytest.raises(StoreError, match="could not be saved"):
        engine.save_part(message, "2", str(shelf.profile.root / "nowhere"))
    with pytest.raises(Refused):
        engine.save_part(message, "7", str(shelf.profile.root))
    (shelf.profile.open_folder).parent.mkdir(exist_ok=True)
    if shelf.profile.open_folder.exists():
        shelf.profile.open_folder.rmdir()
    shelf.profile.open_folder.write_text("in the way")
    with pytest.raises(StoreError):
        engine.open_part(message, "2")
    shelf.profile.open_folder.unlink()


@given(name=st.text(max_size=300), times=st.integers(1, 3))
def test_any_name_is_written_as_often_as_wanted(
    tmp_path_factory: pytest.TempPathFactory, name: str, times: int
) -> None:
    folder = tmp_path_factory.mktemp("out")
    safe = safe_filename(name, "text/plain")
    made = [write_new(folder, safe, b"x", 0o400) for _ in range(times)]
    assert {path.parent for path in made} == {folder}
    assert len(set(made)) == len(list(folder.iterdir())) == times
