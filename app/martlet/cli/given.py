"""What letters are made of, as it is given on a command line: people, words, files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from martlet.cli.context import Usage
from martlet.link.client import Asker
from martlet.link.messages import AttachFile, AttachFolder
from martlet.mail.errors import Refused
from martlet.mail.message import Address
from martlet.mail.outgoing import OutgoingPart
from martlet.mail.typed import parse_typed
from martlet.paths import expanded

STDIN = "-"
FILES = "a file; a folder goes as one zip file"


def people(option: str, given: Iterable[str]) -> list[Address]:
    """Raises Usage: one is not an address."""
    found = []
    for text in given:
        for one in parse_typed(text):
            if not one.valid:
                raise Usage(f"--{option}: {one.written!r} is not an e-mail address")
            found.append(one.address)
    return found


def words(text: str) -> str:
    """The text, or for `-` all that stdin says. Raises Refused: that is not UTF-8.

    Nothing is guessed: what was guessed wrong would be sent before anybody saw it.
    """
    if text != STDIN:
        return text
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("The text on stdin is not UTF-8; iconv can make it so.") from error


def files(given: Iterable[str]) -> list[Path]:
    """Raises Usage or Refused: one is not there."""
    found = []
    for name in given:
        if not name:
            raise Usage("--attach: give the name of a file")
        path = expanded(name).absolute()
        if not os.path.exists(path):
            raise Refused(f"There is no file {path}.")
        found.append(path)
    return found


def attached(client: Asker, paths: Iterable[Path]) -> tuple[OutgoingPart, ...]:
    """These kept as files of a letter, in their order."""
    return tuple(
        client.call(AttachFolder(str(path)) if path.is_dir() else AttachFile.of(path))
        for path in paths
    )
