"""Where a file lies that a file manager gives by its address (RFC 8089, 3986), not by its path.

A name that is no UTF-8 has no path that could be said in text. What lies on a share, a camera or
another computer is where GNOME's or KDE's file systems show it here (gvfs, kio-fuse), if they do.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit

from martlet.mail.errors import Refused
from martlet.mail.visible import visible
from martlet.paths import expanded

_LONGEST = 80
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|file:/", re.IGNORECASE)
_PORTS = {"ftp": 21, "ftps": 990, "sftp": 22, "dav": 80, "davs": 443, "smb": 445}


def is_address(given: str) -> bool:
    """Whether this is no path."""
    return _ADDRESS.match(given) is not None


def is_far(given: str) -> bool:
    """Whether this is the address of what lies elsewhere, or on a device: to look there may take
    for ever."""
    return is_address(given) and given[:5].lower() != "file:"


def located(given: str, mounts: Path | None) -> Path:
    """The path of what was given by its path or its address.

    mounts: where the file systems of this session are shown, XDG_RUNTIME_DIR. Refused for what is
    not on this computer.
    """
    if not is_address(given):
        return expanded(given)
    try:
        parts = urlsplit(given)
        path = os.fsdecode(unquote_to_bytes(os.fsencode(parts.path)))
        host = (parts.hostname or "").lower()
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused("This address of a file cannot be read.", visible(given[:200])) from error
    if parts.scheme == "file":
        if host in ("", "localhost", platform.node().lower()):
            return Path(path)
    elif mounts is not None:
        # What a path says of going up is not taken from an address.
        inside = PurePosixPath("/", *(p for p in path.split("/") if p != ".."))
        for place in _places(parts, port, inside, mounts):
            if os.path.exists(place):
                return place
    name = shown(Path(path)) or _short(host) or parts.scheme
    raise Refused(
        f"{name} is not on this computer. Copy it here, then attach it.", f"{parts.scheme}://{host}"
    )


def shown(file: Path) -> str:
    """Its name as people may read it: one short line, what is no text as a sign that says so."""
    return _short(os.fsencode(file.name).decode("utf-8", "replace"))


def _short(name: str) -> str:
    """For a sentence: a long name's begin and end."""
    line = visible(name)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 21]}…{line[-20:]}"


def _places(parts: SplitResult, port: int, inside: PurePosixPath, mounts: Path) -> Iterator[Path]:
    within = inside.relative_to("/")
    for mount, facts in _mounted(parts, port, mounts / "gvfs"):
        kind = mount.name.partition(":")[0]
        if kind == "smb-share" and parts.scheme == "smb":
            share, _, rest = str(within).partition("/")
            if facts.get("share", "").lower() == share.lower():
                yield mount / rest
        elif kind.removesuffix("s") == parts.scheme.removesuffix("s"):
            yield mount / within
            prefix = facts.get("prefix", "")
            if prefix and inside.is_relative_to(prefix):
                yield mount / inside.relative_to(prefix)
    for mount in _listed(mounts):
        if mount.name.startswith("kio-fuse-"):
            yield mount / parts.scheme / parts.netloc / within


def _mounted(parts: SplitResult, port: int, folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """What is mounted of this server, and what is known of it: this user's first, then what does
    not say whose it is. Another's file of the same name is not meant."""
    host = (parts.hostname or "").lower()
    user = unquote(parts.username or "").rpartition(";")[2]  # smb has its domain before it
    usual = str(_PORTS.get(parts.scheme, 0))
    found: list[tuple[Path, dict[str, str]]] = []
    for mount in _listed(folder):
        said = mount.name.partition(":")[2].split(",")
        facts = {key: unquote(value) for key, _, value in (fact.partition("=") for fact in said)}
        same_host = facts.get("server", facts.get("host", "")).lower() == host
        same_port = facts.get("port", usual) == str(port)
        if same_host and same_port and (not user or facts.get("user", user) == user):
            found.append((mount, facts))
    return sorted(found, key=lambda one: one[1].get("user", "") != user)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # not there: nothing is shown
        return []
