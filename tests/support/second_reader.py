"""Messages as MIME::Tools reads them (Debian: libmime-tools-perl): neither our code nor Python's.

One Perl process serves a whole run of tests. Why this one: decisions/0025.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_suffix(".pl")


@dataclass(frozen=True, slots=True)
class Node:
    """One part. body: its bytes decoded, None for a multipart."""

    type: str
    disposition: str
    name: str
    charset: str
    id: str
    body: bytes | None
    parts: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Read:
    """said: what it finds wrong. People are (name, address)."""

    said: tuple[str, ...]
    fields: tuple[str, ...]
    subject: str
    sender: tuple[tuple[str, str], ...]
    to: tuple[tuple[str, str], ...]
    cc: tuple[tuple[str, str], ...]
    tree: Node


class SecondReader:
    """The process; `read` asks it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["perl", str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read(self, raw: bytes) -> Read:
        """What it makes of a message."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(b"%d\n" % len(raw) + raw)
        asked.flush()
        found = json.loads(answered.readline())
        return Read(
            tuple(found["said"]),
            tuple(found["fields"]),
            found["subject"],
            _people(found["from"]),
            _people(found["to"]),
            _people(found["cc"]),
            _node(found["tree"]),
        )

    def close(self) -> None:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.close()
        self._process.wait(30)
        answered.close()


@contextmanager
def second_reader() -> Iterator[SecondReader]:
    """The process, ended at last."""
    reader = SecondReader()
    try:
        yield reader
    finally:
        reader.close()


def _people(found: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, address) for name, address in found)


def _node(found: dict[str, Any]) -> Node:
    body = base64.b64decode(found["body"]) if "body" in found else None
    parts = tuple(_node(part) for part in found["parts"])
    return Node(
        found["type"],
        found["disposition"],
        found["name"],
        found["charset"],
        found["id"],
        body,
        parts,
    )
