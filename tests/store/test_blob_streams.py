"""Blobs that come in pieces: the same as in one, whole or not there, and checked as they go."""

from __future__ import annotations

import hashlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.engine import Engine
from martlet.mail.errors import Refused, StoreError
from martlet.paths import Profile
from martlet.store.blob_stream import LARGE
from martlet.store.blobs import PIECE, Blobs

APP = Path(__file__).parents[2] / "app"
NOISE = random.Random(11).randbytes(3 * LARGE + 17)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Blobs:
    return Blobs(tmp_path_factory.mktemp("blobs"))


def left(root: Path) -> list[str]:
    """Files beside the table."""
    return sorted(path.name for path in (root / "blobs").rglob("*") if path.is_file())


def read_through(blobs: Blobs, key: str) -> None:
    stream = blobs.open(key)
    assert stream is not None
    with stream:
        while stream.read(PIECE):
            pass


@given(pieces=st.lists(st.binary(max_size=2000), max_size=8))
def test_pieces_are_the_whole(shared: Blobs, pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    key, size = shared.put_pieces(pieces)
    assert (key, size) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert shared.put_stream(io.BytesIO(whole)) == (key, size)
    assert shared.put(whole) == key
    assert shared.get(key) == whole


@pytest.mark.parametrize("size", [LARGE - 1000, LARGE, 3 * LARGE + 17])
def test_a_large_stream_is_a_file(tmp_path: Path, size: int) -> None:
    blobs = Blobs(tmp_path)
    data = NOISE[:size]
    key, count = blobs.put_stream(io.BytesIO(data), durable=True)
    assert (key, count) == (blobs.put(data), size)
    assert left(tmp_path) in ([], [f"{key}.zst"])
    assert bool(left(tmp_path)) == (size >= LARGE)
    assert blobs.get(key) == data
    stream = blobs.open(key)
    assert stream is not None
    with stream:
        assert b"".join(iter(lambda: stream.read(4096), b"")) == data
    blobs.close()


def test_zeros_stay_small_however_many(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    key, size = blobs.put_pieces(bytes(PIECE) for _ in range(64))
    assert size == 64 * PIECE
    assert left(tmp_path) == []
    stream = blobs.open(key)
    assert stream is not None
    with stream:
        assert sum(map(len, iter(lambda: stream.read(PIECE), b""))) == size
    blobs.close()


@pytest.mark.parametrize(
    ("error", "seen"), [(Refused("It changed."), Refused), (OSError(5, "gone"), StoreError)]
)
def test_what_breaks_off_leaves_nothing(
    tmp_path: Path, error: Exception, seen: type[Exception]
) -> None:
    blobs = Blobs(tmp_path)

    def pieces() -> Iterator[bytes]:
        yield NOISE
        assert any(name.endswith(".part") for name in left(tmp_path))
        raise error

    with pytest.raises(seen):
        blobs.put_pieces(pieces())
    assert left(tmp_path) == []
    assert blobs.get(hashlib.sha256(NOISE).hexdigest()) is None
    blobs.close()


_FULL = """
import random, resource, signal, sys
from pathlib import Path
from martlet.mail.errors import StoreError
from martlet.store.blobs import Blobs

blobs = Blobs(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))
noise = random.Random(5)
try:
    blobs.put_pieces((noise.randbytes(1 << 20) for _ in range(9)), durable=True)
except StoreError as error:
    print(error.summary)
"""


@pytest.mark.skipif(os.name == "nt", reason="limits")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "The disk is full: the mail store cannot be written.\n"
    assert left(tmp_path) == []


_KILLED = """
import random, sys
from pathlib import Path
from martlet.store.blobs import Blobs

blobs = Blobs(Path(sys.argv[1]))
noise = random.Random(5)
def pieces():
    for number in range(50):
        yield noise.randbytes(1 << 20)
        print(number, flush=True)
while True:
    print(*blobs.put_pieces(pieces(), durable=True), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("until", ["0", "7", "49"])
def test_killed_in_between_it_is_collected(tmp_path: Path, until: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(APP)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == until:
                child.send_signal(signal.SIGKILL)
                break
    blobs = Blobs(tmp_path)
    assert blobs.collect(set()) == 0
    young = left(tmp_path)
    blobs.collect(set(), older_than_s=-1)
    assert left(tmp_path) == []
    assert young or until == "0"
    blobs.close()


def test_what_a_kill_cut_off_goes_at_the_next_start(tmp_path: Path) -> None:
    here, cut_off = tmp_path / "here", tmp_path / "cut off"
    blobs = Blobs(here)
    key, _ = blobs.put_stream(io.BytesIO(NOISE))

    def pieces() -> Iterator[bytes]:
        yield random.Random(12).randbytes(2 * LARGE)
        shutil.copytree(here, cut_off)
        (cut_off / "blobs" / key[:2] / f"{'ab' * 32}.1-1.part").write_bytes(b"x")

    blobs.put_pieces(pieces())
    blobs.close()
    assert len(left(cut_off)) == 3
    Engine(Profile(cut_off)).close()
    assert left(cut_off) == [f"{key}.zst"]


def test_collecting_spares_what_a_row_names(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    key, _ = blobs.put_stream(io.BytesIO(NOISE))
    orphan = tmp_path / "blobs" / "ab"
    orphan.mkdir(exist_ok=True)
    (orphan / f"{'ab' * 32}.zst").write_bytes(b"x")
    blobs.collect({key}, older_than_s=-1)
    assert left(tmp_path) == [f"{key}.zst"]
    assert blobs.get(key) == NOISE
    blobs.close()


@pytest.mark.parametrize("how", ["cut", "changed", "gone", "other"])
def test_damage_is_told_at_the_end_at_the_latest(tmp_path: Path, how: str) -> None:
    blobs = Blobs(tmp_path)
    key, _ = blobs.put_stream(io.BytesIO(NOISE))
    other, _ = blobs.put_stream(io.BytesIO(NOISE[1:]))
    (file,) = (tmp_path / "blobs").rglob(f"{key}.zst")
    (twin,) = (tmp_path / "blobs").rglob(f"{other}.zst")
    packed = file.read_bytes()
    if how == "cut":
        file.write_bytes(packed[: len(packed) // 2])
    elif how == "changed":
        file.write_bytes(packed[:-100] + bytes(50) + packed[-50:])
    elif how == "other":
        file.write_bytes(twin.read_bytes())
    else:
        file.unlink()
    with pytest.raises(StoreError, match="damaged"):
        read_through(blobs, key)
    # Taken in once more it is whole again.
    assert blobs.put_stream(io.BytesIO(NOISE))[0] == key
    assert blobs.get(key) == NOISE
    blobs.close()
